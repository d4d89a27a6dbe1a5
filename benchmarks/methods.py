"""The methods of drnc on one network and one data set at equal deployed size: MLP 784-512-512-10 on Fashion-MNIST, three seeds, paired.

    python3 benchmarks/methods.py [--jobs 2 --threads 1]

Every arm deploys about an eighth of the values of fc1 and fc2, but for those that are said to deploy dense weights. Resumable; study.py says
how. Writes docs/results/methods.md.
"""
import array
import json
import pathlib
import statistics
import struct

from study import Arm, Study, cell, fashion_mlp, parser

# fc1 and fc2 have 663,552 values; factors of rank r have (784 + 512 + 512 + 512) r = 2,320 r, at 35 an eighth.
RANK = 35
EIGHTH = "12.5%"


def program(clause, optimizer="adam()"):
    return fashion_mlp([entry for entry in clause.split("; ") if entry], optimizer=optimizer)


def arms():
    factored = f"factored(rank: {RANK})"
    carried = "by svd(state: carry)"
    mutate = "every 400 steps: mutate(prune_to: 12.5%, grow_to: [18%, 15%, 12.5%], at: [epoch 4, epoch 7])"
    elastic = "every 400 steps: mutate(prune_to: [9%, 11%, 12.5%], grow_to: 12.5%, at: [epoch 4, epoch 7])"
    galore = "update: low_rank_gradient(adam(), rank: 1/8 of short_side, refresh: 200 steps)"
    ada = "update: low_rank_gradient(adam(), rank: energy(80%), at_least: 4, at_most: 1/4 of short_side, refresh: 400 steps, converged: 0.5, at_earliest: 50 steps)"
    return [
        Arm("dense", "dense", program("")),
        Arm("factors throughout", "factored", program(f"from epoch 0: {factored}")),
        Arm("factors, dense, factors (2508.08625, as truncations)", "dynamic", program(f"from epoch 0: {factored}; from epoch 3: dense {carried}; from epoch 6: {factored} {carried}")),
        Arm("dense, then factors", "early", program(f"from epoch 0: dense; from epoch 3: {factored} {carried}")),
        Arm("dense, then ranks by budget", "budget", program(f"from epoch 0: dense; from epoch 3: factored(rank: budget(parameters: 1/8)) {carried}")),
        Arm("OIALR (2401.08505), cut to size at the end", "oialr", program(f"from epoch 0: dense; from epoch 2: core(rank: full) by svd(state: reset); every 400 steps: trim(below: 0.1, at_least: 6%, state: carry); from epoch 8: {factored} by svd(state: reset)")),
        Arm("InRank (2306.11250), cut to size at its end", "inrank", program(f"from epoch 0: factored(rank: 34); every 25 steps: grow(until: explained_variance(0.9), buffer: 32, after: step 100, before: epoch 4); from epoch 4: {factored} {carried}")),
        Arm("DLRT (2205.13571) at the fixed rank", "dlrt", program(f"update: basis_update(adam()); from epoch 0: core(rank: {RANK}, bases: moving)")),
        Arm("MEST (2110.14032), Elastic Mutation", "em", program(f"from epoch 0: sparse({EIGHTH}); {elastic}")),
        Arm("MEST, soft memory bound", "ems", program(f"from epoch 0: sparse({EIGHTH}); {mutate}")),
        Arm("fixed random mask", "mask", program(f"from epoch 0: sparse({EIGHTH})")),
        Arm("Powerpropagation (2110.00296), pruned at the end", "power", program(f"from epoch 0: power(2); from end: sparse({EIGHTH}) by svd")),
        Arm("two composed: sparse factors", "sparse-factors", program("from epoch 0: sparse(50%, of: factored(rank: 70))")),
        Arm("two composed: dense, then factors that are half zero", "early-sparse-factors", program(f"from epoch 0: dense; from epoch 3: factored(rank: 70) {carried}; from epoch 5: sparse(50%, of: factored(rank: 70)) {carried}")),
        Arm("GaLore (2403.03507), deploys dense", "galore", program(galore)),
        Arm("AdaRankGrad (2410.17881), deploys dense", "adarankgrad", program(ada)),
        Arm("extrapolation (2006.05720), deploys dense", "extrapolate", program("", "extrapolate(adam(), gradient: previous, scale: 0.5)")),
    ]


