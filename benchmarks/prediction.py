"""The time of a training step as the cost model predicts it, beside the measured one.

    swift build -c release
    python3 benchmarks/prediction.py [--threads 1 2] [--only resnet20]
    python3 benchmarks/prediction.py --kernels          # the kernels of all networks instead, for calibrating the model

`--kernels` ends with the factors for Sources/DrnAnalysis/KernelRates.swift: of each kind, the predicted time over what was measured.
Each row is a process of `drnc benchmark --kernels`; both times are the least over the rounds, the measured one of medians. Both are also given
relative to the dense network of the same family, whose row comes first, with the error of the first ratio. Printed as Markdown.
"""
import argparse
import collections
import json
import os
import pathlib
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--drnc", default=str(here.parent / ".build/release/drnc"))
parser.add_argument("--rounds", type=int, default=1)
parser.add_argument("--steps", type=int, default=20)
parser.add_argument("--warm-up", type=int, default=10)
parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
parser.add_argument("--only", default="", help="run only the families whose name contains this")
parser.add_argument("--kernels", action="store_true", help="print the kernels instead")
arguments = parser.parse_args()

environment = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OMP_NUM_THREADS")}
# Of each family: rows of file and phase; the first is the dense one.
families = {
    "resnet20": [("benchmarks/networks/resnet20_dense_1.drn", 0)]
    + [(f"benchmarks/networks/resnet20_uv_{ratio}.drn", 0) for ratio in (2, 4, 8)]
    + [("benchmarks/networks/resnet20_adapter_2.drn", 1)],
    "mlp": [("benchmarks/networks/mlp_dense_1.drn", 0)]
    + [(f"benchmarks/networks/mlp_{form}_{ratio}.drn", 0) for form in ("uv", "usv") for ratio in (4, 8)],
    "resnet20_published": [("models/resnet20_published.drn", phase) for phase in (1, 0, 2)],
    "resnet20_svd": [("models/resnet20_svd.drn", phase) for phase in (1, 0, 2)],
    "mnist_cnn": [("models/mnist_cnn.drn", phase) for phase in (1, 0, 2)],
    "quickstart": [("models/quickstart.drn", phase) for phase in (1, 0, 2)],
}


def run(path, phase, threads):
    command = [arguments.drnc, "benchmark", str(here.parent / path), "--phase", str(phase), "--threads", str(threads)]
    finished = subprocess.run(
        [*command, "--steps", str(arguments.steps), "--warm-up", str(arguments.warm_up), "--kernels", "--json"], env=environment,
        capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{finished.stderr}")
    return [json.loads(line) for line in finished.stdout.splitlines()]


def print_kernels(rows):
    """Summed over the networks, the most time first; then by kind."""
    names, kinds = collections.defaultdict(lambda: [0, 0.0, 0.0]), collections.defaultdict(lambda: [0.0, 0.0, 0.0])
    for records in rows:
        for record in records[2:]:
            entry = names[record["name"]]
            for index, field in enumerate(("count", "predicted", "measured")):
                entry[index] += record[field]
            if " + " not in record["name"]:
                own = "traffic" if record["kind"] in ("normalization", "elementwise") else "arithmetic"
                kind = kinds[record["kind"]]
                kind[0] += record[f"predicted_{own}"]
                kind[1] += record["measured"] - record["predicted"] + record[f"predicted_{own}"]
                kind[2] += record["measured"]
    print("| kernels | count | predicted ms each | measured ms each | predicted / measured |\n|---|---|---|---|---|")
    for name, (count, predicted, measured) in sorted(names.items(), key=lambda item: -item[1][2]):
        print(f"| {name} | {count} | {predicted / count:.3f} | {measured / count:.3f} | {predicted / measured:.2f} |")
    print("\nKernels that run alone:\n\n| kind | measured ms | multiply its share by |\n|---|---|---|")
    for kind, (predicted, left, measured) in sorted(kinds.items(), key=lambda item: -item[1][2]):
        print(f"| {kind} | {measured:.1f} | {predicted / max(left, 1e-9):.2f} |")


if not arguments.kernels:
    print("| threads | network | predicted ms | measured ms | predicted / measured | predicted of dense | measured of dense | error |")
    print("|---|---|---|---|---|---|---|---|")
for threads in arguments.threads:
    collected = []
    for family, members in families.items():
        if arguments.only not in family:
            continue
        dense = None
        for path, phase in members:
            rounds = [run(path, phase, threads) for _ in range(arguments.rounds)]
            collected += rounds
            predicted, measured = (min(records[index][name] for records in rounds) for index, name in ((1, "predicted"), (0, "median")))
            dense = dense or (predicted, measured)
            relative = (predicted / dense[0], measured / dense[1])
            if not arguments.kernels:
                print(
                    f"| {threads} | {pathlib.Path(path).stem}, phase {phase} | {predicted:.2f} | {measured:.2f} | {predicted / measured:.2f} "
                    f"| {relative[0]:.3f} | {relative[1]:.3f} | {(relative[0] / relative[1] - 1) * 100:+.0f} % |", flush=True)
    if arguments.kernels:
        print(f"\n{threads} threads\n")
        print_kernels(collected)
