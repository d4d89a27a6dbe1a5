"""Training step of an MLP 784-1024-1024-10, batch 128, SGD with momentum: drnc against PyTorch (eager, compiled) and JAX (jit).

    python3 benchmarks/mlp.py --python .venv-bench/bin/python [--rounds 5] [--threads 1 2]

Every measurement is a fresh process; the contestants take turns within a round. Printed as Markdown: per row the median over rounds of
the ratio best peer / drnc (both medians of their process), the ratio of the best times seen, and the share of measured peak arithmetic.
OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE are removed from the environment of every contestant. With --precision bfloat16 PyTorch runs under autocast, and
JAX does not take part.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

from stopwatch import add_precision, in_precision, taking_part

here = pathlib.Path(__file__).resolve().parent
root = here.parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--python", default=sys.executable, help="an interpreter with torch and jax")
parser.add_argument("--drnc", default=str(root / ".build/release/drnc"))
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--steps", type=int, default=200)
parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
parser.add_argument("--peers", nargs="+", default=["torch eager", "torch compile", "jax jit"], help="the peers to run")
parser.add_argument("--only", help="run only the rows whose name contains this")
add_precision(parser)
arguments = parser.parse_args()
arguments.peers = taking_part(arguments.peers, arguments.precision)

environment = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OMP_NUM_THREADS")}
rows = [("dense", "dense", 1), ("u v, 1/4", "uv", 4), ("u s v, 1/4", "usv", 4), ("u v, 1/8", "uv", 8), ("u s v, 1/8", "usv", 8)]


def run(command):
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{finished.stderr}")
    return json.loads(finished.stdout.strip().splitlines()[-1])


def contestants(folder, form, ratio, threads):
    associations = ["left", "merged"] if form == "usv" else ["left"]
    common = ["--form", form, "--ratio", str(ratio), "--threads", str(threads), "--steps", str(arguments.steps)]
    torch = [*common, "--precision", arguments.precision]
    program = pathlib.Path(folder) / f"mlp_{form}_{ratio}.drn"
    program.write_text(in_precision((here / "networks" / program.name).read_text(), arguments.precision))
    drnc = [arguments.drnc, "benchmark", str(program), "--json"]
    yield "drnc", [drnc + ["--threads", str(threads), "--steps", str(arguments.steps)]]
    yield "torch eager", [[arguments.python, str(here / "peer_torch.py"), *torch, "--association", a] for a in associations]
    yield "torch compile", [[arguments.python, str(here / "peer_torch.py"), *torch, "--mode", "compile", "--association", a] for a in associations]
    yield "jax jit", [[arguments.python, str(here / "peer_jax.py"), *common, "--association", a] for a in associations]


def describe():
    print(run([arguments.drnc, "benchmark", "--machine", "--json"])["description"], file=sys.stdout)
    print()


describe()
print("| threads | network | drnc ms, median (best) | " + " | ".join(arguments.peers) + " | best peer / drnc, median of rounds | best / best | share of peak |")
print("|---|---|---|" + "---|" * len(arguments.peers) + "---|---|---|")
with tempfile.TemporaryDirectory() as folder:
    for threads in arguments.threads:
        for name, form, ratio in rows:
            if arguments.only and arguments.only not in name:
                continue
            rounds = []
            for _ in range(arguments.rounds):
                times = {}
                for contestant, commands in contestants(folder, form, ratio, threads):
                    if contestant != "drnc" and contestant not in arguments.peers:
                        continue
                    results = [run(command) for command in commands]
                    times[contestant] = min(results, key=lambda result: result["median"])
                rounds.append(times)
            medians = {c: statistics.median(r[c]["median"] for r in rounds) for c in rounds[0]}
            bests = {c: min(r[c]["best"] for r in rounds) for c in rounds[0]}
            ratios = [min(t["median"] for c, t in r.items() if c != "drnc") / r["drnc"]["median"] for r in rounds]
            best_ratio = min(b for c, b in bests.items() if c != "drnc") / bests["drnc"]
            share = statistics.median(r["drnc"]["share_of_peak"] for r in rounds)
            cells = [f"{medians[c]:.2f} ({bests[c]:.2f})" for c in ("drnc", *arguments.peers)]
            print(f"| {threads} | {name} | " + " | ".join(cells) + f" | {statistics.median(ratios):.2f} | {best_ratio:.2f} | {share:.0%} |", flush=True)
