"""The time of a training step as the cost model predicts it, beside the measured one.

    swift build -c release
    python3 benchmarks/prediction.py [--threads 1 2] [--only resnet20]
    python3 benchmarks/prediction.py --kernels          # the kernels of all networks instead, for calibrating the model

Each row is a process of `drnc benchmark --kernels`; the measured time is the best of the medians over rounds. Both times are also given relative to the
dense network of the same family, whose row comes first, and the error of the one relative to the other. Printed as Markdown.
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
parser.add_argument("--steps", type=int, default=30)
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
        [*command, "--steps", str(arguments.steps), "--kernels", "--json"], env=environment, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{finished.stderr}")
    return [json.loads(line) for line in finished.stdout.splitlines()]


def print_kernels(rows):
    """Summed over the networks, the most time first."""
    total = collections.defaultdict(lambda: [0, 0.0, 0.0])
    for records in rows:
        for record in records[2:]:
            entry = total[record["name"]]
            entry[0] += record["count"]
            entry[1] += record["predicted"]
            entry[2] += record["measured"]
    print("| kernels | count | predicted ms each | measured ms each | predicted / measured |\n|---|---|---|---|---|")
    for name, (count, predicted, measured) in sorted(total.items(), key=lambda item: -item[1][2]):
        print(f"| {name} | {count} | {predicted / count:.3f} | {measured / count:.3f} | {predicted / measured:.2f} |")


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
