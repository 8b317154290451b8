"""What the scenarios share: a node to load, a way to load it, and a way to keep what came out.

A scenario works against a node of its own (`sluice dev` on free ports, temporary data directory) or, with --url, against
one that runs already; then --postgres-uri gives it the store where it needs one.
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
RESULTS = ROOT / "loadtest/results"
SLUICE = ROOT / "scripts/sluice"
SETTINGS = ("fsync", "synchronous_commit", "full_page_writes", "max_wal_size", "shared_buffers", "wal_compression")


def run(*command, env=None):
    return subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def seconds(stat, fields=2):
    """CPU time of a process or thread, 0 of one that is gone; of 4 fields, also of the children that it waited for."""
    try:
        times = stat.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[11:11 + fields]
        return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0


def is_compiler(stat, kinds="12"):
    """Whether a thread is one of the JVM's compilers, C1 or C2."""
    try:
        return re.search(rf"C[{kinds}] Compiler", stat.read_text(encoding="utf-8")) is not None
    except OSError:
        return False


def family(root):
    """The process with this id (a number), or those whose command line has this text in it, and all below them."""
    def is_root(process):
        if isinstance(root, int):
            return process.name == str(root)
        return root in (process / "cmdline").read_bytes().decode(errors="replace")

    children, found = {}, []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[1])
            if is_root(process):
                found.append(int(process.name))
        except OSError:
            continue
        children.setdefault(parent, []).append(int(process.name))
    for known in found:
        found += [child for child in children.get(known, []) if child not in found]
    return found


def family_seconds(root):
    """Process -> its CPU time and that of its ended children: a backend of PostgreSQL lives as long as its client."""
    return {pid: seconds(pathlib.Path(f"/proc/{pid}/stat"), fields=4) for pid in family(root)}


def machine_seconds():
    """CPU time that everything on this machine has used: of processes, and of interrupts, which belong to none."""
    user, nice, system, _, _, irq, softirq = map(int, pathlib.Path("/proc/stat").read_text().split()[1:8])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK"), (irq + softirq) / os.sysconf("SC_CLK_TCK")


class Watch:
    """CPU time of the machine from now on, and the part of it that was neither the nodes', their stores' nor the client's."""

    # Cores: the kernel's own threads take some for the disk.
    FOREIGN_MAX = 0.3
    REPEATS_MAX = 5

    def __init__(self, nodes):
        self.nodes, self.began, self.before = nodes, time.monotonic(), self.used(nodes)

    @staticmethod
    def used(nodes):
        own = {os.getpid(): sum(os.times()[:4])}
        for node in nodes:
            own |= node.family_seconds()
        return *machine_seconds(), own

    def end(self):
        """CPU seconds of everything, and cores that something else took."""
        (processes, interrupts, own), (processes0, interrupts0, own0) = self.used(self.nodes), self.before
        processes, interrupts = processes - processes0, interrupts - interrupts0
        known = sum(used - own0.get(pid, 0) for pid, used in own.items())  # a PostgreSQL that was killed is in the first alone
        return processes + interrupts, (processes - known) / (time.monotonic() - self.began)


def undisturbed(measure):
    """The first result of `measure(attempt)`, a dictionary with `foreign` in it, that nothing else on the machine disturbed."""
    for attempt in range(Watch.REPEATS_MAX):
        result = measure(attempt)
        if result["foreign"] <= Watch.FOREIGN_MAX:
            return result
        print(f"again: something else took {result['foreign']:.2f} of a core", file=sys.stderr)
    sys.exit("something else runs on this machine; nothing measured beside it would be true")


class Served:
    """A server under load, by its URL and its process; what /proc says of it."""

    def __init__(self, url, process):
        self.url, self.process = url, process

    def resident_mib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024

    def cpu_seconds(self):
        return seconds(pathlib.Path(f"/proc/{self.process.pid}/stat"))

    def compiler_seconds(self):
        """What the compiler's threads have used; a node that is not warm measures them."""
        threads = pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/stat")
        return sum(seconds(stat) for stat in threads if is_compiler(stat))

    def family_seconds(self):
        """Of it and of every process below it."""
        return family_seconds(self.process.pid)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=40)


