"""Training step of networks of images, SGD with momentum: drnc against PyTorch and JAX.

ResNet-20 at batch 128; and, dense and with the rank a quarter, VGG, ResNet-18 for small images, WRN-28-10, the second stage of ResNet-50, a stack of
depthwise and 1 x 1 convolutions and one of 7 x 7 depthwise windows as in ConvNeXt. JAX has a peer of ResNet-20 alone here.

    python3 benchmarks/resnet.py --python .venv-bench/bin/python [--rounds 3] [--threads 2]

Every measurement is a fresh process; the contestants take turns within a round. Printed as Markdown: per row the median over rounds of
the ratio best peer / drnc (both medians of their process), the ratio of the best times seen, and the growth of resident memory.
OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE are removed from the environment of every contestant. With --precision bfloat16 PyTorch runs under autocast,
drnc as ever, since its convolutions are in single precision, and JAX not.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

from stopwatch import add_precision, taking_part

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
parser.add_argument("--only", help="run only the rows of which `NETWORK: NAME` contains this, such as `resnet20: dense`")
add_precision(parser)
arguments = parser.parse_args()
arguments.peers = taking_part(arguments.peers, arguments.precision)

environment = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OMP_NUM_THREADS")}
# Name, network, form, ratio, and the phase that is timed.
rows = [
    ("dense", "resnet20", "dense", 1, 0), ("u v, 1/2", "resnet20", "uv", 2, 0), ("u v, 1/4", "resnet20", "uv", 4, 0),
    ("u v, 1/8", "resnet20", "uv", 8, 0), ("adapter, 1/2", "resnet20", "adapter", 2, 1),
]
# The networks whose file holds both trainings, with their batch and the name in the file.
others = {
    "vgg": (64, "vgg"), "resnet18": (64, "resnet18"), "wrn28_10": (16, "wrn28_10"), "bottlenecks": (16, "bottlenecks"), "separable": (64, "mobile"),
    "convnext": (64, "convnext"),
}
for network in others:
    rows += [(f"{network}, dense", network, "dense", 1, 0), (f"{network}, 1/4", network, "uv", 4, 0)]


def run(command):
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{finished.stderr}")
    return json.loads(finished.stdout.strip().splitlines()[-1])


def contestants(network, form, ratio, phase, threads):
    counts = ["--threads", str(threads), "--steps", str(arguments.steps)]
    size = []
    program = [str(here / "networks" / f"{network}_{form}_{ratio}.drn")]
    if network in others:
        batch, name = others[network]
        size = ["--batch", str(batch)]
        program = [str(here / "networks" / f"{network}.drn"), f"{name}[{int(form != 'dense')}]"]
    yield "drnc", [arguments.drnc, "benchmark", *program, "--json", "--phase", str(phase), "--warm-up", "5", *counts]
    for peer in arguments.peers:
        script, *options = peer_commands[peer] + size
        if "jax" in script and network in others:
            continue
        of = [] if "jax" in script else ["--network", network, "--precision", arguments.precision]
        yield peer, [arguments.python, str(here / script), *options, *of, "--form", form, "--ratio", str(ratio), *counts]


def describe():
    print(run([arguments.drnc, "benchmark", "--machine", "--json"])["description"])
    print()


describe()
print("| threads | network | drnc ms, median (best) | " + " | ".join(arguments.peers) + " | best peer / drnc, median of rounds | best / best | memory growth, MiB: drnc, peers |")
print("|---|---|---|" + "---|" * len(arguments.peers) + "---|---|---|")
for threads in arguments.threads:
    for name, network, form, ratio, phase in rows:
        if arguments.only and arguments.only not in f"{network}: {name}":
            continue
        rounds = [{c: run(command) for c, command in contestants(network, form, ratio, phase, threads)} for _ in range(arguments.rounds)]
        medians = {c: statistics.median(r[c]["median"] for r in rounds) for c in rounds[0]}
        bests = {c: min(r[c]["best"] for r in rounds) for c in rounds[0]}
        growth = {c: statistics.median(r[c]["memory"] for r in rounds) / 2**20 for c in rounds[0]}
        ratios = [min(t["median"] for c, t in r.items() if c != "drnc") / r["drnc"]["median"] for r in rounds]
        best_ratio = min(b for c, b in bests.items() if c != "drnc") / bests["drnc"]
        cells = [f"{medians[c]:.1f} ({bests[c]:.1f})" if c in medians else "" for c in ("drnc", *arguments.peers)]
        memory = f"{growth['drnc']:.0f}, " + " / ".join(f"{growth[c]:.0f}" for c in arguments.peers if c in growth)
        print(f"| {threads} | {name} | " + " | ".join(cells) + f" | {statistics.median(ratios):.2f} | {best_ratio:.2f} | {memory} |", flush=True)
