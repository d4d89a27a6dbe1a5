"""Masks that mutate beside masks that stay, on Fashion-MNIST: MLP 784-512-512-10, both hidden weights sparse, three seeds, paired.

    python3 benchmarks/mest.py [--jobs 2 --threads 1]

Arms at 98 and 99 % zeros: a random mask that stays, the largest entries of the first draw, Elastic Mutation, its soft memory bound (MEST, arXiv
2110.14032). Resumable; study.py says how. Writes docs/results/mest.md.
"""
import pathlib

from study import Arm, Study, cell, fashion_mlp, parser


def program(form, *events):
    return fashion_mlp([f"from epoch 0: {form}", *events], optimizer="sgd(momentum: 0.9)")


def mutate(prune, grow):
    return f"every 150 steps: mutate(prune_to: [{prune}], grow_to: [{grow}], at: [epoch 4, epoch 8])"


def arms():
    result = [Arm("dense", "dense", program("dense"))]
    for density in [2, 1]:
        zeros, form = 100 - density, f"sparse({density}%)"
        share = lambda factor: f"{density * factor:g}%"  # noqa: E731
        group = f"{zeros}"
        result += [
            Arm(f"{zeros} % zeros, random mask that stays", f"random{zeros}", program(form), group=group),
            Arm(f"{zeros} % zeros, largest of the first draw", f"magnitude{zeros}", program(f"sparse({density}%, mask: magnitude)"), group=group),
            Arm(f"{zeros} % zeros, Elastic Mutation", f"em{zeros}", program(form, mutate(", ".join(map(share, [0.8, 0.9, 1])), share(1))), group=group),
            Arm(f"{zeros} % zeros, soft memory bound", f"ems{zeros}", program(form, mutate(share(1), ", ".join(map(share, [1.5, 1.25, 1])))), group=group),
        ]
    return result


def main():
    arguments = parser(__doc__, "mest", rates=[0.03, 0.1, 0.3], seeds=[1, 2, 3]).parse_args()
    study = Study(arguments)
    measured = study.measure(arms())
    lines = ["| arm | rate | test accuracy, % | minus the random mask of the same size, paired |", "|---|---|---|---|"]
    reading = []
    for one in measured:
        base = next(other for other in measured if other.arm.group == one.arm.group).results
        differences = [a["test_accuracy"] - b["test_accuracy"] for a, b in zip(one.results, base)]
        lines.append(f"| {one.arm.label} | {one.rate} | {cell([r['test_accuracy'] for r in one.results], scale=100)} | {cell(differences, scale=100)} |")
    for zeros in ["98", "99"]:
        names = [f"{kind}{zeros}" for kind in ("random", "magnitude", "em", "ems")]
        means = [sum(r["test_accuracy"] for r in next(o for o in measured if o.arm.name == name).results) for name in names]
        order = all(a < b for a, b in zip(means, means[1:]))
        reading.append(f"- {zeros} % zeros: the means are {'' if order else 'not '}in the order random, largest of the draw, Elastic Mutation, soft memory bound.")
    page = [
        "# Masks that mutate on Fashion-MNIST", "",
        "MLP 784-512-512-10 with ReLU, batch 128, SGD with momentum 0.9 and a cosine rate, 10 epochs. `fc1` and `fc2` are `sparse`; every 150 steps",
        "`mutate` moves their masks, less and less at epochs 4 and 8 (MEST, arXiv 2110.14032): Elastic Mutation prunes to 0.8 and 0.9 of the",
        "entries and grows back, the soft memory bound prunes to them and grows to 1.5 and 1.25 times. The last two epochs have the mask of the",
        "target. 3 seeds, paired. The rate of each arm is the best of 0.03, 0.1, 0.3 on validation with the first seed. The test split is read once per",
        "run. Mean, and range over seeds. The published runs are ResNet-32 on CIFAR over 160 epochs, with masks changed every 5; its data sieving",
        "is not part of this. Memory and arithmetic are those of dense weights: there are no sparse kernels. Made by `python3 benchmarks/mest.py`.", "",
    ]
    page += lines + [""] + reading + [""]
    pathlib.Path(arguments.table).write_text("\n".join(page))
    print("\n".join(page))


if __name__ == "__main__":
    main()