class Node(Served):
    """One `sluice dev` and its PostgreSQL, or a `sluice serve` with the stores of another node."""

    headers = ()  # that each request to it carries

    def __init__(self, data, http_port=None, admin_port=None, sluice=SLUICE, flags=(), beside=None, env=None):
        http_port, admin_port = http_port or free_port(), admin_port or free_port()
        self.data = os.path.join(data, "data")
        self.ready = f"http://127.0.0.1:{admin_port}/readyz"
        self.log = open(os.path.join(data, "bench.log"), "w+", encoding="utf-8")
        verb = ["serve"] if beside else ["dev", "--data-dir", self.data]
        stores = {"SLUICE_POSTGRES_URI": beside.uri, "SLUICE_REDIS_URI": beside.redis_uri} if beside else {}
        command = [sluice, *verb, *flags, "--http-port", str(http_port), "--admin-port", str(admin_port)]
        super().__init__(f"http://127.0.0.1:{http_port}", subprocess.Popen(
            command, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True,
            env={**os.environ, **stores, **(env or {})}))
        try:
            self.await_ready()
        except BaseException:
            self.process.terminate()
            raise
        self.uri, self.redis_uri = (beside.uri, beside.redis_uri) if beside else (self.kept("postgres"), self.kept("redis"))

    def kept(self, server):
        """Its URI with the password, which stands in the banner on a terminal alone (of older releases, always)."""
        file = pathlib.Path(self.data, server, "uri")
        if file.exists():
            return file.read_text(encoding="utf-8").strip()
        scheme = {"postgres": "postgresql"}.get(server, server)
        return next((word for word in self.output().split() if word.startswith(scheme + "://")), "")

    def output(self):
        self.log.flush()
        return pathlib.Path(self.log.name).read_text(encoding="utf-8")

    def await_ready(self):
        for _ in range(1200):
            if self.process.poll() is not None:
                sys.exit("the node did not start:\n" + self.output())
            try:
                urllib.request.urlopen(self.ready, timeout=1).close()
                if re.search("\n  instances .*\n", self.output()):
                    return
            except OSError:
                pass
            time.sleep(0.1)
        sys.exit("the node was not ready within 120 s:\n" + self.output())

    def sql(self, statement):
        return run("psql", self.uri, "-XqAtc", statement).strip()

    def family_seconds(self):
        """Of the node and of its stores, whose command lines name its data directory, with every process below them."""
        return family_seconds(self.data if os.path.isdir(self.data) else self.process.pid)


class Remote:
    """A node that somebody else runs."""

    def __init__(self, url, postgres_uri):
        self.url, self.uri, self.process = url, postgres_uri, None

    def sql(self, statement):
        return run("psql", self.uri, "-XqAtc", statement).strip() if self.uri else ""

    def resident_mib(self):
        return 0.0


class Sampler(threading.Thread):
    """Calls a function again and again until told to stop; `samples` holds (seconds since its start, value)."""

    def __init__(self, sample, every=0.2):
        super().__init__(daemon=True)
        self.sample, self.every, self.samples, self.over = sample, every, [], threading.Event()

    def run(self):
        start = time.monotonic()
        while not self.over.wait(self.every):
            self.samples.append((round(time.monotonic() - start, 1), round(self.sample(), 1)))

    def peak(self):
        return max((value for _, value in self.samples), default=0.0)


def arguments(description, seconds):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--url", help="of a node that runs; without it, one is started for the run")
    parser.add_argument("--postgres-uri", help="of that node's store, where the scenario looks into it")
    parser.add_argument("--seconds", type=int, default=seconds, help="of each measured part (default: %(default)s)")
    parser.add_argument("--warmup", type=int, default=10, help="seconds before each (default: %(default)s)")
    parser.add_argument("--out", type=pathlib.Path, default=RESULTS, help="folder for JSON and HTML")
    return parser


