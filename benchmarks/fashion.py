"""Dynamic-rank training against its baselines on Fashion-MNIST: MLP 784-1024-1024-10, ranks 1/16 and 1/32, five seeds, paired.

    python3 benchmarks/fashion.py [--drnc .build/release/drnc] [--folder .build-fashion] [--table docs/fashion.md]

Resumable: a run whose summary exists is not repeated. Per arm the learning rate is chosen from three on the validation split with the first
seed, then frozen for all seeds. The test split is read once per run, at its end. Arms of one seed share data order and initial values.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
root = here.parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--drnc", default=str(root / ".build/release/drnc"))
parser.add_argument("--folder", default=str(root / ".build-fashion"))
parser.add_argument("--table", default=str(root / "docs/fashion.md"))
parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
parser.add_argument("--rates", type=float, nargs="+", default=[0.01, 0.03, 0.1])
parser.add_argument("--ratios", type=int, nargs="+", default=[16, 32])
parser.add_argument("--threads", type=int, default=2)
arguments = parser.parse_args()
folder = pathlib.Path(arguments.folder)
EPOCHS, INFLATE, DROP, DEFLATE, DROP2 = 12, 4, 8, 10, 11

TEMPLATE = """data fashion {{
  source:     fashion_mnist()
  image:      tensor[1, 28, 28]
  label:      class(10)
  validation: 10%
  prepare:    standardize(per: pixel)
  last_batch: drop
}}

network mlp(image: tensor[1, 28, 28]) -> tensor[10] {{
  return image |> flatten |> fc1: linear(1024) |> relu |> fc2: linear(1024) |> relu |> head: linear(10)
}}

