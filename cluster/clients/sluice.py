"""A client of Sluice's TCP event-bus bridge for Python 3.9 or newer, without dependencies.

    from sluice import Sluice
    with Sluice(port=7000) as client:
        result = client.submit({"clientOrderId": "web-1", "customerId": "c-1", "currency": "EUR", "items": [...]})

A frame is four bytes of length, big-endian, and a JSON object. submit() sends again what it surely may: orders that were
surely not stored, and those of which it does not know if they have a clientOrderId. So give every order one. One thread
per client.
"""

import itertools
import json
import select
import socket
import struct
import time

ADDRESS = "orders.submit"
COMMITTED = "orders.committed"


class Refused(Exception):
    """Nothing of the message was stored. It may be sent again after retry_after seconds; never where that is None."""

    def __init__(self, code, message, retry_after=None):
        super().__init__(message)
        self.code = code
        self.retry_after = retry_after


class Sluice:
    def __init__(self, host="127.0.0.1", port=7000, attempts=5, answer_seconds=10.0, ping_seconds=60.0):
        self.at = (host, port)
        self.attempts = attempts
        self.answer_seconds = answer_seconds
        self.ping_seconds = ping_seconds
        self.replies = (f"reply-{number}" for number in itertools.count())
        self.connection = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def submit(self, orders):
        """One order, or a list of them; its result, or a list of them. Sends again what may be sent again."""
        one = not isinstance(orders, list)
        left = {0: orders} if one else dict(enumerate(orders))
        results = {}
        for attempt in range(self.attempts):
            sent = False
            try:
                self._open()
                sent = True
                frame = self._request(left[0] if one else list(left.values()))
                answers = [frame["body"]] if one else frame["body"]
                results.update({at: {**answer, "line": at + 1} for at, answer in zip(left, answers)})
                left = {at: order for at, order in left.items() if self._may_follow(order, results[at])}
                wait = float(frame.get("headers", {}).get("retry-after", 1))
                error = None
            except Refused as refused:
                error, wait = refused, refused.retry_after
            except OSError as lost:
                self.close()
                harmless = not sent or all(self._has_key(order) for order in left.values())
                error, wait = lost, 0.1 * 2**attempt if harmless else None
            if error is None and not left or wait is None or attempt == self.attempts - 1:
                break
            time.sleep(wait)
        if error is not None and not results:
            raise error
        return results[0] if one else [results[at] for at in sorted(results)]

    @staticmethod
    def _has_key(order):
        return isinstance(order, dict) and "clientOrderId" in order

    def _may_follow(self, order, result):
        return result["status"] == 503 and (self._has_key(order) or result.get("code") == "not_stored")

    def committed(self):
        """Yields {"account", "orders"} for every batch that PostgreSQL commits from now on; at most once each.

        Raises an OSError when the connection is lost: call it again to follow on.
        """
        self._open()
        self._send({"type": "register", "address": COMMITTED})
        while True:
            if not select.select([self.connection], [], [], self.ping_seconds)[0]:
                self._send({"type": "ping"})  # the bridge ends a connection that is silent for 300 s
                continue
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
        reply = next(self.replies)
        self._send({"type": "send", "address": ADDRESS, "replyAddress": reply, "body": orders})
        while True:
            frame = self._read()
            if frame["type"] == "err" and frame.get("address", reply) == reply:
                code, retry_after = frame["failureCode"], frame.get("retryAfterSeconds")
                if 400 <= code < 500 or retry_after is not None:
                    raise Refused(code, frame["message"], retry_after)
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
        received = bytearray()
        while len(received) < count:
            part = self.connection.recv(count - len(received))
            if not part:
                raise ConnectionError("the connection was lost")
            received += part
        return bytes(received)
