"""The time of a training step as the cost model predicts it, beside the measured one.

    swift build -c release
    python3 benchmarks/prediction.py [--threads 1 2] [--rounds 5] [--only resnet20]
    python3 benchmarks/prediction.py --kernels          # the kernels of all networks instead, for calibrating the model
    python3 benchmarks/prediction.py --models           # every phase of every model in models/ whose data is there

`--kernels` ends with the factors for Sources/DrnKernels/KernelRates.swift: of each kind, the predicted time over what was measured.

Each round runs every row of a family once, in fresh processes one after the other. The model prices a machine with nothing else on it, so
what is measured is the least step of all rounds; relative to dense, over the least step of the dense network. What is predicted relative to
dense is the last column of `drnc check --cost`, both numbers of one process. Printed as Markdown; predictions are medians over the rounds.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--drnc", default=str(here.parent / ".build/release/drnc"))
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--steps", type=int, default=20)
parser.add_argument("--warm-up", type=int, default=10)
parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
parser.add_argument("--only", default="", help="run only the families whose name contains this")
parser.add_argument("--kernels", action="store_true", help="print the kernels instead")
parser.add_argument("--models", action="store_true", help="every phase of the models in models/ instead")
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


def output(*command):
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{finished.stderr}")
    return finished.stdout


def run(path, phase, threads, *options):
    command = [arguments.drnc, "benchmark", str(here.parent / path), "--phase", str(phase), "--threads", str(threads)]
    command += ["--steps", str(arguments.steps), "--warm-up", str(arguments.warm_up), *options, "--json"]
    return [json.loads(line) for line in output(*command).splitlines()]


def predict(path, phase, threads):
    """Milliseconds of a step, and relative to the dense network, as `drnc check --cost` prints them."""
    text = output(arguments.drnc, "check", str(here.parent / path), "--cost", "--threads", str(threads))
    found = re.search(rf"^phase {phase}: .* ([0-9.]+) ms\n  of dense .* ([0-9.]+)$", text, re.MULTILINE)
    if not found:
        sys.exit(f"no phase {phase} in the costs of {path}:\n{text}")
    return float(found[1]), float(found[2])


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


def print_row(threads, path, phase, rounds, dense):
    predicted, predicted_ratio = (statistics.median(row[index] for row in rounds) for index in (0, 1))
    measured = min(row[2] for row in rounds)
    ratio = measured / dense
    print(
        f"| {threads} | {pathlib.Path(path).stem}, phase {phase} | {predicted:.2f} | {measured:.2f} | {predicted / measured:.2f} "
        f"| {predicted_ratio:.3f} | {ratio:.3f} | {(predicted_ratio / ratio - 1) * 100:+.0f} % |", flush=True)


def print_models(threads):
    """Each phase of each model: the predicted step, and the least measured one of all rounds."""
    print("| threads | model, phase | predicted ms | measured ms | predicted / measured |\n|---|---|---|---|---|")
    for path in sorted((here.parent / "models").glob("*.drn")):
        if arguments.only not in path.stem:
            continue
        checked = subprocess.run(
            [arguments.drnc, "check", str(path), "--cost", "--threads", str(threads)], env=environment, capture_output=True, text=True, check=False)
        for phase, predicted in re.findall(r"^phase (\d+): .*?([0-9.]+) ms$", checked.stdout, re.MULTILINE):
            command = [arguments.drnc, "benchmark", str(path), "--phase", phase, "--threads", str(threads), "--json"]
            command += ["--steps", str(arguments.steps), "--warm-up", str(arguments.warm_up)]
            finished = [subprocess.run(command, env=environment, capture_output=True, text=True, check=False) for _ in range(arguments.rounds)]
            if any(run.returncode != 0 for run in finished):
                print(f"| {threads} | {path.stem}, {phase} | {predicted} | {finished[0].stderr.splitlines()[0]} | |", flush=True)
                continue
            measured = min(json.loads(run.stdout.splitlines()[0])["best"] for run in finished)
            print(f"| {threads} | {path.stem}, {phase} | {predicted} | {measured:.2f} | {float(predicted) / measured:.2f} |", flush=True)


if arguments.models:
    for threads in arguments.threads:
        print_models(threads)
    sys.exit()
if arguments.kernels:
    for threads in arguments.threads:
        print(f"\n{threads} threads\n")
        chosen = [row for family, members in families.items() if arguments.only in family for row in members]
        print_kernels([run(path, phase, threads, "--kernels") for path, phase in chosen for _ in range(arguments.rounds)])
    sys.exit()
print("| threads | network | predicted ms | measured ms | predicted / measured | predicted of dense | measured of dense | error |")
print("|---|---|---|---|---|---|---|---|")
for threads in arguments.threads:
    for family, members in families.items():
        if arguments.only not in family:
            continue
        rows = {member: [] for member in members}
        for _ in range(arguments.rounds):
            for member in members:
                rows[member].append((*predict(*member, threads), run(*member, threads)[0]["best"]))
        dense = min(row[2] for row in rows[members[0]])
        for (path, phase), rounds in rows.items():
            print_row(threads, path, phase, rounds, dense)
