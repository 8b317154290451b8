"""Nodes of clusters on this machine: each a `sluice serve`, all on the stores of one `sluice dev` that takes no orders."""
import contextlib
import os
import pathlib
import re
import signal
import subprocess
import tempfile

from node import SLUICE, Node, begin_load, free_port, result_of, run


class Member(Node):
    """One `sluice serve`; it may be no member of any cluster."""

    def __init__(self, stores, name, flags, ports=None, host="127.0.0.1", prefix=()):
        """`ports` of both listeners on `host`, where the command `prefix` makes the node run."""
        http_port, admin_port = ports or (free_port(), free_port())
        self.url = f"http://{host}:{http_port}"
        self.ready = f"http://{host}:{admin_port}/readyz"
        self.uri, self.redis_uri = stores.uri, stores.redis_uri
        folder = pathlib.Path(stores.log.name).parent
        self.log = open(folder / f"{name}-{http_port}.log", "w+", encoding="utf-8")
        command = [*prefix, SLUICE, "serve", "--http-port", str(http_port), "--admin-port", str(admin_port),
                   *(part for flag in flags for part in ("--set", flag))]
        environment = {**os.environ, "SLUICE_POSTGRES_URI": stores.uri, "SLUICE_REDIS_URI": stores.redis_uri}
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True,
                                        env=environment)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=40)


class Cluster:
    """Places for the nodes of one cluster; node N listens for members at `ports[N]` and for messages at `buses[N]`.

    `hosts` are their addresses for each other. A node that is started again has the listeners of the one before.
    """

    def __init__(self, stores, name, places, hosts=None):
        self.stores, self.name, self.members = stores, name, []
        self.hosts = hosts or ["127.0.0.1"] * places
        self.listeners = [(free_port(), free_port()) for _ in range(places)]
        self.ports = [free_port() for _ in range(places)]
        self.buses = [free_port() for _ in range(places)]

    def begin(self, place, http=1, writers=1, flags=(), stores=None, **how):
        """Starts a node there, and does not wait for it."""
        list_of_members = ",".join(f"{host}:{port}" for host, port in zip(self.hosts, self.ports))
        member = Member(stores or self.stores, f"{self.name}{place}", [
            "cluster.enabled=true", f"cluster.name={self.name}", f"cluster.members={list_of_members}",
            f"cluster.host={self.hosts[place]}", f"cluster.port={self.ports[place]}",
            f"cluster.busPort={self.buses[place]}", f"http.instances={http}", f"writer.instances={writers}",
            *flags], self.listeners[place], **how)
        self.members.append(member)
        return member

    def start(self, place, http=1, writers=1):
        member = self.begin(place, http, writers)
        member.await_ready()
        return member

    def load_bus(self, *flags, may_fail=False):
        """Runs `sluice load bus --json` as one more member; its result."""
        sets = [f"cluster.name={self.name}", f"cluster.members=127.0.0.1:{self.ports[0]}",
                f"cluster.port={free_port()}", f"cluster.busPort={free_port()}"]
        return result_of(begin_load("bus", *(part for one in sets for part in ("--set", one)), *flags), may_fail)

    def bus_bytes(self):
        """What these nodes have sent each other on the bus so far."""
        return payload_bytes(self.buses)

    def stop(self):
        for member in reversed(self.members):
            if member.process.poll() is None:
                member.process.send_signal(signal.SIGCONT)  # a frozen one hears nothing
                member.stop()


def payload_bytes(ports):
    """TCP payload over the connections that are open now, both ways: what both ends sent and the other acknowledged."""
    either = " or ".join(f"sport = :{port} or dport = :{port}" for port in ports)
    sockets = run("ss", "-tinHO", "state", "established", f"( {either} )")
    return sum(map(int, re.findall(r"bytes_acked:(\d+)", sockets)))


def alone(stores, name, *flags):
    """A node that is no member of a cluster."""
    member = Member(stores, name, flags)
    member.await_ready()
    return member


@contextlib.contextmanager
def stores():
    """A `sluice dev` for its PostgreSQL and its Redis; the node itself gets no orders."""
    subprocess.run([SLUICE, "version"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory(prefix="sluice-cluster-") as data:
        holder = Node(data)
        try:
            yield holder
        finally:
            holder.stop()
