#!/usr/bin/env python3
"""Clients that mean harm, for the scenario `hostile`: one attack against one node, for so many seconds.

    loadtest/attacker.py ATTACK --url URL --admin URL --seconds N

One process, one thread, a bounded number of connections. A connection that the node ends is opened again, a bounded
number of times a second. Prints how often that was, as JSON.
"""
import argparse
import collections
import json
import os
import pathlib
import resource
import selectors
import socket
import struct
import time
import urllib.parse

NICE = 10
OPENED_PER_TURN = 200
TURN_SECONDS = 0.05
READ_BYTES = 1 << 16
PAGE = "/docs/swagger-ui-bundle-5.34.1.js"
BULK_LINES = 10_000
STOPPED_BULK_BYTES = 1_000_000
STOPPED_SINGLE_BYTES = 60_000


class Client:
    """One connection: sends what it has, and reads or does not."""

    def __init__(self, plan, number):
        self.plan, self.number, self.sent, self.read_bytes, self.next_send = plan, number, 0, 0, 0.0
        self.socket = socket.socket()
        if plan.receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, plan.receive_bytes)
        self.socket.setblocking(False)
        self.socket.bind((f"127.0.{number % 200 + 1}.1", 0))
        self.socket.connect_ex(plan.address)

    def wants_to_send(self):
        return self.sent < self.plan.length(self)

    def send(self):
        self.sent += self.socket.send(self.plan.bytes_from(self))

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


class Plan:
    """What the clients of one attack send, and whether they read."""

    def __init__(self, address, clients, payload=b"", reads=False, repeats=1, receive_bytes=0, reset_after=0,
                 byte_every=0.0):
        self.address, self.clients, self.payload, self.reads = address, clients, payload, reads
        self.repeats, self.receive_bytes, self.reset_after, self.byte_every = repeats, receive_bytes, reset_after, byte_every

    def length(self, client):
        return len(self.payload) * self.repeats

    def bytes_from(self, client):
        at = client.sent % len(self.payload)
        if self.byte_every:
            return self.payload[at:at + 1]
        return memoryview(self.payload)[at:at + READ_BYTES]


def post(path, media_type, body, announced=None):
    length = len(body) if announced is None else announced
    return (f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {media_type}\r\n"
            f"Content-Length: {length}\r\n\r\n").encode() + body


def get(path):
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def order(number):
    return json.dumps({"customerId": f"attacker-{number}", "currency": "EUR",
                       "items": [{"sku": "A", "quantity": 1, "unitPrice": "1.00"}]}).encode()


def bad_lines():
    return post("/orders/batch", "application/x-ndjson",
                b"\n".join(b'{"no":"order","items":[{},{},{}]}' for _ in range(BULK_LINES)))


def good_lines():
    return post("/orders/batch", "application/x-ndjson", b"\n".join(order(n) for n in range(BULK_LINES)))


def idle(http, admin):
    return [Plan(http, 12_000), Plan(admin, 200)]


