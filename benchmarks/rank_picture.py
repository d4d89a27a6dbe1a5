"""Draws the effective rank of weights over the epochs of one run, as SVG.

    sed 's/every 2 epochs: report/every 1 epochs: report/' models/quickstart.drn | drnc train - --output runs/ranks
    python3 benchmarks/rank_picture.py runs/ranks docs/results/ranks.svg

Reads `log.jsonl` of a run folder: the records `report` give the points, the records `transition` the forms. A weight without a transition is left
out, as its form does not change.
"""
import argparse
import json
import pathlib

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 300, 62, 24, 36, 46
# Okabe and Ito's palette, legible with colour blindness.
COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"]


def read(folder):
    """The points of each weight by name, and the moments at which forms change with the form before and after."""
    records = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    transitions = [record for record in records if record["kind"] == "transition"]
    names = list(dict.fromkeys(record["weight"] for record in transitions))
    points = {name: [] for name in names}
    for record in records:
        if record["kind"] == "report" and record["weight"] in points and record["effective_rank"] is not None:
            points[record["weight"]].append((record["epoch"], record["effective_rank"]))
    changes = {}
    for record in transitions:
        changes[record["epoch"]] = (form(record, "from"), form(record, "to"))
    return points, sorted(changes.items())


def form(record, side):
    rank = record[f"{side}_rank"]
    return record[side] if rank is None else f"{record[side]}, rank {rank}"


def picture(points, changes):
    last = max(epoch for series in points.values() for epoch, _ in series)
    step = 50 if max(value for series in points.values() for _, value in series) <= 400 else 100
    top = -(-max(value for series in points.values() for _, value in series) // step) * step

    def x(epoch):
        return LEFT + epoch / last * (WIDTH - LEFT - RIGHT)

    def y(value):
        return HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - TOP)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    bounds = [0] + [epoch for epoch, _ in changes] + [last]
    forms = [changes[0][1][0]] + [after for _, (_, after) in changes]
    for begin, end, name in zip(bounds, bounds[1:], forms):
        fill = "#eef3f8" if "rank" in name else "#fdf3e4"
        parts.append(f'<rect x="{x(begin):.1f}" y="{TOP}" width="{x(end) - x(begin):.1f}" height="{HEIGHT - BOTTOM - TOP}" fill="{fill}"/>')
        parts.append(f'<text x="{(x(begin) + x(end)) / 2:.1f}" y="{TOP - 10}" text-anchor="middle">{name}</text>')
    for value in range(0, int(top) + 1, step):
        parts.append(f'<path d="M{LEFT} {y(value):.1f} H{WIDTH - RIGHT}" stroke="#cccccc" stroke-width="0.5"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{value}</text>')
    for epoch in range(0, last + 1, max(1, last // 10)):
        parts.append(f'<text x="{x(epoch):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{epoch}</text>')
    middle = (TOP + HEIGHT - BOTTOM) / 2
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.1f}" y="{HEIGHT - 10}" text-anchor="middle">epoch</text>')
    parts.append(f'<text x="16" y="{middle}" transform="rotate(-90 16 {middle})" text-anchor="middle">effective rank</text>')
    for index, (name, series) in enumerate(points.items()):
        color = COLORS[index % len(COLORS)]
        line = " ".join(f"{x(epoch):.1f},{y(value):.1f}" for epoch, value in series)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>')
        for epoch, value in series:
            parts.append(f'<circle cx="{x(epoch):.1f}" cy="{y(value):.1f}" r="2.5" fill="{color}"/>')
        parts.append(f'<text x="{LEFT + 14}" y="{TOP + 20 + 18 * index}" fill="{color}">{name.removesuffix(".weight")}</text>')
    return "\n".join(parts + ["</svg>"]) + "\n"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("run", type=pathlib.Path, help="a run folder")
    arguments.add_argument("picture", type=pathlib.Path, help="the file to write")
    arguments = arguments.parse_args()
    arguments.picture.write_text(picture(*read(arguments.run)))


if __name__ == "__main__":
    main()