train mlp on fashion {{
  length:    {epochs} epochs
  batch:     128
  seed:      {seed}
  loss:      cross_entropy
  optimizer: sgd(momentum: 0.9)
  rate:      step({rate}, factor: 0.1, at: [epoch {drop}, epoch {drop2}], warmup: 1 epochs)
  {state}
  allow:     [cold_optimizer]
{weights}
  every 2 epochs: report(effective_rank, stable_rank)
}}
"""


def clause(*entries):
    return "  weights fc1, fc2 {\n" + "".join(f"    {entry}\n" for entry in entries) + "  }"


def arms(ratio):
    rank = f"rank: 1/{ratio} of short_side"
    return {
        "fixed low rank, Glorot factors": ("", clause(f"from epoch 0: factored({rank}, initial: glorot_each)")),
        "fixed low rank, SVD start": ("", clause(f"from epoch 0: factored({rank}, initial: svd)")),
        "dense, then SVD factors": ("state: carry", clause("from epoch 0: dense", f"from epoch {DEFLATE}: factored({rank}) by svd")),
        "dynamic rank, published form": (
            "state: reset",
            clause(f"from epoch 0: factored({rank}, initial: glorot_each)", f"from epoch {INFLATE}: dense", f"from epoch {DEFLATE}: adapter({rank}, alpha: 16)"),
        ),
        "dynamic rank, SVD form": (
            "state: carry",
            clause(f"from epoch 0: factored({rank}, initial: svd)", f"from epoch {INFLATE}: dense", f"from epoch {DEFLATE}: factored({rank}) by svd"),
        ),
    }


def scaled(epoch, factor):
    return max(1, round(epoch * factor))


def run(name, arm, rate, seed, factor=1.0):
    """Trains one arm unless its summary exists; returns the summary."""
    state, weights = arm
    target = folder / f"{name}-rate{rate}-seed{seed}".replace(" ", "_").replace(",", "").replace("/", "_")
    summary = target / "summary.json"
    if not summary.exists():
        subprocess.run(["rm", "-rf", str(target)], check=True)
        source = folder / f"{target.name}.drn"
        folder.mkdir(parents=True, exist_ok=True)
        epochs = scaled(EPOCHS, factor)
        # Rounding must not push a drop onto the end of the run.
        drop2 = min(scaled(DROP2, factor), epochs - 1)
        drop = min(scaled(DROP, factor), drop2 - 1)
        text = TEMPLATE.format(
            epochs=epochs, seed=seed, rate=rate, state=state, weights=weights, drop=drop, drop2=drop2
        )
        if "cold_optimizer" in text and "reset" not in state:
            text = text.replace("  allow:     [cold_optimizer]\n", "")
        source.write_text(text)
        command = [arguments.drnc, "train", str(source), "--quiet", "--threads", str(arguments.threads), "--output", str(target)]
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
        if finished.returncode != 0 and "diverged" not in finished.stderr and "DRN0701" not in finished.stderr:
            sys.exit(f"{' '.join(command)}\n{finished.stderr}")
        if finished.returncode != 0:
            target.mkdir(parents=True, exist_ok=True)
            summary.write_text(json.dumps({"diverged": True, "validation_accuracy": 0.0, "test_accuracy": 0.0}))
        print(f"{target.name}: validation {json.loads(summary.read_text()).get('validation_accuracy'):.4f}", file=sys.stderr, flush=True)
    result = json.loads(summary.read_text())
    ranks = [json.loads(line) for line in (target / "log.jsonl").read_text().splitlines() if '"report"' in line] if (target / "log.jsonl").exists() else []
    result["effective_rank"] = [(r["epoch"], r["weight"], r.get("effective_rank")) for r in ranks]
    return result


def measure(label, name, arm, factor=1.0):
    first = arguments.seeds[0]
    rate = max(arguments.rates, key=lambda rate: run(name, arm, rate, first, factor).get("validation_accuracy", 0.0))
    results = [run(name, arm, rate, seed, factor) for seed in arguments.seeds]
    return {"label": label, "rate": rate, "results": results, "factor": factor}


def rows():
    dense = ("", "")
    yield measure("dense", "dense", dense)
    for ratio in arguments.ratios:
        dynamic = run(f"dynamic rank, SVD form-{ratio}", arms(ratio)["dynamic rank, SVD form"], arguments.rates[0], arguments.seeds[0])
        base = run("dense", dense, arguments.rates[0], arguments.seeds[0])
        factor = dynamic["training_operations"] / base["training_operations"]
        yield measure(f"dense at the arithmetic of dynamic rank 1/{ratio}", f"dense-equal-{ratio}", dense, factor)
        for label, arm in arms(ratio).items():
            yield measure(f"{label}, 1/{ratio}", f"{label}-{ratio}", arm)


def cell(values, digits=2, scale=1.0):
    values = [v * scale for v in values]
    return f"{statistics.mean(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def main():
    measured = list(rows())
    dense = next(m for m in measured if m["label"] == "dense")
    reference = [r["test_accuracy"] for r in dense["results"]]
    lines = [
        "# Dynamic-rank training on Fashion-MNIST",
        "",
        f"MLP 784-1024-1024-10 with ReLU, batch 128, SGD with momentum 0.9, {EPOCHS} epochs, rate dropped tenfold at epochs {DROP} and {DROP2},",
        f"inflated at {INFLATE}, deflated at {DEFLATE}. {len(arguments.seeds)} seeds, paired: one seed gives every arm the same split, data order and initial",
        "draws. The rate of each arm is the best of " + ", ".join(map(str, arguments.rates)) + " on validation with the first seed. The test split is read once per run.",
        "Mean, and range over seeds. Made by `python3 benchmarks/fashion.py --ratios " + " ".join(map(str, arguments.ratios)) + "`.",
        "",
        "| arm | rate | test accuracy, % | minus dense, paired | trainable, average of dense | deployed parameters | training arithmetic of dense | arena peak, MiB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for m in measured:
        results = m["results"]
        accuracy = [r["test_accuracy"] for r in results]
        differences = [a - b for a, b in zip(accuracy, reference)]
        base = dense["results"][0]
        lines.append(
            f"| {m['label']} | {m['rate']} | {cell(accuracy, 2, 100)} | {cell(differences, 2, 100)} "
            f"| {statistics.mean(r['average_trainable_parameters'] / r['dense_trainable_parameters'] for r in results):.3f} "
            f"| {results[0]['deployed_parameters']:,} | {results[0]['training_operations'] / base['training_operations']:.3f} "
            f"| {results[0]['peak_arena_bytes'] / 2**20:.1f} |"
        )
    lines += ["", "## Effective rank of fc2 over time (first seed)", "", "| arm | " + " | ".join(str(e) for e in range(2, EPOCHS + 1, 2)) + " |"]
    lines.append("|---|" + "---|" * (EPOCHS // 2))
    for m in measured:
        by_epoch = {e: v for e, w, v in m["results"][0]["effective_rank"] if w.startswith("fc2")}
        lines.append(f"| {m['label']} | " + " | ".join(f"{by_epoch[e]:.0f}" if e in by_epoch else "" for e in range(2, EPOCHS + 1, 2)) + " |")
    lines += ["", "![Test accuracy against training arithmetic](fashion.svg)", "", reading(measured, reference), ""]
    pathlib.Path(arguments.table).write_text("\n".join(lines))
    pathlib.Path(arguments.table).with_suffix(".svg").write_text(figure(measured, dense))
    print("\n".join(lines))


def reading(measured, reference):
    """States only what the ranges support."""
    text = []
    for m in measured:
        if m["label"] == "dense":
            continue
        differences = [r["test_accuracy"] - b for r, b in zip(m["results"], reference)]
        if min(differences) > 0:
            text.append(f"- {m['label']}: above dense with every seed.")
        elif max(differences) < 0:
            text.append(f"- {m['label']}: below dense with every seed.")
        else:
            text.append(f"- {m['label']}: no difference from dense resolved.")
    return "\n".join(text)


def figure(measured, dense):
    width, height, left, bottom = 720, 420, 60, 50
    base = dense["results"][0]["training_operations"]
    points = [(m["label"], m["results"][0]["training_operations"] / base, [r["test_accuracy"] * 100 for r in m["results"]]) for m in measured]
    low = min(min(a) for _, _, a in points) - 0.2
    high = max(max(a) for _, _, a in points) + 0.2
    right = max(x for _, x, _ in points) * 1.05
    place_x = lambda x: left + x / right * (width - left - 260)
    place_y = lambda y: height - bottom - (y - low) / (high - low) * (height - bottom - 20)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="11">']
    parts.append(f'<rect width="{width}" height="{height}" fill="white"/>')
    parts.append(f'<path d="M{left} 20 V{height - bottom} H{width - 250}" stroke="black" fill="none"/>')
    for tick in range(0, int(right / 0.25) + 1):
        parts.append(f'<text x="{place_x(tick * 0.25):.0f}" y="{height - bottom + 16}" text-anchor="middle">{tick * 0.25:.2f}</text>')
    step = max(0.1, round((high - low) / 6, 1))
    value = round(low, 1)
    while value < high:
        parts.append(f'<text x="{left - 6}" y="{place_y(value) + 4:.0f}" text-anchor="end">{value:.1f}</text>')
        value += step
    parts.append(f'<text x="{(left + width - 250) / 2:.0f}" y="{height - 12}" text-anchor="middle">training arithmetic relative to dense</text>')
    parts.append(f'<text x="14" y="{height / 2:.0f}" transform="rotate(-90 14 {height / 2:.0f})" text-anchor="middle">test accuracy, %</text>')
    colors = ["#000000", "#888888", "#e69f00", "#56b4e9", "#009e73", "#d55e00", "#cc79a7", "#666666", "#b8860b", "#0072b2", "#006400", "#8b0000", "#800080"]
    for index, (label, x, accuracies) in enumerate(points):
        color = colors[index % len(colors)]
        mean = statistics.mean(accuracies)
        parts.append(f'<path d="M{place_x(x):.1f} {place_y(min(accuracies)):.1f} V{place_y(max(accuracies)):.1f}" stroke="{color}"/>')
        parts.append(f'<circle cx="{place_x(x):.1f}" cy="{place_y(mean):.1f}" r="4" fill="{color}"/>')
        parts.append(f'<circle cx="{width - 240}" cy="{30 + 18 * index}" r="4" fill="{color}"/><text x="{width - 230}" y="{34 + 18 * index}">{label}</text>')
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


main()
