"""Keys of accounts for a scenario: made, shown, and in use by many clients at once (loadtest/keyed.py)."""
import contextlib
import hashlib
import http.client
import json
import subprocess
import sys
import tempfile
import time
import urllib.parse

from keyed import BODY, key_of, secret_of
from node import ROOT

GIVE_UP_SECONDS = 120
NICE = 10


def bearer(key):
    return f"Authorization: Bearer {key}"


def ask(target, key):
    """One order; its answer, read."""
    link = http.client.HTTPConnection(urllib.parse.urlsplit(target.url).netloc, timeout=30)
    try:
        authorization = {"Authorization": f"Bearer {key}"} if key else {}
        link.request("POST", "/orders", BODY, {"Content-Type": "application/json", **authorization})
        answer = link.getresponse()
        answer.read()
        return answer
    finally:
        link.close()


def make_keys(target, names):
    """A key for each of these accounts, in force on the node."""
    made = [key_of(hashlib.sha256(name.encode()).hexdigest()[:12], secret_of(f"secret of {name}")) for name in names]
    rows = ",\n".join(f"('{key[4:16]}', '{name}', '\\x{hashlib.sha256(key.encode()).hexdigest()}', '{{submit,read}}')"
                      for name, key in zip(names, made))
    subprocess.run(["psql", target.uri, "-XqAt", "-v", "ON_ERROR_STOP=1"], check=True, text=True,
                   input=f"INSERT INTO api_keys (key_id, account, hash, scopes) VALUES {rows}")
    until = time.monotonic() + GIVE_UP_SECONDS
    while ask(target, made[-1]).status == 401:
        if time.monotonic() > until:
            sys.exit(f"the keys were not in force within {GIVE_UP_SECONDS} s")
        time.sleep(0.1)
    return made


@contextlib.contextmanager
def ended(process):
    """A process under way, ended where the scenario leaves early."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=40)


@contextlib.contextmanager
def keyed(target, keys, rate, connections, seconds, *flags):
    """`loadtest/keyed.py` under way, reniced; it ends by itself."""
    with tempfile.NamedTemporaryFile("w", encoding="ascii", prefix="sluice-keys-") as file:
        file.write("\n".join(keys))
        file.flush()
        command = ["nice", "-n", str(NICE), sys.executable, str(ROOT / "loadtest/keyed.py"), "--url", target.url, "--keys",
                   file.name, "--rate", str(rate), "--connections", str(connections), "--seconds", str(seconds), *flags]
        with ended(subprocess.Popen(command, stdout=subprocess.PIPE, text=True)) as process:
            yield process


def heard(process):
    out, _ = process.communicate()
    if process.returncode:
        sys.exit(f"keyed.py failed with {process.returncode}")
    return json.loads(out)


def total(seconds, which=lambda answer: True):
    return sum(count for second in seconds for answer, count in second.items() if which(answer))


def answers_of(seconds):
    names = sorted({answer for second in seconds for answer in second})
    return {name: total(seconds, lambda answer, name=name: answer == name) for name in names}
