"""Low rank in transformers by characters on Tiny Shakespeare: dynamic rank and InRank on a GPT, GaLore and AdaRankGrad on a LLaMA, three seeds, paired.

    python3 benchmarks/text.py --text FILE [--jobs 2 --threads 1]

Resumable; study.py says how. Writes docs/results/text.md.
"""
import json
import pathlib

from study import Arm, Study, cell, parser, root, verdict

DATA = """import "{blocks}"

data shakespeare {{
  source:     text("{text}", test_share: 5%)
  text:       tokens[64]
  label:      next_token(65)
  validation: 5%
}}
"""

NETWORKS = {
    "gpt": """network gpt(text: tokens[64]) -> tensor[64, 65] {
  return text |> embed: embedding(65, 96, deviation: 0.02) |> positions: positions
    |> blocks: { repeat(3) { gpt_layer(96, heads: 4) } } |> norm: layer_norm |> head: linear(65, bias: false)
}
""",
    "llama": """network llama(text: tokens[64]) -> tensor[64, 65] {
  return text |> embed: embedding(65, 96, deviation: 0.02)
    |> blocks: { repeat(3) { llama_layer(96, heads: 4, hidden: 256) } } |> norm: rms_norm |> head: linear(65, bias: false)
}
""",
}

TRAIN = """
train {network} on shakespeare {{
  length:    980 steps
  batch:     32
  seed:      {seed}
  loss:      cross_entropy
  optimizer: {optimizer}
  rate:      {rate}
  clip:      1.0
  select:    loss
{clause}
}}
"""

# The truncations come before the drop of the rate, at half of the run, but for one that comes with the drop, at three quarters.
LOW = "factored(rank: 1/4 of short_side, initial: svd)"


def program(arguments, network, clause="", optimizer="adamw(beta2: 0.99)"):
    blocks = root / "models/shared/transformer.drn"
    return lambda rate, seed: (
        DATA.format(blocks=blocks, text=pathlib.Path(arguments.text).resolve()) + NETWORKS[network]
        + TRAIN.format(
            network=network, seed=seed, optimizer=optimizer, rate=f"step({rate}, factor: 0.2, at: [step 735], warmup: 100 steps)",
            clause=clause))


def arms(arguments):
    def gpt(label, name, clause, group="gpt"):
        return Arm(label, name, program(arguments, "gpt", clause), group=group)

    def llama(label, name, clause):
        return Arm(label, name, program(arguments, "llama", clause, "adam(beta2: 0.99)"), group="llama")

    allow = "  allow: [rank_unaligned]\n  state: carry\n"
    return [
        gpt("GPT, dense", "gpt-dense", ""),
        gpt("GPT, blocks at 1/4 throughout", "gpt-low", f"  weights blocks.** {{ from epoch 0: {LOW} }}"),
        gpt("GPT, low, dense, low", "gpt-dynamic", allow + f"  weights blocks.** {{ from epoch 0: {LOW}  from step 245: dense  from step 490: factored(rank: 1/4 of short_side) by svd(error: 90%) }}"),
        gpt("GPT, dense, then 1/4", "gpt-truncated", allow + "  weights blocks.** { from epoch 0: dense  from step 490: factored(rank: 1/4 of short_side) by svd(error: 90%) }"),
        gpt("GPT, dense, then 1/4 when the rate has dropped", "gpt-late", allow + "  weights blocks.** { from epoch 0: dense  from step 735: factored(rank: 1/4 of short_side) by svd(error: 90%) }"),
        gpt("GPT, ranks of a joint budget after dense", "gpt-budget", allow + "  weights blocks.** { from epoch 0: dense  from step 490: factored(rank: budget(parameters: 0.4)) by svd(error: 90%) }"),
        gpt(
            "GPT, InRank on the feed-forward parts", "gpt-inrank",
            allow + "  weights blocks[*].up, blocks[*].down {\n    from epoch 0: factored(rank: 18)\n"
            "    every 25 steps: grow(until: explained_variance(0.9), buffer: 16, at_most: 3/4 of short_side, after: step 100, before: step 490)\n"
            "    from step 490: factored(rank: explained_variance(0.9)) by svd(error: 90%)\n  }"),
        llama("LLaMA, dense", "llama-dense", ""),
        llama("LLaMA, gradients of rank 1/4 (GaLore)", "llama-galore", "  weights blocks.** { update: low_rank_gradient(adam(beta2: 0.99), rank: 1/4 of short_side, refresh: 200 steps) }"),
        llama(
            "LLaMA, gradients of their own rank (AdaRankGrad)", "llama-adarankgrad",
            "  weights blocks.** {\n    update: low_rank_gradient(adam(beta2: 0.99), rank: energy(80%), at_least: 4, at_most: 1/4 of short_side, refresh: 400 steps,\n"
            "      converged: 0.5, at_earliest: 50 steps)\n  }"),
        llama("LLaMA, blocks at 1/4 throughout", "llama-low", f"  weights blocks.** {{ from epoch 0: {LOW} }}"),
    ]


