#!/usr/bin/env python3
"""Clients that show keys, for the scenario `accounts`: single orders at a rate, each with another key.

    loadtest/keyed.py --url URL --keys FILE --rate N --connections N --seconds N [--guess]

The keys of the file take turns. With --guess each order shows a key that was never made: the id of one in the file, a
secret of its own and the right check. One process, one thread, one request on a connection at a time. An order is due at
a fixed time and waits where all connections are busy; what is 5 s late is not sent. A connection that ends is opened
again. Prints JSON: when it began, and the answers of each second by status, with the code of a problem.
"""
import argparse
import collections
import hashlib
import itertools
import json
import os
import pathlib
import re
import selectors
import socket
import sys
import time
import urllib.parse
import zlib

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BODY = b'{"customerId":"keyed","currency":"EUR","items":[{"sku":"A","quantity":1,"unitPrice":"1.00"}]}'
TURN_SECONDS = 0.002
SCAN_SECONDS = 0.1
TIMEOUT_SECONDS = 10
LATE_SECONDS_MAX = 5
OPENED_PER_SCAN = 50


def secret_of(text):
    return hashlib.sha256(text.encode()).hexdigest()[:43]


def key_of(key_id, secret):
    """A key in the form of docs/accounts.md."""
    checked = f"slk_{key_id}_{secret}"
    rest, check = zlib.crc32(checked.encode()), ""
    for _ in range(6):
        rest, digit = divmod(rest, len(DIGITS))
        check = DIGITS[digit] + check
    return f"{checked}_{check}"


def guesses(keys):
    ids = itertools.cycle(key.split("_")[1] for key in keys)
    run = os.urandom(8).hex()
    return (key_of(next(ids), secret_of(f"{run}-{number}")) for number in itertools.count())


class Client:
    """One connection and the request on it."""

    def __init__(self):
        self.socket, self.received, self.sent_at = None, b"", 0.0

    def open(self, address):
        self.socket = socket.create_connection(address, timeout=1)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)

    def answer(self):
        """(status with its code, whether the connection ends with it) once all of it is here."""
        head, end, body = self.received.partition(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length:[ \t]*(\d+)", head, re.IGNORECASE)
        if not end or len(body) < int(length.group(1) if length else 0):
            return None
        status = head[9:12].decode()
        code = re.search(rb'"code":\s*"(\w+)"', body) if status >= "400" else None
        ends = re.search(rb"\r\nconnection:[ \t]*close", head, re.IGNORECASE) is not None
        return f"{status}:{code.group(1).decode()}" if code else status, ends


class Flow:
    """Orders at a rate over some connections."""

    def __init__(self, url, rate, connections, keys):
        parts = urllib.parse.urlsplit(url)
        self.address, self.rate, self.keys = (parts.hostname, parts.port), rate, keys
        self.before = (f"POST /orders HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
                       f"Content-Length: {len(BODY)}\r\nAuthorization: Bearer ").encode()
        self.selector, self.idle, self.busy = selectors.DefaultSelector(), collections.deque(), set()
        self.closed = collections.deque(Client() for _ in range(connections))
        self.seconds, self.taken, self.scanned = [], 0, 0.0

    def run(self, seconds):
        self.open_all()
        self.start, began = time.monotonic(), time.time()
        until = self.start + seconds
        while (now := time.monotonic()) < until or self.busy:
            if now < until:
                self.send_due(now)
            for key, _ in self.selector.select(TURN_SECONDS):
                self.read(key.data)
            if now - self.scanned > SCAN_SECONDS:
                self.scan(now)
        return {"startedAt": began, "seconds": [dict(second) for second in self.seconds]}

    def open_all(self):
        until = time.monotonic() + TIMEOUT_SECONDS
        while self.closed:
            if time.monotonic() > until:
                sys.exit(f"{len(self.closed)} connections were not to be had within {TIMEOUT_SECONDS} s")
            self.scan(time.monotonic())

    def count(self, what, orders=1):
        second = int(time.monotonic() - self.start)
        while len(self.seconds) <= second:
            self.seconds.append(collections.Counter())
        self.seconds[second][what] += orders

    def send_due(self, now):
        due = int((now - self.start) * self.rate)
        late = due - self.taken - self.rate * LATE_SECONDS_MAX
        if late > 0:
            self.taken += late
            self.count("not sent", late)
        while self.idle and self.taken < due:
            self.taken += 1
            self.send(self.idle.popleft(), now)

    def send(self, client, now):
        client.received, client.sent_at = b"", now
        self.busy.add(client)
        try:
            client.socket.sendall(self.before + next(self.keys).encode() + b"\r\n\r\n" + BODY)
        except OSError:
            self.over(client, "lost")

    def read(self, client):
        try:
            got = client.socket.recv(1 << 16)
        except OSError:
            got = b""
        if not got or client not in self.busy:
            self.over(client, "lost" if client in self.busy else None)
            return
        client.received += got
        answer = client.answer()
        if answer and answer[1]:
            self.over(client, answer[0])
        elif answer:
            self.count(answer[0])
            self.busy.discard(client)
            self.idle.append(client)

    def over(self, client, what):
        """The connection is done with; the request on it, where there is one, ended so."""
        if what:
            self.count(what)
        elif client in self.idle:
            self.idle.remove(client)
        self.busy.discard(client)
        self.selector.unregister(client.socket)
        client.socket.close()
        self.closed.append(client)

    def scan(self, now):
        self.scanned = now
        for client in [one for one in self.busy if now - one.sent_at > TIMEOUT_SECONDS]:
            self.over(client, "no answer")
        for _ in range(min(OPENED_PER_SCAN, len(self.closed))):
            client = self.closed.popleft()
            try:
                client.open(self.address)
            except OSError:
                self.closed.append(client)
                break
            self.selector.register(client.socket, selectors.EVENT_READ, client)
            self.idle.append(client)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--keys", type=pathlib.Path, required=True, help="file with one key a line")
    parser.add_argument("--rate", type=int, required=True)
    parser.add_argument("--connections", type=int, required=True)
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--guess", action="store_true")
    options = parser.parse_args()
    keys = options.keys.read_text(encoding="ascii").split()
    shown = guesses(keys) if options.guess else itertools.cycle(keys)
    print(json.dumps(Flow(options.url, options.rate, options.connections, shown).run(options.seconds)))


if __name__ == "__main__":
    main()
