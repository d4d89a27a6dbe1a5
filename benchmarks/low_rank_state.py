"""Low-rank optimizer state against its baselines on Fashion-MNIST: MLP 784-512-512-10 under Adam, three seeds, paired.

    python3 benchmarks/low_rank_state.py [--timings runs]

Arms: dense Adam; `low_rank_gradient` (GaLore, arXiv 2403.03507) at several ranks; factors whose moments take as many bytes as its state.
Resumable; study.py says how. Writes docs/results/low_rank_state.md.
"""
import json
import pathlib
import subprocess

from study import Arm, Study, cell, parser, reading

TEMPLATE = """data fashion {{
  source:     fashion_mnist()
  image:      tensor[1, 28, 28]
  label:      class(10)
  validation: 10%
  split_seed: {seed}
  prepare:    standardize(per: pixel)
  last_batch: drop
}}

network mlp(image: tensor[1, 28, 28]) -> tensor[10] {{
  return image |> flatten |> fc1: linear(512) |> relu |> fc2: linear(512) |> relu |> head: linear(10)
}}

train mlp on fashion {{
  length:    6 epochs
  batch:     128
  seed:      {seed}
  loss:      cross_entropy
  optimizer: adam()
  rate:      cosine({rate}, warmup: 1 epochs)
{clause}
  every 2 epochs: report(effective_rank)
}}
"""

# State of rank r: a basis of 512 x r for each weight and two moments of 784 x r and 512 x r, 3,616 r numbers. Factors of rank k have
# moments of 2 (784 + 512 + 512 + 512) k, 4,640 k numbers.
RANKS = {128: 100, 64: 50, 32: 25}


def program(clause):
    return lambda rate, seed: TEMPLATE.format(rate=rate, seed=seed, clause=clause and "  weights fc* { " + clause + " }")


def arms():
    result = [Arm("dense", "dense", program(""))]
    for rank, factors in RANKS.items():
        update = f"update: low_rank_gradient(adam(), rank: {rank}, refresh: 200 steps"
        result.append(Arm(f"gradients of rank {rank}", f"galore{rank}", program(update + ")")))
        result.append(Arm(f"gradients of rank {rank}, moments kept", f"kept{rank}", program(update + ", transport: keep)")))
        result.append(Arm(f"factors of equal state, rank {factors}", f"factored{factors}", program(f"from epoch 0: factored(rank: {factors})")))
    return result


def state(study, one, seed):
    """The optimizer state of a phase as `check` plans it, in its own words."""
    source = study.folder / (study.name(one.arm, one.rate, seed) + ".drn")
    shown = subprocess.run([study.arguments.drnc, "check", str(source), "--cost", "--diagnostics", "plain"], capture_output=True, text=True, check=True)
    words = next(line for line in shown.stdout.splitlines() if line.startswith("phase 0")).split()
    # Each size is a number and a unit; the state is the second of memory, state and gradients, which are followed by a time.
    return " ".join(words[-6:-4])


def last(study, one, seed, figure):
    lines = (study.folder / study.name(one.arm, one.rate, seed) / "log.jsonl").read_text().splitlines()
    return [json.loads(line)[figure] for line in lines if '"kind": "epoch"' in line][-1]


def table(study, measured):
    lines = [
        "| arm | rate | test accuracy, % | minus dense, paired | training loss, last epoch | trainable parameters | optimizer state | arena, MiB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    seeds, base = study.arguments.seeds, measured[0].results
    for one in measured:
        differences = [a["test_accuracy"] - b["test_accuracy"] for a, b in zip(one.results, base)]
        losses = [last(study, one, seed, "train_loss") for seed in seeds]
        lines.append("| " + " | ".join([
            one.arm.label, str(one.rate), cell([r["test_accuracy"] for r in one.results], scale=100), cell(differences, scale=100),
            cell(losses, digits=3), f"{one.results[0]['final_trainable_parameters']:,}", state(study, one, seeds[0]), f"{one.arena_bytes / 2**20:.1f}",
        ]) + " |")
    return lines


def main():
    arguments = parser(__doc__, "low_rank_state", rates=[0.0003, 0.001, 0.003], seeds=[1, 2, 3]).parse_args()
    study = Study(arguments)
    measured = study.measure(arms())
    page = [
        "# Low-rank optimizer state on Fashion-MNIST", "",
        "MLP 784-512-512-10 with ReLU, batch 128, Adam with a cosine rate, 6 epochs. `fc1` and `fc2` are dense with gradients and moments in a",
        "subspace that is renewed every 200 steps (`low_rank_gradient`, after GaLore, arXiv 2403.03507), or factors whose moments take as many bytes.",
        "Moments turn with the subspace unless they are kept, as in the published code. 3 seeds, paired: one seed gives every arm the same split,",
        "data order and initial draws. The rate of each arm is the best of 0.0003, 0.001, 0.003 on validation with the first seed. The test split is",
        "read once per run. Mean, and range over seeds. A step does not form the gradients of these weights, but a renewal does and takes them apart,",
        "for which the arena has room. Made by `python3 benchmarks/low_rank_state.py`.", "",
    ]
    page += table(study, measured) + [""] + reading(measured) + [""]
    pathlib.Path(arguments.table).write_text("\n".join(page))
    print("\n".join(page))


if __name__ == "__main__":
    main()