def stopped(http, admin):
    line = order(0) + b"\n"
    bulk = (line * (STOPPED_BULK_BYTES // len(line) + 1))[:STOPPED_BULK_BYTES]
    single = b'{"customerId":"' + b"x" * STOPPED_SINGLE_BYTES
    return [Plan(http, 135, post("/orders/batch", "application/x-ndjson", bulk, 8_000_000)),
            Plan(http, 1_000, post("/orders", "application/json", single, 65_536))]


ATTACKS = {
    "unread-bulk-answers": lambda http, admin: [
        Plan(http, 60, bad_lines(), receive_bytes=4_096), Plan(http, 20, good_lines(), receive_bytes=4_096)],
    "bad-lines": lambda http, admin: [Plan(http, 60, bad_lines(), reads=True, repeats=1_000)],
    "stopped-bodies": stopped,
    "unread-pages": lambda http, admin: [Plan(http, 4, get(PAGE), repeats=150, receive_bytes=4_096)],
    "unread-pipelined-answers": lambda http, admin: [
        Plan(http, 100, get("/openapi.yaml"), repeats=100_000, receive_bytes=4_096),
        Plan(http, 100, post("/orders", "application/json", order(1)), repeats=100_000, receive_bytes=4_096)],
    "idle-connections": idle,
    "resets": lambda http, admin: [
        Plan(http, 200, get(PAGE), reads=True, receive_bytes=4_096, reset_after=20_000)],
    "unfinished-heads": lambda http, admin: [
        Plan(http, 2_000, b"GET /orders HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 7_000),
        Plan(http, 500, b"GET /orders HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"x" * 7_000, byte_every=1.0),
        Plan(admin, 100, b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"x" * 1_000, byte_every=1.0)],
}
ALL = "all-at-once"


class Attack:
    """The connections of one attack."""

    def __init__(self, plans):
        self.selector, self.counts = selectors.DefaultSelector(), collections.Counter()
        self.missing = collections.deque((plan, n) for plan in plans for n in range(plan.clients))
        self.slow = set()

    def run(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.open_some()
            for key, events in self.selector.select(TURN_SECONDS):
                self.act(key.data, events)
            self.drip()
        return dict(self.counts)

    def open_some(self):
        for _ in range(min(OPENED_PER_TURN, len(self.missing))):
            plan, number = self.missing.popleft()
            client = Client(plan, number)
            self.counts["opened"] += 1
            self.selector.register(client.socket, self.interest(client), client)

    @staticmethod
    def interest(client):
        read = selectors.EVENT_READ if client.plan.reads or not client.wants_to_send() else 0
        return read | (selectors.EVENT_WRITE if client.wants_to_send() else 0)

    def act(self, client, events):
        try:
            if events & selectors.EVENT_WRITE:
                client.send()
                if client.plan.byte_every:
                    self.slow.add(client)
                    client.next_send = time.monotonic() + client.plan.byte_every
                self.settle(client)
            elif client.plan.reads:
                self.read(client)
            else:
                self.look(client)
        except BlockingIOError:
            pass
        except OSError as error:
            self.over(client, type(error).__name__)

    def read(self, client):
        got = client.socket.recv(READ_BYTES)
        if not got:
            self.over(client, "closed")
            return
        client.read_bytes += len(got)
        if client.plan.reset_after and client.read_bytes > client.plan.reset_after:
            self.selector.unregister(client.socket)
            client.reset()
            self.gone(client, "reset")

    def look(self, client):
        """Whether the node has ended the connection; nothing is taken from it."""
        if not client.socket.recv(1, socket.MSG_PEEK):
            self.over(client, "closed")
        else:
            self.selector.unregister(client.socket)  # it is left unread
            self.unread(client)

    def unread(self, client):
        self.slow.add(client)
        client.next_send = time.monotonic() + 1

    def settle(self, client):
        interest = 0 if client in self.slow and client.plan.byte_every else self.interest(client)
        if interest:
            self.selector.modify(client.socket, interest, client)
        else:
            self.selector.unregister(client.socket)

    def drip(self):
        now = time.monotonic()
        for client in [c for c in self.slow if c.next_send <= now]:
            self.slow.discard(client)
            if self.has_ended(client):
                client.socket.close()
                self.gone(client, "closed")
            elif client.plan.byte_every:
                self.selector.register(client.socket, selectors.EVENT_WRITE, client)
            else:
                self.unread(client)

    @staticmethod
    def has_ended(client):
        info = client.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)
        return info[0] != 1  # established

    def over(self, client, how):
        self.selector.unregister(client.socket)
        client.socket.close()
        self.gone(client, how)

    def gone(self, client, how):
        self.counts[how] += 1
        self.missing.append((client.plan, client.number))


def address(url):
    parts = urllib.parse.urlsplit(url)
    return parts.hostname, parts.port


def renice():
    """Behind the node where both want a processor: with autogroups a nice value counts within a session alone."""
    os.nice(NICE)
    autogroup = pathlib.Path("/proc/self/autogroup")
    if os.getsid(0) == os.getpid() and autogroup.exists():
        autogroup.write_text(str(NICE))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("attack", choices=[*ATTACKS, ALL])
    parser.add_argument("--url", required=True)
    parser.add_argument("--admin", required=True)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    renice()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    chosen = ATTACKS.values() if options.attack == ALL else [ATTACKS[options.attack]]
    plans = [plan for attack in chosen for plan in attack(address(options.url), address(options.admin))]
    print(json.dumps(Attack(plans).run(options.seconds)))


if __name__ == "__main__":
    main()
