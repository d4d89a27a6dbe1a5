"""Dynamic-rank training against its baselines on Fashion-MNIST: MLP 784-1024-1024-10, ranks 1/16 and 1/32, five seeds, paired.

    python3 benchmarks/fashion.py [--timings runs]

Resumable; study.py says how. Arms of one seed share split, data order and initial values. Writes docs/results/fashion.md and docs/results/fashion.svg.
"""
from study import Arm, Study, parser, write

EPOCHS, INFLATE, DROP, DEFLATE, DROP2 = 12, 4, 8, 10, 11

TEMPLATE = """data fashion {{
  source:     fashion_mnist()
  image:      tensor[1, 28, 28]
  label:      class(10)
  validation: 10%
  prepare:    standardize(per: pixel)
  last_batch: drop
}}

network mlp(image: tensor[1, 28, 28]) -> tensor[10] {{
  return image |> flatten |> fc1: linear(1024) |> relu |> fc2: linear(1024) |> relu |> head: linear(10)
}}

train mlp on fashion {{
  length:    {epochs} epochs
  batch:     128
  seed:      {seed}
  loss:      cross_entropy
  optimizer: sgd(momentum: 0.9)
  rate:      step({rate}, factor: 0.1, at: [epoch {drop}, epoch {drop2}], warmup: 1 epochs)
{settings}
  every 2 epochs: report(effective_rank, stable_rank)
}}
"""


def program(settings, factor=1.0):
    """Gives the source for a rate and a seed; `factor` scales every time, the drops staying inside the run."""
    epochs = max(1, round(EPOCHS * factor))
    drop2 = min(max(1, round(DROP2 * factor)), epochs - 1)
    drop = min(max(1, round(DROP * factor)), drop2 - 1)
    return lambda rate, seed: TEMPLATE.format(epochs=epochs, seed=seed, rate=rate, settings=settings, drop=drop, drop2=drop2)


def clause(*entries, state=None):
    lines = [] if state is None else [f"  state:     {state}"]
    # A reset without a new warm-up is what is published; where factors come from a cut, how much it loses is in the log.
    if state == "restart":
        lines.append("  allow:     [cold_optimizer]")
    return "\n".join(lines + ["  weights fc1, fc2 {"] + [f"    {entry}" for entry in entries] + ["  }"])


def arms(ratio):
    rank = f"rank: 1/{ratio} of short_side"
    low = f"from epoch 0: factored({rank}, initial: glorot_each)"
    started = f"from epoch 0: factored({rank}, initial: svd)"
    inflated = f"from epoch {INFLATE}: dense"
    cut = f"from epoch {DEFLATE}: factored({rank}) by svd"
    forms = {
        "fixed low rank, Glorot factors": clause(low),
        "fixed low rank, SVD start": clause(started),
        "dense, then SVD factors": clause("from epoch 0: dense", cut, state="carry"),
        "dynamic rank, published form": clause(low, inflated, f"from epoch {DEFLATE}: adapter({rank}, alpha: 16)", state="restart"),
        "dynamic rank, SVD form": clause(started, inflated, cut, state="carry"),
    }
    return [Arm(f"{label}, 1/{ratio}", f"{label}-{ratio}", program(settings)) for label, settings in forms.items()]


def main():
    options = parser(__doc__, "fashion", rates=[0.01, 0.03, 0.1], seeds=[1, 2, 3, 4, 5])
    options.add_argument("--ratios", type=int, nargs="+", default=[16, 32])
    arguments = options.parse_args()
    study = Study(arguments)
    [dense] = study.measure([Arm("dense", "dense", program(""))])
    measured = [dense]
    for ratio in arguments.ratios:
        low = study.measure(arms(ratio))
        factor = low[-1].results[0]["training_operations"] / dense.results[0]["training_operations"]
        equal = Arm(f"dense at the arithmetic of dynamic rank 1/{ratio}", f"dense-equal-{ratio}", program("", factor))
        measured += study.measure([equal]) + low
    introduction = [
        "# Dynamic-rank training on Fashion-MNIST",
        "",
        f"MLP 784-1024-1024-10 with ReLU, batch 128, SGD with momentum 0.9, {EPOCHS} epochs, rate dropped tenfold at epochs {DROP} and {DROP2},",
        f"inflated at {INFLATE}, deflated at {DEFLATE}. {len(arguments.seeds)} seeds, paired: one seed gives every arm the same split, data order and initial",
        "draws. The rate of each arm is the best of " + ", ".join(map(str, arguments.rates)) + " on validation with the first seed. The test split is read once per run.",
        "Mean, and range over seeds." + (" Seconds are those of the training steps of one run by itself with two threads." if arguments.timings else ""),
        "What the published form deploys is a dense matrix: its last phase trains an adapter beside the frozen weight. Saved is the best epoch since",
        "forms last changed. All seeds validate on the same examples.",
        f"Made by `python3 benchmarks/fashion.py --rates {' '.join(map(str, arguments.rates))} --seeds {' '.join(map(str, arguments.seeds))}`.",
    ]
    write(arguments, introduction, measured, "fc2")


main()
