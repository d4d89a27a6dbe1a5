"""Runs drnc with mutated command lines: no signal, no status that is not of the README's table, and none over ten seconds.

    python3 Tests/Fuzz/command_lines.py .build/release/drnc [--count 20000] [--first 0]

Line n is drawn from the seed n: a command with options that fit it, a few of them dropped, doubled, swapped, mangled or taken from others. No
training runs for more than a step. Exit status 1 after a fault.
"""
import argparse
import os
import pathlib
import random
import subprocess
import tempfile

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("drnc")
arguments.add_argument("--count", type=int, default=20000)
arguments.add_argument("--first", type=int, default=0)
arguments = arguments.parse_args()
STATUSES = {0, 1, 2, 64, 65, 66, 73}
PROGRAM = """data d { source: synthetic(64)  x: tensor[6]  label: class(4) }
network net(x: tensor[6]) -> tensor[4] { return x |> fc1: linear(8) |> relu |> head: linear(4) }
train net on d {
  length: 1 steps  batch: 16  loss: cross_entropy  optimizer: sgd  rate: 0.1
  weights fc1 { from epoch 0: factored(rank: 2) }
}
"""
LINES = [
    ["check", "p.drn", "--cost", "--threads", "1"], ["check", "p.drn", "--schedule", "--selectors"], ["check", "-", "--diagnostics", "json"],
    ["check", "p.drn", "--set", "train.rate=0.2", "--set", "train.weights[fc1].rank=3", "--shorten", "1/2"],
    ["train", "p.drn", "--output", "run", "--threads", "1", "--quiet", "--seed", "3"], ["train", "p.drn", "net", "--json", "-o", "run"],
    ["train", "p.drn", "--stop-after", "1 steps", "--checkpoint-every", "10 minutes", "-o", "run"], ["train", "--resume", "run"],
    ["dump-ir", "p.drn", "--phase", "0", "--stage", "plan"], ["dump-ir", "p.drn", "--stage", "optimized", "--at", "step 0"],
    ["dump-ir", "p.drn", "--transition", "0:1"], ["fix", "p.drn", "--unsafe", "--dry-run"], ["fmt", "p.drn", "--check"], ["fmt", "-"],
    ["explain", "DRN0502"], ["explain", "--list"], ["methods", "factored"], ["methods", "--transitions"], ["new", "new.drn"],
    ["parse", "--json", "p.drn"], ["benchmark", "p.drn", "--steps", "1", "--threads", "1"], ["--version"], ["--help"], ["check", "--help"],
]
WORDS = [word for line in LINES for word in line] + ["", "-", "--", "=", "0", "-1", "9223372036854775808", "1e400", "nan", "é", "\U0001f600", "a" * 5000,
    "absent.drn", "/", ".", "..", "/dev/null", "train.", "train.weights[", "=1", "--set=", "--set=x=y", "--threads=0", "--seed=-1", "%s", "\n"]


def mutated(dice):
    line = list(dice.choice(LINES))
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(len(line) + 1)
        kind = dice.randrange(6)
        if kind == 0 and line:
            line.pop(place % len(line))
        elif kind == 1:
            line.insert(place, dice.choice(WORDS))
        elif kind == 2 and line:
            line.insert(place, line[place % len(line)])
        elif kind == 3 and line:
            other = dice.randrange(len(line))
            line[place % len(line)], line[other] = line[other], line[place % len(line)]
        elif line:
            word = list(line[place % len(line)])
            word.insert(dice.randrange(len(word) + 1), dice.choice('-=0123456789.:/[]"x \té'))
            if kind == 5:
                word.pop(dice.randrange(len(word)))
            line[place % len(line)] = "".join(word)
    return line


drnc = str(pathlib.Path(arguments.drnc).resolve())
faults, counts = 0, {}
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    for number in range(arguments.first, arguments.first + arguments.count):
        line = mutated(random.Random(number))
        # The language server reads until its client ends it.
        if line[:1] == ["lsp"]:
            continue
        (folder / "p.drn").write_text(PROGRAM)
        try:
            outcome = subprocess.run([drnc, *line], cwd=folder, input=PROGRAM.encode(), capture_output=True, timeout=10)
            status = outcome.returncode
        except subprocess.TimeoutExpired:
            status = "timeout"
        counts[status] = counts.get(status, 0) + 1
        if status not in STATUSES:
            faults += 1
            print(f"{number}: {status}: {line}", flush=True)
        # Run folders must not gather by the thousands.
        if number % 200 == 0:
            for left in os.listdir(folder):
                subprocess.run(["rm", "-rf", str(folder / left)], check=True)
print(f"{arguments.count} command lines, {faults} faults; statuses {dict(sorted(counts.items(), key=str))}")
raise SystemExit(faults > 0)
