"""Training step of networks of 32 x 32 images, SGD with momentum: drnc against PyTorch and JAX.

ResNet-20 at batch 128, and a stack of depthwise and 1 x 1 convolutions at batch 64, which JAX has no peer for here.

    python3 benchmarks/resnet.py --python .venv-bench/bin/python [--rounds 3] [--threads 2]

Every measurement is a fresh process; the contestants take turns within a round. Printed as Markdown: per row the median over rounds of
the ratio best peer / drnc (both medians of their process), the ratio of the best times seen, and the growth of resident memory.
OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE are removed from the environment of every contestant.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
peer_commands = {
    "torch eager": ["peer_torch_resnet.py"],
    "torch channels_last": ["peer_torch_resnet.py", "--layout", "channels_last"],
    "torch compile": ["peer_torch_resnet.py", "--mode", "compile"],
    "torch compile channels_last": ["peer_torch_resnet.py", "--mode", "compile", "--layout", "channels_last"],
    "jax jit": ["peer_jax_resnet.py"],
}
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--python", default=sys.executable, help="an interpreter with torch and jax")
parser.add_argument("--drnc", default=str(here.parent / ".build/release/drnc"))
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--steps", type=int, default=20)
parser.add_argument("--threads", type=int, nargs="+", default=[2])
parser.add_argument("--peers", nargs="+", default=list(peer_commands), choices=list(peer_commands), help="the peers to run")
parser.add_argument("--only", help="run only the rows whose name contains this")
arguments = parser.parse_args()

environment = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OMP_NUM_THREADS")}
rows = [("dense", "dense", 1, 0), ("u v, 1/2", "uv", 2, 0), ("u v, 1/4", "uv", 4, 0), ("u v, 1/8", "uv", 8, 0), ("adapter, 1/2", "adapter", 2, 1)]
rows.append(("depthwise and 1 x 1", "separable", 1, 0))


def run(command):
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{finished.stderr}")
    return json.loads(finished.stdout.strip().splitlines()[-1])


def contestants(form, ratio, phase, threads):
    is_separable = form == "separable"
    network = here / "networks" / ("separable.drn" if is_separable else f"resnet20_{form}_{ratio}.drn")
    counts = ["--threads", str(threads), "--steps", str(arguments.steps)]
    batch = ["--batch", "64"] if is_separable else []
    yield "drnc", [arguments.drnc, "benchmark", str(network), "--json", "--phase", str(phase), "--warm-up", "5", *counts]
    for peer in arguments.peers:
        script, *options = peer_commands[peer] + batch
        if is_separable and "jax" in script:
            continue
        yield peer, [arguments.python, str(here / script), *options, "--form", form, "--ratio", str(ratio), *counts]


def describe():
    print(run([arguments.drnc, "benchmark", "--machine", "--json"])["description"])
    print()


describe()
print("| threads | network | drnc ms, median (best) | " + " | ".join(arguments.peers) + " | best peer / drnc, median of rounds | best / best | memory growth, MiB: drnc, peers |")
print("|---|---|---|" + "---|" * len(arguments.peers) + "---|---|---|")
for threads in arguments.threads:
    for name, form, ratio, phase in rows:
        if arguments.only and arguments.only not in name:
            continue
        rounds = [{c: run(command) for c, command in contestants(form, ratio, phase, threads)} for _ in range(arguments.rounds)]
        medians = {c: statistics.median(r[c]["median"] for r in rounds) for c in rounds[0]}
        bests = {c: min(r[c]["best"] for r in rounds) for c in rounds[0]}
        growth = {c: statistics.median(r[c]["memory"] for r in rounds) / 2**20 for c in rounds[0]}
        ratios = [min(t["median"] for c, t in r.items() if c != "drnc") / r["drnc"]["median"] for r in rounds]
        best_ratio = min(b for c, b in bests.items() if c != "drnc") / bests["drnc"]
        cells = [f"{medians[c]:.1f} ({bests[c]:.1f})" if c in medians else "" for c in ("drnc", *arguments.peers)]
        memory = f"{growth['drnc']:.0f}, " + " / ".join(f"{growth[c]:.0f}" for c in arguments.peers if c in growth)
        print(f"| {threads} | {name} | " + " | ".join(cells) + f" | {statistics.median(ratios):.2f} | {best_ratio:.2f} | {memory} |", flush=True)
