"""Growth of resident memory from "ready" to step 100 of the benchmark MLP: drnc beside PyTorch, at batch 128 and 2048. Prints Markdown.

drnc is ready when the step is compiled and the kernels are generated, PyTorch when network and optimizer exist; neither counts weights and
batch. The last column is for a PyTorch that has made one small step before, so that the start-up of its libraries is not counted either.

    python3 benchmarks/memory.py --python .venv-bench/bin/python
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
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--python", default=sys.executable)
parser.add_argument("--drnc", default=str(here.parent / ".build/release/drnc"))
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--batches", type=int, nargs="+", default=[128, 2048])
parser.add_argument("--threads", type=int, default=2)
arguments = parser.parse_args()
environment = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OMP_NUM_THREADS")}


def run(command):
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{finished.stderr}")
    return json.loads(finished.stdout.strip().splitlines()[-1])


print("| batch | network | drnc arena, MiB | drnc growth, MiB | PyTorch growth, MiB | drnc / PyTorch | drnc / PyTorch, libraries started |")
print("|---|---|---|---|---|---|---|")
for batch in arguments.batches:
    for name, form, ratio in (("dense", "dense", 1), ("u v, 1/4", "uv", 4), ("u v, 1/8", "uv", 8)):
        source = (here / "networks" / f"mlp_{form}_{ratio}.drn").read_text().replace("batch:     128", f"batch:     {batch}").replace("1280", "20480")
        with tempfile.NamedTemporaryFile("w", suffix=".drn") as file:
            file.write(source)
            file.flush()
            drnc = [run([arguments.drnc, "benchmark", file.name, "--json", "--steps", "20", "--threads", str(arguments.threads)]) for _ in range(arguments.rounds)]
        common = ["--form", form, "--ratio", str(ratio), "--threads", str(arguments.threads), "--batch", str(batch), "--steps", "20"]
        torch = [run([arguments.python, str(here / "peer_torch.py"), *common]) for _ in range(arguments.rounds)]
        ours = statistics.median(r["memory"] for r in drnc) / 2**20
        theirs = statistics.median(r["memory"] for r in torch) / 2**20
        started = statistics.median(r["memory_started"] for r in torch) / 2**20
        cells = [f"{drnc[0]['arena'] / 2**20:.1f}", f"{ours:.1f}", f"{theirs:.1f}", f"{ours / theirs:.2f}", f"{ours / started:.2f}"]
        print(f"| {batch} | {name} | " + " | ".join(cells) + " |", flush=True)
