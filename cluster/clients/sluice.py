"""A client of Sluice's TCP event-bus bridge for Python 3.9 or newer, without dependencies.

    from sluice import Sluice
    with Sluice(port=7000) as client:
        result = client.submit({"clientOrderId": "web-1", "customerId": "c-1", "currency": "EUR", "items": [...]})

A frame is four bytes of length, big-endian, and a JSON object. Give every order a clientOrderId: only then may it be
sent again, which submit() does while the result is 503 or no answer comes. One thread per client.
"""

import itertools
import json
import socket
import struct
import time

ADDRESS = "orders.submit"
COMMITTED = "orders.committed"


class Refused(Exception):
    """Nothing of the message was stored, and sending it again changes nothing."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class Sluice:
    def __init__(self, host="127.0.0.1", port=7000, attempts=5, answer_seconds=10.0):
        self.at = (host, port)
        self.attempts = attempts
        self.answer_seconds = answer_seconds
        self.replies = (f"reply-{number}" for number in itertools.count())
        self.connection = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def submit(self, orders):
        """One order, or a list of them; its result, or a list of them. Sends again what may be sent again."""
        for attempt in range(self.attempts):
            last = attempt == self.attempts - 1
            try:
                frame = self._request(orders)
                results = frame["body"] if isinstance(frame["body"], list) else [frame["body"]]
                if last or all(result["status"] != 503 for result in results):
                    return frame["body"]
                time.sleep(float(frame.get("headers", {}).get("retry-after", 1)))
            except OSError:
                self.close()
                if last:
                    raise
                time.sleep(0.1 * 2**attempt)

    def committed(self):
        """Yields {"account", "orders"} for every batch that PostgreSQL commits from now on; at most once each."""
        self._open()
        self._send({"type": "register", "address": COMMITTED})
        self.connection.settimeout(None)
        while True:
            frame = self._read()
            if frame["type"] == "message" and frame["address"] == COMMITTED:
                yield frame["body"]

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def _open(self):
        if self.connection is None:
            self.connection = socket.create_connection(self.at, timeout=self.answer_seconds)
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _request(self, orders):
        self._open()
        reply = next(self.replies)
        self._send({"type": "send", "address": ADDRESS, "replyAddress": reply, "body": orders})
        while True:
            frame = self._read()
            if frame["type"] == "err" and frame.get("address", reply) == reply:
                if 400 <= frame["failureCode"] < 500:
                    raise Refused(frame["failureCode"], frame["message"])
                raise ConnectionError(frame["message"])
            if frame["type"] == "message" and frame["address"] == reply:
                return frame

    def _send(self, frame):
        body = json.dumps(frame).encode()
        self.connection.sendall(struct.pack(">I", len(body)) + body)

    def _read(self):
        (length,) = struct.unpack(">I", self._bytes(4))
        return json.loads(self._bytes(length))

    def _bytes(self, count):
        received = b""
        while len(received) < count:
            part = self.connection.recv(count - len(received))
            if not part:
                raise ConnectionError("the connection was lost")
            received += part
        return received