def records(study, one, seed, kind):
    lines = (study.folder / study.name(one.arm, one.rate, seed) / "log.jsonl").read_text().splitlines()
    return [record for record in map(json.loads, lines) if record["kind"] == kind]


def inrank_ranks(study, measured, seed):
    """The last rank of each weight that grew."""
    one = next(one for one in measured if one.arm.name == "gpt-inrank")
    found = {}
    for record in records(study, one, seed, "rank_event") + records(study, one, seed, "transition"):
        if "weight" in record and "to_rank" in record:
            found[record["weight"]] = record["to_rank"]
    return found


def gradient_ranks(study, measured, seed):
    """The mean rank of the gradients' subspaces in each quarter of the run."""
    one = next(one for one in measured if one.arm.name == "llama-adarankgrad")
    events = [record for record in records(study, one, seed, "rank_event") if "to_gradient_rank" in record]
    if not events:
        return []
    last = max(record["step"] for record in events) + 1
    quarters = [[r["to_gradient_rank"] for r in events if 4 * r["step"] // last == quarter] for quarter in range(4)]
    return [sum(q) / len(q) for q in quarters if q]


def main():
    description = parser(__doc__, "text", rates=[0.002], seeds=[1, 2, 3])
    description.add_argument("--text", required=True, help="Tiny Shakespeare's input.txt")
    arguments = description.parse_args()
    study = Study(arguments, score=lambda result: -result.get("validation_loss", 1e9))
    measured = study.measure(arms(arguments))
    first = arguments.seeds[0]
    lines = [
        "| arm | rate | validation loss, nats | test loss, nats | minus dense, paired | trainable, average of dense | deployed parameters | training arithmetic of dense | arena, MiB |",
        "|---|---|---|---|---|---|---|---|---|"]
    reading = []
    for one in measured:
        base = next(other for other in measured if other.arm.group == one.arm.group)
        differences = [a["test_loss"] - b["test_loss"] for a, b in zip(one.results, base.results)]
        result = one.results[0]
        lines.append("| " + " | ".join([
            one.arm.label, str(one.rate), cell([r["validation_loss"] for r in one.results], 3), cell([r["test_loss"] for r in one.results], 3),
            cell(differences, 3), f"{result['average_trainable_parameters'] / result['dense_trainable_parameters']:.3f}",
            f"{result['deployed_parameters']:,}", f"{result['training_operations'] / base.results[0]['training_operations']:.3f}",
            f"{one.arena_bytes / 2**20:.1f}"]) + " |")
    by_name = {one.arm.name: one for one in measured}
    for name, other in [("gpt-dynamic", "gpt-low"), ("gpt-truncated", "gpt-low"), ("gpt-late", "gpt-truncated"), ("gpt-budget", "gpt-truncated"), ("gpt-inrank", "gpt-dense"), ("llama-galore", "llama-low"), ("llama-adarankgrad", "llama-galore")]:
        differences = [a["test_loss"] - b["test_loss"] for a, b in zip(by_name[name].results, by_name[other].results)]
        reading.append(f"- {by_name[name].arm.label} minus {by_name[other].arm.label}: {cell(differences, 3)} nats, {verdict(differences)}.")
    ranks = inrank_ranks(study, measured, first)
    page = [
        "# Low rank in transformers on Tiny Shakespeare", "",
        "By characters, context 64: a GPT of three layers of width 96 under AdamW, and a LLaMA of the same size under Adam; batch 32, 980 steps (two passes over",
        "the text), clipped at 1, a rate of 0.002 that falls to a fifth after 735 steps. Forms and updates are those of the weights of the blocks; ranks change after 245",
        f"and 490 steps, or with the rate. {len(arguments.seeds)} seeds, paired. The test is the last twentieth of the file, read once a run. Mean, and range over seeds. Made by `python3 benchmarks/text.py --text input.txt`.", ""]
    page += lines + [""] + reading + [""]
    if ranks:
        page += ["Ranks that InRank ended at (first seed): " + ", ".join(f"{name} {rank}" for name, rank in ranks.items()) + ".", ""]
    quarters = gradient_ranks(study, measured, first)
    if quarters:
        page += ["Mean rank of AdaRankGrad's subspaces in each quarter of the run (first seed): " + ", ".join(f"{q:.1f}" for q in quarters) + ".", ""]
    pathlib.Path(arguments.table).write_text("\n".join(page))
    print("\n".join(page))


if __name__ == "__main__":
    main()