@contextlib.contextmanager
def node(options, flags=()):
    """The node that the options ask for; its own has these flags of `dev` and is stopped at the end."""
    if options.url:
        yield Remote(options.url, options.postgres_uri)
        return
    subprocess.run([SLUICE, "version"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory(prefix="sluice-load-") as data:
        started = Node(data, flags=flags)
        try:
            yield started
        finally:
            started.stop()


def load(target, *flags, may_fail=False):
    """Runs `sluice load http --json`; its result."""
    return result_of(begin_load("http", "--url", target.url, *flags), may_fail)


def begin_load(*verb_and_flags, nice=0):
    """Begins a `sluice load … --json`."""
    command = ["nice", "-n", str(nice), SLUICE, "load", *map(str, verb_and_flags), "--json"]
    return subprocess.Popen(command if nice else command[3:], stdout=subprocess.PIPE, text=True)


def result_of(run_under_way, may_fail=False):
    """Waits for a `sluice load … --json`; its result. An invalid run or a missed expectation may be allowed."""
    out, _ = run_under_way.communicate()
    if run_under_way.returncode not in ((0, 1, 99) if may_fail else (0,)) or not out:
        sys.exit(f"failed with {run_under_way.returncode}: {' '.join(map(str, run_under_way.args))}\n{out}")
    return json.loads(out)


def overflow_status(target):
    with urllib.request.urlopen(target.ready.replace("/readyz", "/admin/overflow"), timeout=10) as answer:
        return json.load(answer)


def verify(target, history, redis_uri=""):
    """Runs `sluice verify --json`, where a Redis is given with its queue; its verdict."""
    redis = ["--redis-uri", redis_uri] if redis_uri else []
    done = subprocess.run([SLUICE, "verify", "--history", history, "--postgres-uri", target.uri, *redis, "--json"],
                          stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 1) or not done.stdout:
        sys.exit(f"verify failed with {done.returncode}\n{done.stdout}")
    return json.loads(done.stdout)


def machine():
    info = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"model name\s*:\s*(.+)", info)
    memory = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text(encoding="utf-8")).group(1))
    return f"{os.cpu_count()} cores ({model.group(1) if model else 'unknown'}), {memory // 1048576} GiB, Linux " \
           f"{os.uname().release}, {writeback()}"


def writeback():
    """How long Linux keeps dirty pages: it decides how long the worst seconds are (docs/operations.md)."""
    name = "dirty_expire_centisecs"
    return f"vm.{name}={pathlib.Path('/proc/sys/vm', name).read_text(encoding='utf-8').strip()}"


def commit(checkout=ROOT):
    dirty = " with local changes" if run("git", "-C", str(checkout), "status", "--porcelain", "src", "pom.xml") else ""
    return run("git", "-C", str(checkout), "rev-parse", "--short", "HEAD").strip() + dirty


def java():
    return subprocess.run(["java", "-version"], capture_output=True, text=True, check=True).stderr.splitlines()[0]


def durability(target):
    names = ",".join(f"'{name}'" for name in SETTINGS)
    return target.sql("SELECT 'PostgreSQL ' || current_setting('server_version') || ': ' || "
                      "string_agg(name || '=' || current_setting(name), ', ' ORDER BY name) "
                      f"FROM pg_settings WHERE name IN ({names})") or "unknown: no --postgres-uri given"


def facts(name, target, options):
    """What a result names beside its figures."""
    flags = " ".join(f"--{key.replace('_', '-')} {value}" for key, value in sorted(vars(options).items())
                     if value not in (None, False) and key not in ("out", "postgres_uri"))
    return {"scenario": name, "commit": commit(), "date": time.strftime("%Y-%m-%d"), "machine": machine(),
            "java": java(), "durability": durability(target), "command": f"loadtest/{name} {flags}"}


def labelled(label, result):
    """A run of a result file; the timeline of a short run stays, the curve goes (see the HTML)."""
    return {"label": label, "result": {key: value for key, value in result.items() if key != "curve"}}