def deployed(study, one, seed):
    """Values other than zero that the deployed file has for fc1 and fc2."""
    folder = study.folder / study.name(one.arm, one.rate, seed)
    path = folder / "deployed.safetensors"
    data = (path if path.exists() else folder / "weights.safetensors").read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    count = 0
    for name, tensor in header.items():
        if name.startswith("fc") and ".weight" in name and not name.endswith("mask"):
            first, last = tensor["data_offsets"]
            values = array.array("f", data[8 + length + first : 8 + length + last])
            count += sum(1 for value in values if value)
    return count


def table(study, measured):
    lines = [
        "| arm | rate | test accuracy, % | minus factors throughout, paired | deployed values of fc1 and fc2 | of dense | trainable, average of dense | training arithmetic of dense |",
        "|---|---|---|---|---|---|---|---|",
    ]
    seeds, dense = study.arguments.seeds, measured[0].results
    base = next(one for one in measured if one.arm.name == "factored").results
    for one in measured:
        differences = [a["test_accuracy"] - b["test_accuracy"] for a, b in zip(one.results, base)]
        values = deployed(study, one, seeds[0])
        average = statistics.mean(r["average_trainable_parameters"] / r["dense_trainable_parameters"] for r in one.results)
        lines.append("| " + " | ".join([
            one.arm.label, str(one.rate), cell([r["test_accuracy"] for r in one.results], scale=100), cell(differences, scale=100), f"{values:,}",
            f"{values / 663552:.3f}", f"{average:.3f}", f"{one.results[0]['training_operations'] / dense[0]['training_operations']:.3f}",
        ]) + " |")
    return lines


def reading(measured):
    base = next(one for one in measured if one.arm.name == "factored").results
    lines = []
    for one in measured:
        if one.arm.name == "factored":
            continue
        differences = [a["test_accuracy"] - b["test_accuracy"] for a, b in zip(one.results, base)]
        verdict = "above" if min(differences) > 0 else "below" if max(differences) < 0 else None
        lines.append(f"- {one.arm.label}: " + (f"{verdict} factors throughout with every seed." if verdict else "no difference from factors throughout resolved."))
    return lines


def main():
    arguments = parser(__doc__, "methods", rates=[0.0005, 0.001, 0.002], seeds=[1, 2, 3]).parse_args()
    study = Study(arguments)
    measured = study.measure(arms())
    page = [
        "# The methods on one network at equal deployed size", "",
        "MLP 784-512-512-10 with ReLU on Fashion-MNIST, batch 128, Adam with a cosine rate, 10 epochs. `fc1` and `fc2` go by the method; the biases",
        "and the last layer are dense. An arm deploys about an eighth of the values of these two weights, as factors of rank 35 or as entries that are",
        "not zero, unless it says that it deploys dense weights. 3 seeds, paired: one seed gives every arm the same split, data order and initial",
        "draws. The rate of each arm is the best of 0.0005, 0.001, 0.002 on validation with the first seed. The test split is read once per run.",
        "Mean, and range over seeds. Each method is the one of its page, cut to the common size where it has none of its own; its other settings",
        "were not searched for; a rate of 0.0005 or 0.002 is the end of the range searched. Made by `python3 benchmarks/methods.py`.", "",
    ]
    page += table(study, measured) + [""] + reading(measured) + [""]
    pathlib.Path(arguments.table).write_text("\n".join(page))
    print("\n".join(page))


if __name__ == "__main__":
    main()
