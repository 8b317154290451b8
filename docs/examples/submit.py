#!/usr/bin/env python3
"""Submits one order and repeats it until the answer is final: submit.py URL FILE

SLUICE_API_KEY is the key, where the node asks for one. Needs Python 3.8 or newer and nothing else. Exit code 0: committed or queued, 1: refused, 4: no answer that is final.
"""
import json
import os
import random
import sys
import time
import urllib.error
import urllib.request
import uuid

ATTEMPTS = 6
TIMEOUT_SECONDS = 10  # longer than the node's HTTP deadline, which is 5 s by default
WAIT_MAX_SECONDS = 10
AGAIN = {408, 429, 500, 502, 503, 504}


def post(url, headers, body):
    """Status, Retry-After or None, and the document."""
    request = urllib.request.Request(url + "/orders", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            return answer.status, None, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers.get("Retry-After"), refused.read().decode()


def pause(attempt, retry_after):
    """As the server asks, else a random time that grows, so that clients do not come back all at once."""
    asked = float(retry_after) if retry_after and retry_after.isdigit() else random.uniform(0, 0.1 * 2**attempt)
    time.sleep(min(asked, WAIT_MAX_SECONDS))


def submit(url, body):
    """The final status and its document; a status of 0 where there is none. The bytes are sent as they are."""
    headers = {"Content-Type": "application/json"}
    if os.environ.get("SLUICE_API_KEY"):
        headers["Authorization"] = "Bearer " + os.environ["SLUICE_API_KEY"]
    if "clientOrderId" not in json.loads(body):
        headers["Idempotency-Key"] = f'"{uuid.uuid4()}"'  # made once: every repetition is the same order
    status, document = 0, ""
    for attempt in range(ATTEMPTS):
        retry_after = None
        try:
            status, retry_after, document = post(url, headers, body)
            if status not in AGAIN:
                return status, document
        except OSError as lost:  # refused, reset, timed out: the order may have been stored, so it is repeated
            status, document = 0, str(lost)
        if attempt + 1 < ATTEMPTS:
            pause(attempt, retry_after)
    return status, document


def main():
    with open(sys.argv[2], "rb") as file:
        status, document = submit(sys.argv[1], file.read())
    print(document)
    sys.exit(0 if status in (201, 202) else 4 if status in AGAIN or status == 0 else 1)


if __name__ == "__main__":
    main()
