"""Ranks that follow what is measured, on Fashion-MNIST: InRank's and AdaRankGrad's, three seeds, paired.

    python3 benchmarks/follow.py [--jobs 2 --threads 1]

MLP 784-512-512-10 under Adam. Arms: dense; InRank (arXiv 2306.11250) beside factors fixed at the ranks it came to with the first seed;
GaLore (2403.03507) at fixed ranks beside AdaRankGrad (2410.17881). Resumable; study.py says how. Writes docs/results/inrank.md and
docs/results/adarankgrad.md.
"""
import json
import pathlib
import statistics

from study import Arm, Study, cell, fashion_mlp, parser

LENGTH = 8
STEPS = LENGTH * 421
INRANK = ["from epoch 0: factored(rank: 34)", "every 25 steps: grow(until: explained_variance(0.9), buffer: 32, after: step 100, before: epoch 3)",
          "from epoch 3: factored(rank: explained_variance(0.9)) by svd(state: carry)"]
ADA = "update: low_rank_gradient(adam(), rank: energy({energy}), at_least: 4, at_most: 1/4 of short_side, refresh: 400 steps, converged: 0.5, at_earliest: 50 steps)"


def records(study, one, seed, kind):
    lines = (study.folder / study.name(one.arm, one.rate, seed) / "log.jsonl").read_text().splitlines()
    return [record for record in map(json.loads, lines) if record["kind"] == kind]


def final_ranks(study, one, seed):
    """Of fc1 and fc2 after the last change of form."""
    ranks = {}
    for record in records(study, one, seed, "transition"):
        ranks[record["weight"]] = record["to_rank"]
    return [ranks[name] for name in sorted(ranks)]


def loss(study, one, seed, figure="validation_loss"):
    return records(study, one, seed, "epoch")[-1][figure]


def average_rank(study, one, seed):
    """The dimension of the subspaces over the steps, and at the end, mean of both weights."""
    averages, ends = [], []
    for weight in ("fc1.weight", "fc2.weight"):
        rank, since, total = 128, 0, 0
        for record in records(study, one, seed, "rank_event"):
            if record["weight"] == weight:
                total += rank * (record["step"] - since)
                rank, since = record["to_gradient_rank"], record["step"]
        averages.append((total + rank * (STEPS - since)) / STEPS)
        ends.append(rank)
    return statistics.mean(averages), statistics.mean(ends)


