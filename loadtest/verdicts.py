"""What was found against what must be: a table for a terminal, and the files of page.py."""
import sys

from page import invalid, table, text_table, write

HEADER = ("what", "must, aim", "median (spread)", "verdict")


def judged(what, must, found, met):
    return (what, must, found, "met" if met else "MISSED")


def shown(what, found):
    return (what, "", found, "")


def publish(part, known, options, rows, content, plots=""):
    """Prints, writes, and says whether all was met."""
    known = {**known, "scenario": f"accounts-{part}", "command": "loadtest/accounts " + " ".join(sys.argv[1:])}
    print(text_table(HEADER, rows))
    runs = [(one["label"], one["result"]) for one in content.get("runs", [])]
    write(options.out, known, {"rows": rows, **content}, invalid(runs) + table(HEADER, rows) + plots)
    return all(verdict != "MISSED" for *_, verdict in rows)
