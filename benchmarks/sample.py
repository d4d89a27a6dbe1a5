"""Continuation of a text by a GPT: drnc against PyTorch with a cache of keys and values, eager and compiled.

    python3 benchmarks/sample.py --python .venv-bench/bin/python [--rounds 5] [--threads 1]

Four layers of width 256 with four heads, 65 tokens, a prompt of 6 and greedy to the end of the context; one sequence. Every measurement is a fresh
process; the contestants take turns within a round. Printed as Markdown: tokens a second in the median of the rounds and at best, and the ratio
drnc / best peer. OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE are removed from the environment of every contestant.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).resolve().parent
peers = {"torch eager": [], "torch compile": ["--mode", "compile"]}
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--python", default=sys.executable, help="an interpreter with torch")
parser.add_argument("--drnc", default=str(here.parent / ".build/release/drnc"))
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--contexts", type=int, nargs="+", default=[256, 512])
parser.add_argument("--peers", nargs="+", default=list(peers), choices=list(peers), help="the peers to run")
arguments = parser.parse_args()
environment = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OMP_NUM_THREADS")}

PROGRAM = """import "{shared}"

data corpus {{ source: text("corpus.txt")  text: tokens[{context}]  label: next_token(65)  last_batch: drop }}

network gpt(text: tokens[{context}], width: int = 256) -> tensor[{context}, 65] {{
  return text |> embed: embedding(65, width) |> positions: positions |> blocks: {{ repeat(4) {{ gpt_layer(width, heads: 4) }} }}
    |> norm: layer_norm |> head: linear(65, bias: false)
}}

train gpt on corpus {{ length: 1 epochs  batch: 2  seed: 1  loss: cross_entropy  optimizer: adamw  rate: 0.001 }}
"""


def run(command):
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{finished.stderr}")
    return finished.stdout.strip().splitlines()[-1] if finished.stdout.strip() else ""


def contestants(folder, context):
    sample = ["sample", f"{folder}/run-{context}", "--prompt", "ABCDEF", "--length", str(context - 5), "--temperature", "0", "--json"]
    yield "drnc", [arguments.drnc, *sample, "--threads", str(arguments.threads)]
    for peer in arguments.peers:
        shape = ["--context", str(context), "--threads", str(arguments.threads)]
        yield peer, [arguments.python, str(here / "peer_torch_sample.py"), *peers[peer], *shape]


with tempfile.TemporaryDirectory() as folder:
    (pathlib.Path(folder) / "corpus.txt").write_text("".join(chr(65 + i * i * 7 % 65) if i % 67 else chr(65 + i // 67 % 65) for i in range(20_000)))
    print(run([arguments.drnc, "benchmark", "--machine"]))
    print()
    print("| context | drnc, tokens a second | " + " | ".join(arguments.peers) + " | drnc / best peer, median of rounds | best / best |")
    print("|---|---|" + "---|" * len(arguments.peers) + "---|---|")
    for context in arguments.contexts:
        program = pathlib.Path(folder) / f"gpt-{context}.drn"
        program.write_text(PROGRAM.format(shared=here.parent / "models/shared/transformer.drn", context=context))
        run([arguments.drnc, "train", str(program), "--quiet", "--stop-after", "1 steps", "--output", f"{folder}/run-{context}"])
        rounds = [{c: json.loads(run(command))["tokens_per_second"] for c, command in contestants(folder, context)} for _ in range(arguments.rounds)]
        medians = {c: statistics.median(r[c] for r in rounds) for c in rounds[0]}
        bests = {c: max(r[c] for r in rounds) for c in rounds[0]}
        ratio = statistics.median(r["drnc"] / max(s for c, s in r.items() if c != "drnc") for r in rounds)
        cells = [f"{medians[c]:.0f} ({bests[c]:.0f})" for c in ("drnc", *arguments.peers)]
        best = bests["drnc"] / max(s for c, s in bests.items() if c != "drnc")
        print(f"| {context} | " + " | ".join(cells) + f" | {ratio:.1f} | {best:.1f} |", flush=True)
