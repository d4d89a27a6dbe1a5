"""Looking ahead along past gradients under a large batch, on Fashion-MNIST: MLP 784-512-512-10, batch 4,096 in 16 parts, three seeds, paired.

    python3 benchmarks/extrapolation.py [--jobs 2 --threads 1]

Arms: SGD with momentum; `extrapolate` along the previous gradient of the batch or of each part (arXiv 2006.05720 is about the latter), along the
current one, along noise. Resumable; study.py says how. Writes docs/results/extrapolation.md.
"""
import pathlib

from study import Arm, Study, cell, fashion_mlp, parser

INNER = "sgd(momentum: 0.9)"


def program(optimizer):
    text = fashion_mlp(length=12, optimizer=optimizer, warmup="1 epochs", more="accumulation: 16")
    return lambda rate, seed: text(rate, seed).replace("batch:     128", "batch:     256")


def arms():
    result = [Arm("momentum", "momentum", program(INNER))]
    for gradient, by, scales in [("previous", "batch", ["1/4", "1"]), ("previous", "part", ["1/16", "1/4", "1"]), ("current", "batch", ["1/4"]), ("noise", "part", ["1/4"])]:
        for scale in scales:
            name = f"{gradient}-{by}-{scale.replace('/', 'of')}"
            optimizer = f"extrapolate({INNER}, gradient: {gradient}, by: {by}, scale: {scale})"
            result.append(Arm(f"{gradient} gradient of the {by}, scale {scale}" if gradient != "noise" else f"noise for each {by}, scale {scale}", name, program(optimizer)))
    return result


def main():
    arguments = parser(__doc__, "extrapolation", rates=[0.1, 0.3, 0.6], seeds=[1, 2, 3]).parse_args()
    study = Study(arguments)
    measured = study.measure(arms())
    base = measured[0].results
    lines = ["| arm | rate | test accuracy, % | minus momentum, paired |", "|---|---|---|---|"]
    reading = []
    for one in measured:
        differences = [a["test_accuracy"] - b["test_accuracy"] for a, b in zip(one.results, base)]
        lines.append(f"| {one.arm.label} | {one.rate} | {cell([r['test_accuracy'] for r in one.results], scale=100)} | {cell(differences, scale=100)} |")
        if one is not measured[0]:
            verdict = "above momentum with every seed" if min(differences) > 0 else "below momentum with every seed" if max(differences) < 0 else "no difference from momentum resolved"
            reading.append(f"- {one.arm.label}: {verdict}.")
    page = [
        "# Extrapolation under a large batch on Fashion-MNIST", "",
        "MLP 784-512-512-10 with ReLU, batches of 4,096 examples in 16 parts, a cosine rate after a warm-up of one epoch, 12 epochs (156 steps).",
        "`extrapolate` takes its gradients where a step along an earlier one would lead, and steps from where the weights are. arXiv 2006.05720 has every",
        "worker look ahead along its own gradient, which is `by: part` here; its code is not public, and its rule for the length is not known, so scales",
        "were searched. 3 seeds, paired. The rate of each arm is the best of 0.1, 0.3, 0.6 on validation with the first seed. The test split is read",
        "once per run. Mean, and range over seeds. The paper's networks are a ResNet on CIFAR, an LSTM and a Transformer.",
        "Made by `python3 benchmarks/extrapolation.py`.", "",
    ]
    page += lines + [""] + reading + [""]
    pathlib.Path(arguments.table).write_text("\n".join(page))
    print("\n".join(page))


if __name__ == "__main__":
    main()
