"""Two hosts within this machine: network namespaces, each linked to this machine, and to each other by a switch that can be cut."""
import os
import re
import subprocess

from node import free_port, run


class Hosts:
    """Hosts 0 and 1. This machine reaches them at `addresses`, they reach this machine at `machine`, each other at `buses`.

    Needs root and iproute2. What is sent over a switch that is cut is dropped, without a word.
    """

    def __init__(self):
        self.tag = f"sluice{os.getpid()}"
        block = os.getpid() % 8192 * 2
        fours = [(f"198.18.{(block + host) // 64}", (block + host) % 64 * 4) for host in (0, 1)]
        self.machine = [f"{net}.{four + 1}" for net, four in fours]
        self.addresses = [f"{net}.{four + 2}" for net, four in fours]
        self.buses = ["198.19.0.1", "198.19.0.2"]
        self.spaces = [f"{self.tag}h{host}" for host in (0, 1)]
        self.middle = f"{self.tag}s"

    def __enter__(self):
        try:
            self.ip(f"netns add {self.middle}")
            self.ip(f"-n {self.middle} link add switch type bridge")
            self.ip(f"-n {self.middle} link set dev switch up")
            for host, space in enumerate(self.spaces):
                self.make(host, space, f"sl{os.getpid()}h{host}")
            return self
        except BaseException:
            self.__exit__()
            raise

    def make(self, host, space, link):
        self.ip(f"netns add {space}")
        self.ip(f"-n {space} link set dev lo up")
        self.ip(f"link add {link} type veth peer name machine netns {space}")
        self.ip(f"addr add {self.machine[host]}/30 dev {link}")
        self.ip(f"link set dev {link} up")
        self.ip(f"-n {space} addr add {self.addresses[host]}/30 dev machine")
        self.ip(f"-n {space} link set dev machine up")
        self.ip(f"-n {space} link add other type veth peer name port{host} netns {self.middle}")
        self.ip(f"-n {space} addr add {self.buses[host]}/24 dev other")
        self.ip(f"-n {space} link set dev other up")
        self.ip(f"-n {self.middle} link set dev port{host} master switch up")

    def __exit__(self, *_):
        for space in (*self.spaces, self.middle):
            subprocess.run(["ip", "netns", "del", space], stderr=subprocess.DEVNULL, check=False)

    @staticmethod
    def ip(command):
        run("ip", *command.split())

    def prefix(self, host):
        """What makes the command behind it run in a host."""
        return ("ip", "netns", "exec", self.spaces[host])

    def cut(self):
        self.ip(f"-n {self.middle} link set dev port1 nomaster")

    def heal(self):
        self.ip(f"-n {self.middle} link set dev port1 master switch")


def relayed(uri, address):
    """A store's URI by way of a port of that address of this machine, and the two lines that make HAProxy listen there."""
    place = re.search(r"@([^@/:]+:\d+)", uri).group(1)
    port = free_port()
    lines = f"listen at-{address}-{port}\n    bind {address}:{port}\n    server store {place}\n"
    return uri.replace(f"@{place}", f"@{address}:{port}", 1), lines
