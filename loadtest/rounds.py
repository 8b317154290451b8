"""Nodes side by side, all up, loaded in turn: what one costs against the other, whatever the machine does to both."""
import contextlib
import os
import pathlib
import re
import sys
import tempfile

from node import ROOT, Node, Watch, run, undisturbed
from page import spread_of

FIGURES = {"orders/s": "{:,.0f}", "JVM CPU µs/order": "{:.1f}", "CPU µs/order, all processes": "{:.1f}",
           "ceiling, orders/s": "{:,.0f}", "compiler's share of the JVM, %": "{:.1f}"}


@contextlib.contextmanager
def side_by_side(variants):
    """Name -> Node of each variant: its name, the program and flags of `dev`; all up, each with stores of its own."""
    nodes = {}
    with tempfile.TemporaryDirectory(prefix="sluice-pairs-") as data:
        try:
            for name, sluice, flags in variants:
                run(str(sluice), "version")
                folder = pathlib.Path(data, name)
                folder.mkdir()
                nodes[name] = Node(str(folder), sluice=sluice, flags=flags)
            yield nodes
        finally:
            for node in nodes.values():
                node.stop()


def wrk(node, connections, seconds, tag):
    """Single orders with that node's headers, as fast as answers come; how many, and how many a second."""
    headers = [part for header in node.headers for part in ("-H", header)]
    out = run("wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", *headers, "-s",
              str(ROOT / "loadtest/orders.lua"), node.url, env={**os.environ, "RUN_TAG": tag})
    if re.search(r"Non-2xx|Socket errors", out):
        sys.exit("there were errors:\n" + out)
    return int(re.search(r"(\d+) requests in", out).group(1)), float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))


def measured(node, nodes, drive, seconds, tag):
    """One load: `drive(node, seconds, tag)` gives orders, their rate and, where not all of it counts, the JVM's CPU."""
    node.sql("TRUNCATE orders")
    node.sql("CHECKPOINT")
    jvm, compiler, watch = node.cpu_seconds(), node.compiler_seconds(), Watch(nodes)
    orders, rate, *cpu = drive(node, seconds, tag)
    everything, foreign = watch.end()
    whole, per_order = node.cpu_seconds() - jvm, everything / orders * 1e6
    return {"orders/s": rate, "JVM CPU µs/order": (cpu[0] if cpu else whole) / orders * 1e6,
            "CPU µs/order, all processes": per_order, "ceiling, orders/s": os.cpu_count() * 1e6 / per_order,
            "compiler's share of the JVM, %": (node.compiler_seconds() - compiler) / max(whole, 1e-9) * 100,
            "foreign": foreign}


def in_turn(nodes, drive, options):
    """Warms each of these nodes, name -> Node, then loads them round by round; name -> its results."""
    everyone, runs = list(nodes.values()), {name: [] for name in nodes}
    for node in everyone:
        measured(node, everyone, drive, options.warmup, "warm")
    for number in range(options.rounds):
        for name in list(nodes) if number % 2 == 0 else list(nodes)[::-1]:
            runs[name].append(undisturbed(lambda attempt, node=nodes[name]: measured(
                node, everyone, drive, options.seconds, f"r{number}-{attempt}")))
        print(f"round {number + 1}: " + ", ".join(f"{name} {runs[name][-1]['orders/s']:,.0f}" for name in runs),
              file=sys.stderr)
    return runs


def ratios(what, runs):
    """One figure of the second as a multiple of the first's, round by round."""
    first, second = runs.values()
    return [y[what] / x[what] for x, y in zip(first, second)]


def compared(runs):
    """A row for each figure: both, and the second as a multiple of the first; median, lowest and highest."""
    first, second = runs.values()
    for what, form in FIGURES.items():
        multiple = "" if what.startswith("compiler") else spread_of(ratios(what, runs), "{:.3f}")
        yield [what, *(spread_of([one[what] for one in side], form) for side in (first, second)), multiple]
