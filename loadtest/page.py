"""Writes what a scenario found: JSON for programs, one self-contained HTML page for people (no script, no CDN)."""
import html
import json
import math
import statistics

STYLE = """
:root { color-scheme: light dark; --ink: #1d2430; --paper: #fff; --soft: #5d6878; --rule: #dfe4ea;
        --s0: #1f6fd6; --s1: #d9730d; --s2: #b3261e; --s3: #2e7d32; --s4: #7b3fb5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --paper: #14171c; --soft: #97a1b0; --rule: #303743;
        --s0: #6aa9ff; --s1: #ffad5c; --s2: #ff8a80; --s3: #81c784; --s4: #c79bf2; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 960px;
       margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto; } td, th { padding: .25rem .6rem; text-align: right;
       border-bottom: 1px solid var(--rule); } td:first-child, th:first-child { text-align: left; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; color: var(--soft); } dd { margin: 0; }
svg { width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: var(--soft); }
svg .grid { stroke: var(--rule); } svg .mark { stroke: var(--soft); stroke-dasharray: 4 3; } svg polyline { fill: none; stroke-width: 1.6; }
.bad { color: var(--s2); font-weight: 600; }
"""
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 900, 260, 70, 14, 40, 30


def step_of(top):
    rough = max(top, 1e-3) / 5
    power = 10 ** math.floor(math.log10(rough))
    return power * next(m for m in (1, 2, 5, 10) if rough / power <= m)


def plot(title, series, marks=None):
    """One SVG line plot; series: name -> [(x seconds, y)]; marks: what happened -> x seconds."""
    points = [point for line in series.values() for point in line]
    if not points:
        return ""
    right, high = max(x for x, _ in points) or 1, max(y for _, y in points)
    step = step_of(high)
    top = max(step, math.ceil(high / step) * step)
    across = lambda x: LEFT + x / right * (WIDTH - LEFT - RIGHT)
    up = lambda y: HEIGHT - BOTTOM - y / top * (HEIGHT - TOP - BOTTOM)
    out = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{html.escape(title)}">',
           f'<text x="{LEFT}" y="14" style="font-weight:600;fill:var(--ink)">{html.escape(title)}</text>']
    for i in range(round(top / step) + 1):
        y = up(i * step)
        out.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
                   f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{i * step:,g}</text>')
    tick = max(1, step_of(right))
    for i in range(int(right / tick) + 1):
        out.append(f'<text x="{across(i * tick):.1f}" y="{HEIGHT - 10}" text-anchor="middle">{i * tick:g} s</text>')
    for number, (name, line) in enumerate(series.items()):
        colour = f"var(--s{number % 5})"
        path = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in line)
        at = LEFT + 170 * number
        out.append(f'<polyline style="stroke:{colour}" points="{path}"/><rect x="{at}" y="21" width="10" height="10" '
                   f'style="fill:{colour}"/><text x="{at + 15}" y="30" style="fill:var(--ink)">{html.escape(name)}</text>')
    for what, x in (marks or {}).items():
        out.append(f'<line class="mark" x1="{across(x):.1f}" x2="{across(x):.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
                   f'<text x="{across(x) + 4:.1f}" y="{TOP + 12}">{html.escape(what)}</text>')
    return "\n".join(out) + "</svg>"


def svg_file(path, title, plots):
    """Plots below each other as one SVG file of its own."""
    inside = "".join(one.replace("<svg ", f'<svg y="{HEIGHT * i}" width="{WIDTH}" height="{HEIGHT}" ', 1)
                     for i, one in enumerate(plots))
    high = HEIGHT * len(plots)
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {high}" role="img" '
                    f'aria-label="{html.escape(title)}"><style>{STYLE}</style><rect width="{WIDTH}" height="{high}" '
                    f'style="fill:var(--paper)"/>{inside}</svg>\n', encoding="utf-8")


def table(header, rows):
    cells = lambda kind, row: "".join(f"<{kind}>{html.escape(str(cell))}</{kind}>" for cell in row)
    return ("<table><tr>" + cells("th", header) + "</tr>"
            + "".join("<tr>" + cells("td", row) + "</tr>" for row in rows) + "</table>")


def spread_of(values, form="{:,.2f}"):
    """Median, lowest and highest; nothing of no values."""
    if not values:
        return ""
    low, high = form.format(min(values)), form.format(max(values))
    return f"{form.format(statistics.median(values))} ({low}–{high})"


def timeline(result, column):
    """(x, y) of one column of a load result's timeline."""
    index = result["timelineColumns"].split(",").index(column)
    return [(row[0], row[index]) for row in result["timeline"]]


def text_table(header, rows):
    """The same table for a terminal."""
    widths = [max(len(str(row[i])) for row in [header, *rows]) for i in range(len(header))]
    return "\n".join("  ".join(str(cell).ljust(width) if i == 0 else str(cell).rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))) for row in [header, *rows])


def write(folder, facts, content, body):
    """Writes NAME.json and NAME.html and says so."""
    folder.mkdir(parents=True, exist_ok=True)
    name = facts["scenario"]
    (folder / f"{name}.json").write_text(json.dumps({**facts, **content}, indent=1) + "\n", encoding="utf-8")
    known = "".join(f"<dt>{key}</dt><dd>{html.escape(str(value))}</dd>" for key, value in facts.items())
    (folder / f"{name}.html").write_text(
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{name}</title><style>{STYLE}</style></head>'
        f"<body><h1>{name}</h1><dl>{known}</dl>{body}</body></html>\n", encoding="utf-8")
    print(f"\nwritten: {folder / name}.json, {folder / name}.html")


def invalid(results):
    """What no reader must overlook."""
    return "".join(f'<p class="bad">Invalid: {html.escape(label)}: {html.escape(result["invalid"])}</p>'
                   for label, result in results if not result["valid"])
