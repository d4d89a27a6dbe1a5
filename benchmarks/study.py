"""Arms trained with several seeds on real data: resumable runs, a rate per arm chosen on validation, one table and one figure.

Used by fashion.py, cifar.py and the others. A run whose summary exists is not repeated, and one that was killed goes on. The rate of an arm is the best on the validation split with the
first seed (its own runs, or those of an arm with less data), then frozen for all seeds. The test split is read once per run, at its end.

What takes hours may be spread over machines: `--records FILE` keeps the result of every run in a file that goes with the repository, and does not repeat
a run that the file has of the same program.

Seconds are measured apart, on a quiet machine. `--timings runs` repeats the first seed of every arm; each run must give the accuracies of the
one it repeats, or the script stops. `--timings steps` times some steps of every phase and multiplies by their number: evaluation, transitions
and loading are then not counted.
"""
import argparse
import csv
import hashlib
import json
import pathlib
import re
import statistics
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Callable

root = pathlib.Path(__file__).resolve().parent.parent


FASHION_MLP = """data fashion {{
  source:     fashion_mnist()
  image:      tensor[1, 28, 28]
  label:      class(10)
  validation: 10%
  split_seed: {seed}
  prepare:    standardize(per: pixel)
  last_batch: drop
}}

network mlp(image: tensor[1, 28, 28]) -> tensor[10] {{
  return image |> flatten |> fc1: linear(512) |> relu |> fc2: linear(512) |> relu |> head: linear(10)
}}

train mlp on fashion {{
  length:    {length} epochs
  batch:     128
  seed:      {seed}
  loss:      cross_entropy
  optimizer: {optimizer}
  rate:      cosine({rate}{warmup})
{clause}{more}
}}
"""


def fashion_mlp(entries=(), length=10, optimizer="adam()", warmup="", more=""):
    """The source of an arm: MLP 784-512-512-10 on Fashion-MNIST, with these entries in a clause of `fc1` and `fc2`."""
    clause = "  weights fc* {\n" + "".join(f"    {entry}\n" for entry in entries) + "  }\n" if entries else ""
    return lambda rate, seed: FASHION_MLP.format(
        rate=rate, seed=seed, length=length, optimizer=optimizer, warmup=warmup and f", warmup: {warmup}", clause=clause, more=more and f"  {more}\n")


@dataclass(eq=False)
class Arm:
    """One way to train. `source` gives the program for a rate and a seed; `options` go to `drnc train`."""

    label: str
    name: str
    source: Callable[[float, int], str]
    options: list = field(default_factory=list)
    # Arms are compared with the first arm of their group.
    group: str = ""
    # The arm whose validation chooses the rate; by default this one.
    rates_of: "Arm | None" = None


@dataclass
class Measured:
    arm: Arm
    rate: float
    results: list
    # Seconds on a quiet machine, or None.
    seconds: float | None
    # Of the largest arena of a phase.
    arena_bytes: int


def parser(description, name, rates, seeds):
    result = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    result.add_argument("--drnc", default=str(root / ".build/release/drnc"))
    result.add_argument("--folder", default=str(root / f".build-{name}"), help="where runs are kept")
    result.add_argument("--table", default=str(root / f"docs/results/{name}.md"), help="the page to write; the figure goes beside it")
    result.add_argument("--seeds", type=int, nargs="+", default=seeds)
    result.add_argument("--rates", type=float, nargs="+", default=rates)
    result.add_argument("--threads", type=int, default=2)
    result.add_argument("--jobs", type=int, default=1, help="runs at the same time; the timed ones always run alone")
    result.add_argument("--records", help="a file that keeps the results of runs beside their folders")
    result.add_argument("--timings", choices=["runs", "steps"], help="also measure seconds, with the first seed: of whole runs, or of the steps of each phase")
    return result