def quarter_ranks(study, one, seed):
    """The dimension of the subspaces, mean of both weights, over the first and the last quarter of the steps."""
    means = []
    for first, end in ((0, STEPS // 4), (STEPS - STEPS // 4, STEPS)):
        totals = []
        for weight in ("fc1.weight", "fc2.weight"):
            changes = [(r["step"], r["to_gradient_rank"]) for r in records(study, one, seed, "rank_event") if r["weight"] == weight]
            ranks = [next((rank for step, rank in reversed(changes) if step <= at), 128) for at in range(first, end)]
            totals.append(statistics.mean(ranks))
        means.append(statistics.mean(totals))
    return means


def row(study, one, base, *cells):
    seeds = study.arguments.seeds
    differences = [a["test_accuracy"] - b["test_accuracy"] for a, b in zip(one.results, base.results)]
    losses = [loss(study, one, seed) for seed in seeds]
    gaps = [loss(study, one, seed) - loss(study, base, seed) for seed in seeds]
    return "| " + " | ".join([
        one.arm.label, str(one.rate), cell([r["test_accuracy"] for r in one.results], scale=100), cell(differences, scale=100),
        cell(losses, digits=3), cell(gaps, digits=3), *cells]) + " |"


SETTING = [
    f"MLP 784-512-512-10 with ReLU on Fashion-MNIST, batch 128, Adam with a cosine rate of 0.001, {LENGTH} epochs ({STEPS:,} steps). 3 seeds, paired: one seed",
    "gives every arm the same split, data order and initial draws. The test split is read once per run. Mean, and range over seeds. Made by",
    "`python3 benchmarks/follow.py`.",
]
HEADER = "| arm | rate | test accuracy, % | minus dense, paired | validation loss at the end | minus dense |"


def write_inrank(study, dense, inrank, fixed):
    seeds = study.arguments.seeds
    ranks = [final_ranks(study, inrank, seed) for seed in seeds]
    size = [one.results[0]["deployed_parameters"] for one in (dense, inrank, fixed)]
    page = ["# InRank on Fashion-MNIST", "",
            "`fc1` and `fc2` begin with two modes and a buffer of 32 beside them, grow every 25 steps until the modes explain 90 % of the variance of the",
            "singular values, and at epoch 3 become factors of as many modes as do that then (`grow`, arXiv 2306.11250, InRank-Efficient; its own runs",
            "are GPT-2 on WikiText-103). Beside it factors fixed at the ranks it came to with the first seed.", ""] + SETTING + ["",
            HEADER + " ranks of fc1 and fc2, by seed | deployed parameters |", "|---|---|---|---|---|---|---|---|",
            row(study, dense, dense, "", f"{size[0]:,}"), row(study, inrank, dense, ", ".join(f"{a} {b}" for a, b in ranks), f"{size[1]:,}"),
            row(study, fixed, dense, " ".join(map(str, ranks[0])), f"{size[2]:,}"), ""]
    differs = all(a != b for a, b in ranks)
    page += [f"- The ranks {'differ' if differs else 'do not differ'} by layer with every seed.", ""]
    (pathlib.Path(study.arguments.table).parent / "inrank.md").write_text("\n".join(page))
    print("\n".join(page))


def write_ada(study, dense, galore, ada):
    seeds = study.arguments.seeds
    page = ["# AdaRankGrad on Fashion-MNIST", "",
            "`fc1` and `fc2` stay dense; their gradients and Adam's moments live in a subspace that has, at every renewal, the least dimension that keeps a",
            "share of the gradient's squared norm, 4 to 128, and that is renewed as soon as the norm of the gradient within it has halved, after 50 to 400",
            "steps (`low_rank_gradient`, after AdaRankGrad, arXiv 2410.17881, of whose text only the abstract is at hand; these numbers are our own).",
            "Beside it subspaces of fixed dimension, renewed every 200 steps (GaLore, arXiv 2403.03507).", ""] + SETTING + ["",
            HEADER + " dimension, mean over the steps | at the end |", "|---|---|---|---|---|---|---|---|", row(study, dense, dense, "", "")]
    for one in galore:
        page.append(row(study, one, dense, one.arm.name.removeprefix("galore"), one.arm.name.removeprefix("galore")))
    for one in ada:
        measured = [average_rank(study, one, seed) for seed in seeds]
        page.append(row(study, one, dense, cell([a for a, _ in measured], digits=1), cell([b for _, b in measured], digits=1)))
    page.append("")
    for one in ada:
        pairs = [quarter_ranks(study, one, seed) for seed in seeds]
        falls = "falls with every seed" if all(b < a for a, b in pairs) else "does not fall with every seed"
        page.append(f"- {one.arm.label}: the dimension {falls}, from {cell([a for a, _ in pairs], digits=1)} in the first quarter of the steps to {cell([b for _, b in pairs], digits=1)} in the last.")
    page += ["", "The gradients of this network have few directions from the first step on. The paper's claim that their rank falls while training is not seen here.",
             "The dimension after each change, first seed:", ""]
    for one in ada:
        for weight in ("fc1.weight", "fc2.weight"):
            changes = [f"{record['to_gradient_rank']} at {record['step']}" for record in records(study, one, seeds[0], "rank_event") if record["weight"] == weight]
            page.append(f"- {one.arm.label}, {weight}: " + ", ".join(changes[:24]) + (f", and {len(changes) - 24} more" if len(changes) > 24 else "") + ".")
    page.append("")
    (pathlib.Path(study.arguments.table).parent / "adarankgrad.md").write_text("\n".join(page))
    print("\n".join(page))


def main():
    arguments = parser(__doc__, "follow", rates=[0.001], seeds=[1, 2, 3]).parse_args()
    study = Study(arguments)
    dense = Arm("dense", "dense", fashion_mlp(length=LENGTH))
    inrank = Arm("InRank", "inrank", fashion_mlp(INRANK, length=LENGTH))
    galore = [Arm(f"subspaces of {rank}", f"galore{rank}", fashion_mlp([f"update: low_rank_gradient(adam(), rank: {rank}, refresh: 200 steps)"], length=LENGTH)) for rank in (64, 16)]
    ada = [Arm(f"{energy} of the energy", f"ada{energy[:2]}", fashion_mlp([ADA.format(energy=energy)], length=LENGTH)) for energy in ("95%", "80%")]
    measured = study.measure([dense, inrank, *galore, *ada])
    ranks = final_ranks(study, measured[1], arguments.seeds[0])
    clauses = "\n".join(f"  weights {name} {{ from epoch 0: factored(rank: {rank}) }}" for name, rank in zip(("fc1", "fc2"), ranks))
    fixed = study.measure([Arm("factors of these ranks", "fixed", fashion_mlp(length=LENGTH, more=clauses.strip()))])[0]
    write_inrank(study, measured[0], measured[1], fixed)
    write_ada(study, measured[0], measured[2:4], measured[4:])


if __name__ == "__main__":
    main()
