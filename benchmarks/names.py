"""An LSTM over the characters of names: extrapolation under a large batch, and low rank in the recurrent weights, three seeds, paired.

    python3 benchmarks/names.py --names FOLDER [--jobs 2 --threads 1]

Resumable; study.py says how. Writes docs/results/names.md.
"""
import pathlib

from study import Arm, Study, cell, parser, verdict

TEMPLATE = """data names {{
  source:     lines("{folder}", test_share: 20%, lengths: true)
  name:       tokens[20]
  label:      class(18)
  validation: 10%
  split_seed: {seed}
  last_batch: drop
}}

network languages(name: tokens[20]) -> tensor[18] {{
  return name |> embed: embedding(90, 64) |> memory: lstm(96) |> select(last) |> head: linear(18)
}}

train languages on names {{
  length:    10 epochs
  batch:     {batch}
  accumulation: {parts}
  seed:      {seed}
  loss:      cross_entropy
  optimizer: {optimizer}
  rate:      cosine({rate}, warmup: 1 epochs)
  clip:      1.0
  select:    balanced_accuracy
{clause}
}}
"""

INNER = "sgd(momentum: 0.9)"


def program(arguments, optimizer, clause="", batch=128, parts=8):
    folder = pathlib.Path(arguments.names).resolve()
    return lambda rate, seed: TEMPLATE.format(folder=folder, seed=seed, rate=rate, optimizer=optimizer, clause=clause, batch=batch, parts=parts)


def arms(arguments):
    result = [Arm("momentum, batch 1,024", "momentum", program(arguments, INNER), group="large")]
    for label, gradient, by, scale in [
        ("previous gradient of each part", "previous", "part", "1/8"), ("previous gradient of each part", "previous", "part", "1"),
        ("previous gradient of the batch", "previous", "batch", "1"), ("noise for each part", "noise", "part", "1/8"),
    ]:
        name = f"{gradient}-{by}-{scale.replace('/', 'of')}"
        result.append(
            Arm(f"{label}, scale {scale}", name, program(arguments, f"extrapolate({INNER}, gradient: {gradient}, by: {by}, scale: {scale})"), group="large"))
    small = {"batch": 64, "parts": 1}
    low = "  weights memory { from epoch 0: factored(rank: 1/4 of short_side, initial: svd) }"
    late = "  state: carry\n  weights memory { from epoch 0: dense  from epoch 5: factored(rank: 1/4 of short_side) by svd(error: 90%) }"
    for label, name, clause in [("dense, momentum, batch 64", "small", ""), ("LSTM at 1/4 throughout", "low", low), ("LSTM dense for five epochs, then 1/4", "late", late)]:
        result.append(Arm(label, name, program(arguments, INNER, clause, **small), group="small"))
    return result


def main():
    description = parser(__doc__, "names", rates=[0.1, 0.3, 1.0], seeds=[1, 2, 3])
    description.add_argument("--names", required=True, help="the folder of names by language")
    arguments = description.parse_args()
    study = Study(arguments, score=lambda result: result.get("validation_balanced_accuracy", 0))
    measured = study.measure(arms(arguments))
    lines = ["| arm | rate | balanced accuracy of the test, % | minus the first of its batch size, paired | accuracy, % | deployed parameters |", "|---|---|---|---|---|---|"]
    reading = []
    for one in measured:
        base = next(other for other in measured if other.arm.group == one.arm.group)
        differences = [a["test_balanced_accuracy"] - b["test_balanced_accuracy"] for a, b in zip(one.results, base.results)]
        lines.append("| " + " | ".join([
            one.arm.label, str(one.rate), cell([r["test_balanced_accuracy"] for r in one.results], scale=100), cell(differences, scale=100),
            cell([r["test_accuracy"] for r in one.results], scale=100), f"{one.results[0]['deployed_parameters']:,}"]) + " |")
        if one is not base:
            reading.append(f"- {one.arm.label}: {verdict(differences)}.")
    page = [
        "# An LSTM over names: extrapolation, and low rank", "",
        "The language a name is from, of 18, by its characters; names by language, of which one holds almost half, so that accuracy is balanced over the languages.",
        "Embedding of 64, LSTM of 96, the state at each name's own last character, 10 epochs, clipped at 1, a cosine rate after a warm-up of one epoch. Above, batches",
        "of 1,024 in 8 parts under `extrapolate` (arXiv 2006.05720, whose rule for the length of the step is not known); below, batches of 64 with both matrices of the LSTM in",
        "factors. 3 seeds, paired; the rate of each arm is the best of 0.1, 0.3, 1 on validation with the first seed. The test is read once a run. Mean, and range over seeds.",
        "Made by `python3 benchmarks/names.py --names FOLDER`.", ""]
    page += lines + [""] + reading + [""]
    pathlib.Path(arguments.table).write_text("\n".join(page))
    print("\n".join(page))


if __name__ == "__main__":
    main()