class Study:
    def __init__(self, arguments, score=lambda result: result["validation_accuracy"]):
        self.arguments = arguments
        # What the best rate of an arm has most of.
        self.score = score
        self.folder = pathlib.Path(arguments.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.records = pathlib.Path(arguments.records) if arguments.records else None
        self.recorded = json.loads(self.records.read_text()) if self.records and self.records.exists() else {}
        self.lock = Lock()

    def run(self, arm, rate, seed, prefix=""):
        """The summary of one run, trained unless it exists or is recorded."""
        name = self.name(arm, rate, seed, prefix)
        # Paths differ from machine to machine.
        program = hashlib.sha256(re.sub(r'"[^"]*"', '""', arm.source(rate, seed)).encode()).hexdigest()
        known = self.recorded.get(name)
        if known and known["program"] == program:
            return known["result"]
        target = self.folder / name
        summary = target / "summary.json"
        # An interrupted run leaves a summary too, which says so.
        if not summary.exists() or json.loads(summary.read_text()).get("interrupted") == "yes":
            source = self.folder / f"{name}.drn"
            text = arm.source(rate, seed)
            # What was killed goes on from its last checkpoint, unless its program was another.
            goes_on = (target / "checkpoints").exists() and source.exists() and source.read_text() == text
            source.write_text(text)
            threads = ["--quiet", "--threads", str(self.arguments.threads)]
            finished = subprocess.run([self.arguments.drnc, "train", "--resume", str(target), *threads], capture_output=True, text=True, check=False) if goes_on else None
            if finished is None or (finished.returncode != 0 and "DRN0701" not in finished.stderr):
                subprocess.run(["rm", "-rf", str(target)], check=True)
                command = [self.arguments.drnc, "train", str(source), *threads, "--output", str(target)]
                finished = subprocess.run(command + arm.options, capture_output=True, text=True, check=False)
            diverged = finished.returncode != 0 and "DRN0701" in finished.stderr
            if finished.returncode != 0 and not diverged:
                sys.exit(f"{name}\n{finished.stderr}")
            if diverged:
                target.mkdir(parents=True, exist_ok=True)
                summary.write_text(json.dumps({"diverged": True, "validation_accuracy": 0.0, "test_accuracy": 0.0}))
            print(f"{name}: validation {json.loads(summary.read_text()).get('validation_accuracy'):.4f}", file=sys.stderr, flush=True)
        result = json.loads(summary.read_text())
        log = target / "log.jsonl"
        lines = [json.loads(line) for line in log.read_text().splitlines() if '"report"' in line] if log.exists() else []
        result["effective_rank"] = [(line["epoch"], line["weight"], line.get("effective_rank")) for line in lines]
        if self.records and not prefix:
            with self.lock:
                self.recorded[name] = {"program": program, "result": result}
                self.records.parent.mkdir(parents=True, exist_ok=True)
                self.records.write_text(json.dumps(self.recorded, indent=1, sort_keys=True) + "\n")
        timing = target / "timing.csv"
        if timing.exists():
            with timing.open() as rows:
                result["seconds"] = sum(float(row["seconds"]) for row in csv.DictReader(rows))
        return result

    def measure(self, arms):
        """The rate of every arm, then its seeds, then its time."""
        seeds, rates = self.arguments.seeds, self.arguments.rates
        self.together((arm.rates_of or arm, rate, seeds[0]) for rate in rates for arm in arms)
        chosen = [max(rates, key=lambda rate: self.score(self.run(arm.rates_of or arm, rate, seeds[0]))) for arm in arms]
        self.together((arm, rate, seed) for seed in seeds for arm, rate in zip(arms, chosen))
        results = [[self.run(arm, rate, seed) for seed in seeds] for arm, rate in zip(arms, chosen)]
        return [Measured(arm, rate, result, *self.timed(arm, rate, result[0])) for arm, rate, result in zip(arms, chosen, results)]

    def together(self, runs):
        """Makes the runs, `--jobs` at a time."""
        with ThreadPoolExecutor(self.arguments.jobs) as pool:
            # Reading the results raises what a run raised.
            list(pool.map(lambda run: self.run(*run), dict.fromkeys(runs)))

    def name(self, arm, rate, seed, prefix=""):
        return prefix + f"{arm.name}-rate{rate}-seed{seed}".replace(" ", "_").replace(",", "").replace("/", "_")

    def timed(self, arm, rate, result):
        """Seconds of the first seed, measured apart, and bytes of its arena; no seconds where they are not asked for and not known."""
        if self.arguments.timings == "steps":
            return self.timed_steps(arm, rate)
        first = self.arguments.seeds[0]
        name = self.name(arm, rate, first, prefix="timed-")
        if not self.arguments.timings and not (self.folder / name / "summary.json").exists():
            return None, result["peak_arena_bytes"]
        timed = self.run(arm, rate, first, prefix="timed-")
        for figure in ("validation_accuracy", "test_accuracy"):
            if timed[figure] != result[figure]:
                sys.exit(f"{name} gives another {figure} than the run it repeats: {timed[figure]} instead of {result[figure]}")
        return timed["seconds"], timed["peak_arena_bytes"]

    def timed_steps(self, arm, rate):
        """Steps of each phase of a finished run times the median time of some of them."""
        name = self.name(arm, rate, self.arguments.seeds[0])
        epochs = [json.loads(line) for line in (self.folder / name / "log.jsonl").read_text().splitlines() if '"kind": "epoch"' in line]
        steps, before = {}, 0
        for epoch in epochs:
            steps[epoch["phase"]] = steps.get(epoch["phase"], 0) + epoch["step"] - before
            before = epoch["step"]
        command = [self.arguments.drnc, "benchmark", str(self.folder / f"{name}.drn"), "--steps", "10", "--warm-up", "3", "--json"]
        seconds, arena = 0.0, 0
        for phase, count in steps.items():
            finished = subprocess.run(
                [*command, "--phase", str(phase), "--threads", str(self.arguments.threads)], capture_output=True, text=True, check=True)
            timed = json.loads(finished.stdout.splitlines()[-1])
            seconds += count * timed["median"] / 1e3
            arena = max(arena, timed["arena"])
        return seconds, arena


def verdict(differences):
    """States only what the range of paired differences supports."""
    if min(differences) > 0:
        return "above with every seed"
    return "below with every seed" if max(differences) < 0 else "no difference resolved"


def cell(values, digits=2, scale=1.0):
    values = [value * scale for value in values]
    return f"{statistics.mean(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def table(measured):
    """Every arm beside the first of its group, paired by seed."""
    lines = [
        "| arm | rate | test accuracy, % | minus dense, paired | trainable, average of dense | final trainable | deployed parameters "
        "| training arithmetic of dense | seconds | arena, MiB |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for one in measured:
        base = reference(one, measured).results
        differences = [a["test_accuracy"] - b["test_accuracy"] for a, b in zip(one.results, base)]
        first = one.results[0]
        average = statistics.mean(r["average_trainable_parameters"] / r["dense_trainable_parameters"] for r in one.results)
        cells = [
            one.arm.label, str(one.rate), cell([r["test_accuracy"] for r in one.results], scale=100), cell(differences, scale=100),
            f"{average:.3f}", f"{first['final_trainable_parameters']:,}",
            f"{first['deployed_parameters']:,}", f"{first['training_operations'] / base[0]['training_operations']:.3f}",
            "" if one.seconds is None else f"{one.seconds:.1f}", f"{one.arena_bytes / 2**20:.1f}",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def reference(one, measured):
    return next(other for other in measured if other.arm.group == one.arm.group)


def effective_ranks(measured, weight):
    """Effective rank of one weight over time, first seed."""
    series = [{epoch: value for epoch, name, value in one.results[0]["effective_rank"] if name.startswith(weight)} for one in measured]
    epochs = sorted(set().union(*series)) if series else []
    lines = [f"## Effective rank of {weight} over time (first seed)", "", "| arm, after epoch | " + " | ".join(map(str, epochs)) + " |", "|---|" + "---|" * len(epochs)]
    for one, values in zip(measured, series):
        lines.append(f"| {one.arm.label} | " + " | ".join(f"{values[e]:.1f}" if values.get(e) is not None else "" for e in epochs) + " |")
    return lines


def reading(measured):
    """States only what the ranges support."""
    lines = []
    for one in measured:
        base = reference(one, measured)
        if one is base:
            continue
        differences = [a["test_accuracy"] - b["test_accuracy"] for a, b in zip(one.results, base.results)]
        if min(differences) > 0:
            verdict = "above dense with every seed"
        elif max(differences) < 0:
            verdict = "below dense with every seed"
        else:
            verdict = "no difference from dense resolved"
        lines.append(f"- {one.arm.label}: {verdict}.")
    return lines


def figure(measured):
    """Test accuracy against training arithmetic, as SVG: the mean, and a bar over the seeds."""
    width, height, left, bottom, legend = 760, 440, 60, 50, 300
    points = []
    for one in measured:
        base = reference(one, measured).results[0]["training_operations"]
        points.append((one.arm.label, one.results[0]["training_operations"] / base, [r["test_accuracy"] * 100 for r in one.results]))
    low = min(min(values) for _, _, values in points) - 0.2
    high = max(max(values) for _, _, values in points) + 0.2
    right = max(x for _, x, _ in points) * 1.05

    def place_x(x):
        return left + x / right * (width - left - legend)

    def place_y(y):
        return height - bottom - (y - low) / (high - low) * (height - bottom - 20)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<path d="M{left} 20 V{height - bottom} H{width - legend + 10}" stroke="black" fill="none"/>',
    ]
    for tick in range(0, int(right / 0.25) + 1):
        parts.append(f'<text x="{place_x(tick * 0.25):.0f}" y="{height - bottom + 16}" text-anchor="middle">{tick * 0.25:.2f}</text>')
    step = max(0.1, round((high - low) / 6, 1))
    value = round(low, 1)
    while value < high:
        parts.append(f'<text x="{left - 6}" y="{place_y(value) + 4:.0f}" text-anchor="end">{value:.1f}</text>')
        value += step
    middle = (left + width - legend) / 2
    parts.append(f'<text x="{middle:.0f}" y="{height - 12}" text-anchor="middle">training arithmetic relative to dense</text>')
    parts.append(f'<text x="14" y="{height / 2:.0f}" transform="rotate(-90 14 {height / 2:.0f})" text-anchor="middle">test accuracy, %</text>')
    # Okabe and Ito's palette, legible with colour blindness, then darker shades of it.
    colors = ["#000000", "#888888", "#e69f00", "#56b4e9", "#009e73", "#d55e00", "#cc79a7", "#666666", "#b8860b", "#0072b2", "#006400", "#8b0000", "#800080"]
    for index, (label, x, accuracies) in enumerate(points):
        color = colors[index % len(colors)]
        parts.append(f'<path d="M{place_x(x):.1f} {place_y(min(accuracies)):.1f} V{place_y(max(accuracies)):.1f}" stroke="{color}"/>')
        parts.append(f'<circle cx="{place_x(x):.1f}" cy="{place_y(statistics.mean(accuracies)):.1f}" r="4" fill="{color}"/>')
        y = 30 + 18 * index
        parts.append(f'<circle cx="{width - legend + 20}" cy="{y}" r="4" fill="{color}"/><text x="{width - legend + 30}" y="{y + 4}">{label}</text>')
    return "\n".join(parts + ["</svg>"]) + "\n"


def write(arguments, introduction, measured, weight):
    page = pathlib.Path(arguments.table)
    picture = page.with_suffix(".svg")
    lines = introduction + [""] + table(measured) + [""] + effective_ranks(measured, weight)
    lines += ["", f"![Test accuracy against training arithmetic]({picture.name})", ""] + reading(measured) + [""]
    page.write_text("\n".join(lines))
    picture.write_text(figure(measured))
    print("\n".join(lines))
