"""Training step of networks of sequences under AdamW: drnc against PyTorch, eager with fused attention and compiled, and JAX.

    python3 benchmarks/sequences.py --python .venv-bench/bin/python [--rounds 3] [--threads 2]

A GPT of four layers of width 256 with four heads, 96 tokens, context 128 at batch 16 and context 512 at batch 4, dense and `u v`; the Conformer of
models/conformer.drn at batch 32, dense and `u v`; the LSTM of models/names.drn at batch 64. Every measurement is a
fresh process; the contestants take turns within a round. Printed as Markdown: per row the median over rounds of the ratio best peer / drnc (both medians of
their process), the ratio of the best times seen, and the growth of resident memory. OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE are removed from
the environment of every contestant. With --precision bfloat16 PyTorch runs under autocast, and JAX does not take part.
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
peer_commands = {
    "torch eager": ["peer_torch_sequences.py"], "torch compile": ["peer_torch_sequences.py", "--mode", "compile"], "jax jit": ["peer_jax_sequences.py"]}
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--python", default=sys.executable, help="an interpreter with torch and jax")
parser.add_argument("--drnc", default=str(here.parent / ".build/release/drnc"))
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--steps", type=int, default=20)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--peers", nargs="+", default=list(peer_commands), choices=list(peer_commands), help="the peers to run")
parser.add_argument("--only", help="run only the rows whose name contains this")
add_precision(parser)
arguments = parser.parse_args()
arguments.peers = taking_part(arguments.peers, arguments.precision)

environment = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OMP_NUM_THREADS")}
rows = [
    ("GPT, dense, context 128", "gpt", 1, 128, 16), ("GPT, u v, 1/4, context 128", "gpt", 4, 128, 16), ("GPT, u v, 1/8, context 128", "gpt", 8, 128, 16),
    ("GPT, dense, context 512", "gpt", 1, 512, 4), ("Conformer, dense", "conformer", 1, 96, 32), ("Conformer, u v, 1/4", "conformer", 4, 96, 32),
    ("LSTM, dense", "lstm", 1, 20, 64),
]
WIDTHS = {"gpt": 256, "conformer": 96, "lstm": 128}

PROGRAMS = {"gpt": """import "{models}/shared/transformer.drn"

data corpus {{
  source:   text("corpus.txt", test_share: 10%)
  text:     tokens[{context}]
  label:    next_token(96)
  last_batch: drop
}}

network peer(text: tokens[{context}], width: int = 256) -> tensor[{context}, 96] {{
  return text |> embed: embedding(96, width) |> positions: positions |> blocks: {{ repeat(4) {{ gpt_layer(width, heads: 4) }} }}
    |> norm: layer_norm |> head: linear(96, bias: false)
}}
""", "conformer": """import "{models}/shared/conformer.drn"

data corpus {{
  source: synthetic(1000)
  mel:    tensor[{context}, 40]
  label:  class(10)
  last_batch: drop
}}

network peer(mel: tensor[{context}, 40], width: int = 96, heads: int = 4) -> tensor[10] {{
  return mel |> stem: linear(width) |> blocks: {{ repeat(4) {{ conformer_layer(width, heads: heads) }} }}
    |> mean_over_time |> head: linear(10)
}}
""", "lstm": """
data corpus {{
  source: lines("names")
  name:   tokens[{context}]
  label:  class(18)
  last_batch: drop
}}

network peer(name: tokens[{context}], hidden: int = 128) -> tensor[18] {{
  return name |> embed: embedding(96, 64) |> memory: lstm(hidden) |> select(last) |> head: linear(18)
}}
"""}

TRAIN = """
train peer on corpus {{
  length:       1 epochs
  batch:        {batch}
  seed:         1
  loss:         cross_entropy
  optimizer:    adamw
  rate:         0.001
  weight_decay: 0.01
{clause}}}
"""


def run(command):
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{finished.stderr}")
    return json.loads(finished.stdout.strip().splitlines()[-1])


def contestants(folder, network, ratio, context, batch):
    program = pathlib.Path(folder) / f"{network}-{ratio}-{context}.drn"
    clause = "" if ratio == 1 else f"  decay:        product\n  weights blocks.** {{ from epoch 0: factored(rank: 1/{ratio} of short_side) }}\n"
    if network == "conformer":
        clause = clause.replace("blocks.**", "blocks[*].attention.*, blocks[*].ff*.*, blocks[*].convolution.expand, blocks[*].convolution.project")
    text = PROGRAMS[network].format(models=here.parent / "models", context=context) + TRAIN.format(batch=batch, clause=clause)
    program.write_text(in_precision(text, arguments.precision))
    counts = ["--threads", str(arguments.threads), "--steps", str(arguments.steps)]
    yield "drnc", [arguments.drnc, "benchmark", str(program), "--json", "--warm-up", "5", *counts]
    for peer in arguments.peers:
        shape = ["--network", network, "--width", str(WIDTHS[network]), "--ratio", str(ratio), "--context", str(context), "--batch", str(batch)]
        script, *options = peer_commands[peer]
        precision = ["--precision", arguments.precision] if peer.startswith("torch") else []
        yield peer, [arguments.python, str(here / script), *options, *shape, *precision, *counts]


with tempfile.TemporaryDirectory() as folder:
    (pathlib.Path(folder) / "corpus.txt").write_text("".join(chr(32 + i * i * 7 % 96) if i % 97 else chr(32 + i // 97 % 96) for i in range(100_000)))
    (pathlib.Path(folder) / "names").mkdir()
    for language in range(18):
        lines = ["".join(chr(97 + (language + 3 * line + place * line) % 26) for place in range(2 + line % 19)) for line in range(60)]
        (pathlib.Path(folder) / "names" / f"{language:02}.txt").write_text("\n".join(lines))
    print(run([arguments.drnc, "benchmark", "--machine", "--json"])["description"])
    print()
    print("| network | drnc ms, median (best) | " + " | ".join(arguments.peers) + " | best peer / drnc, median of rounds | best / best | memory growth, MiB: drnc, peers |")
    print("|---|---|" + "---|" * len(arguments.peers) + "---|---|---|")
    for name, network, ratio, context, batch in rows:
        if arguments.only and arguments.only not in name:
            continue
        rounds = [{c: run(command) for c, command in contestants(folder, network, ratio, context, batch)} for _ in range(arguments.rounds)]
        medians = {c: statistics.median(r[c]["median"] for r in rounds) for c in rounds[0]}
        bests = {c: min(r[c]["best"] for r in rounds) for c in rounds[0]}
        growth = {c: statistics.median(r[c]["memory"] for r in rounds) / 2**20 for c in rounds[0]}
        ratios = [min(t["median"] for c, t in r.items() if c != "drnc") / r["drnc"]["median"] for r in rounds]
        best_ratio = min(b for c, b in bests.items() if c != "drnc") / bests["drnc"]
        cells = [f"{medians[c]:.1f} ({bests[c]:.1f})" for c in ("drnc", *arguments.peers)]
        memory = f"{growth['drnc']:.0f}, " + " / ".join(f"{growth[c]:.0f}" for c in arguments.peers)
        print(f"| {name} | " + " | ".join(cells) + f" | {statistics.median(ratios):.2f} | {best_ratio:.2f} | {memory} |", flush=True)
