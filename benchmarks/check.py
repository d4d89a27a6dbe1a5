"""Time of `drnc check` by the length of the program, and of its start on the quickstart model. Prints Markdown.

    swift build -c release
    python3 benchmarks/check.py
"""
import argparse
import os
import pathlib
import statistics
import sys
import tempfile
import time

here = pathlib.Path(__file__).resolve().parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--drnc", default=str(here.parent / ".build/release/drnc"))
parser.add_argument("--rounds", type=int, default=7)
parser.add_argument("--lines", type=int, nargs="+", default=[1250, 2500, 5000, 10000])
arguments = parser.parse_args()


def program(lines):
    """About `lines` lines: blocks, a network that uses each of them, and a clause for each."""
    blocks = max(1, lines // 9)
    text = ["data points { source: synthetic(examples: 640) point: tensor[8] label: class(4) }"]
    for index in range(blocks):
        text += [f"block b{index}(x: tensor, width: int = 8) {{", "  let y = x |> in: linear(width) |> relu", "  return y |> out: linear(8)", "}"]
    text += ["network net(point: tensor[8]) -> tensor[4] {", "  return point"]
    text += [f"    |> s{index}: b{index}" for index in range(blocks)]
    text += ["    |> head: linear(4)", "}", "train net on points {", "  length: 4 epochs", "  batch: 32", "  seed: 1", "  loss: cross_entropy"]
    text += ["  optimizer: sgd()", "  rate: 0.01", "  state: carry"]
    for index in range(blocks):
        text += [f"  weights s{index}.in {{", "    from epoch 0: factored(rank: 2)", "    from epoch 2: dense", "  }"]
    return text + ["}"]


def measure(path):
    """Medians of wall and processor seconds of one process."""
    walls, processors = [], []
    for _ in range(arguments.rounds):
        start = time.perf_counter()
        child = os.posix_spawn(
            arguments.drnc, [arguments.drnc, "check", path], os.environ,
            file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)])
        _, status, usage = os.wait4(child, 0)
        walls.append(time.perf_counter() - start)
        if status != 0:
            sys.exit(f"drnc check {path} ends with {os.waitstatus_to_exitcode(status)}")
        processors.append(usage.ru_utime + usage.ru_stime)
    return statistics.median(walls), statistics.median(processors)


print("| program | lines | wall | processor | processor time a line |\n|---|---|---|---|---|")
with tempfile.TemporaryDirectory() as folder:
    for count in arguments.lines:
        path = os.path.join(folder, "generated.drn")
        text = program(count)
        pathlib.Path(path).write_text("\n".join(text) + "\n")
        wall, processor = measure(path)
        print(f"| generated | {len(text)} | {wall * 1e3:.0f} ms | {processor * 1e3:.0f} ms | {processor * 1e6 / len(text):.1f} us |")
quickstart = here.parent / "models/quickstart.drn"
wall, processor = measure(str(quickstart))
print(f"| quickstart.drn | {len(quickstart.read_text().splitlines())} | {wall * 1e3:.0f} ms | {processor * 1e3:.0f} ms | |")
