"""LR-SMS on spoken digits beside dense and uniform low rank: a Conformer, on the official split and with a speaker held out, three seeds, paired.

    python3 benchmarks/speech.py --recordings FOLDER [--jobs 2 --threads 1]

Resumable; study.py says how; runs made before are in benchmarks/records. Writes docs/results/speech.md.
"""
import pathlib
import re

from study import Arm, Study, cell, parser, root, verdict

SPLITS = {"official": "take < 5", "speaker": "speaker == jackson"}

TRAIN = """
train conformer on digits {{
  length:    16 epochs
  batch:     32
  seed:      {seed}
  loss:      cross_entropy(smoothing: 0.1)
  optimizer: adamw(beta2: 0.98)
  rate:      cosine({rate}, warmup: 2 epochs)
  weight_decay: 0.01
  clip:      1.0
{clause}
}}
"""

ATTENTION = ["query", "key", "value", "output"]


def clauses(attention, forward):
    """A clause for each projection, so that ranks on a line count blocks."""
    lines = ["  decay: factors", "  allow: [rank_unaligned]"]
    names = [(f"attention.{name}", attention) for name in ATTENTION] + [("ff*.up", forward), ("ff*.down", forward)]
    lines += [f"  weights blocks[*].{name} {{ from epoch 0: factored(rank: {rank}, initial: svd) }}" for name, rank in names if rank]
    return "\n".join(lines)


def program(arguments, split, clause):
    shared = (root / "models/shared/conformer.drn").read_text()
    shared = re.sub(r'audio\(".*?"', f'audio("{pathlib.Path(arguments.recordings).resolve()}"', shared)
    shared = shared.replace("take < 5", SPLITS[split]).replace("  examples: 2700\n", "")
    shared = shared.replace("width: int = 96", "width: int = 64")
    return lambda rate, seed: shared + TRAIN.format(rate=rate, seed=seed, clause=clause)


def arms(arguments):
    shapes = [
        ("dense", "dense", ""),
        ("LR-SMS, ranks on a line", "lr-sms", clauses("linear(1/8, 1/4) of short_side", "linear(1/6, 5/12) of short_side")),
        ("uniform ranks of equal size", "uniform", clauses("3/16 of short_side", "7/24 of short_side")),
    ]
    result = []
    for split in SPLITS:
        first = [Arm(label, f"{split}-{name}", program(arguments, split, clause), group=split) for label, name, clause in shapes]
        result += first
    return result


def main():
    description = parser(__doc__, "speech", rates=[0.001], seeds=[1, 2, 3])
    description.add_argument("--recordings", required=True, help="the recordings of the Free Spoken Digit Dataset")
    arguments = description.parse_args()
    arguments.records = arguments.records or str(root / "benchmarks/records/speech.json")
    measured = Study(arguments).measure(arms(arguments))
    lines = ["| arm | official split, % | minus dense, paired | speaker held out, % | minus dense, paired | deployed parameters | training arithmetic of dense |", "|---|---|---|---|---|---|---|"]
    halves = [[one for one in measured if one.arm.group == split] for split in SPLITS]
    reading = []
    for official, speaker in zip(*halves):
        cells = [official.arm.label]
        for one, half in ((official, halves[0]), (speaker, halves[1])):
            differences = [a["test_accuracy"] - b["test_accuracy"] for a, b in zip(one.results, half[0].results)]
            cells += [cell([r["test_accuracy"] for r in one.results], scale=100), cell(differences, scale=100)]
        result = official.results[0]
        cells += [f"{result['deployed_parameters']:,}", f"{result['training_operations'] / halves[0][0].results[0]['training_operations']:.3f}"]
        lines.append("| " + " | ".join(cells) + " |")
    for half, split in zip(halves, ("the official split", "the speaker held out")):
        lr_sms, uniform = half[1], half[2]
        differences = [a["test_accuracy"] - b["test_accuracy"] for a, b in zip(lr_sms.results, uniform.results)]
        reading.append(f"- On {split}, LR-SMS minus uniform ranks of equal size: {cell(differences, scale=100)} points, {verdict(differences)}.")
    page = [
        "# LR-SMS on spoken digits", "",
        "The Conformer of `models/shared/conformer.drn` at width 64, 16 epochs of batch 32, AdamW at a cosine rate of 0.001. LR-SMS (arXiv 2410.07771): low rank from the",
        "first step, factors that are the truncated dense draw, ranks that rise from block to block; the paper states neither direction nor ends. Low-rank parts:",
        "the four projections of attention, and the two matrices of both feed-forward parts. The official test is the first five takes of each digit and speaker",
        "(300 recordings, of which one is 0.33 %), the other one all 500 recordings of a speaker who is not trained on."
        f" {len(arguments.seeds)} seeds, paired. The test split is read once a run.",
        "Mean, and range over seeds. Made by `python3 benchmarks/speech.py --recordings FOLDER`.", ""]
    page += lines + [""] + reading + [""]
    pathlib.Path(arguments.table).write_text("\n".join(page))
    print("\n".join(page))


if __name__ == "__main__":
    main()
