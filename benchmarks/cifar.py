"""Dynamic-rank training of ResNet-20 against its baselines on CIFAR-10, with all examples and with a fifth of them, three seeds, paired.

    python3 benchmarks/cifar.py --data FOLDER [--timings steps]
    python3 benchmarks/cifar.py --data FOLDER --full

FOLDER holds the six files of CIFAR-10's binary version. The published schedule (150 epochs, arXiv 2508.08625) is shortened to 10 epochs by
`--shorten`, every time with it; `--full` trains all 150 epochs with a fifth of the examples (12 runs and three of a schedule of our own, some 20 minutes
each with two threads; runs made before are in benchmarks/records). Resumable; study.py says how. Writes docs/results/cifar.md and docs/results/cifar.svg, or cifar_full.md and cifar_full.svg.
"""
import os
import pathlib

from study import Arm, Study, parser, root, write

EPOCHS, INFLATE, DEFLATE, DROPS, SHORT = 150, 55, 120, (100, 130), 10
RANK = "rank: 1/2 of outputs"
LOW = f"factored({RANK}, initial: glorot_each)"
CUT = f"factored({RANK}) by svd(recalibrate(batch_norm, batches: 50))"

TEMPLATE = """import "{network}"

data images {{
  source: cifar("{data}")
  image: tensor[3, 32, 32]
  label: class(10)
  validation: 10%
  examples_used: {used}
  prepare: standardize(per: pixel)
  augment: [pad_crop(4), flip_horizontal]
  last_batch: drop
}}

train resnet20 on images {{
  length: {epochs} epochs
  batch: 128
  seed: {seed}
  loss: cross_entropy(smoothing: 0.1)
  optimizer: sgd(momentum: 0.9)
  rate: step({rate}, factor: 0.1, at: [epoch {drop}, epoch {drop2}])
  initial: glorot
{settings}
  every {report} epochs: report(effective_rank, stable_rank)
}}
"""


class Programs:
    """Sources that differ in the schedule, the share of the data and the length."""

    def __init__(self, arguments, epochs=EPOCHS, drops=DROPS, shortened_to=None):
        folder = pathlib.Path(arguments.folder)
        self.network = os.path.relpath(root / "models/shared/residual.drn", folder)
        self.data = str(pathlib.Path(arguments.data).resolve())
        self.epochs, self.drops, self.shortened_to = epochs, drops, shortened_to

    def arm(self, label, name, used, entries=(), state=None, factor=1.0, rates_of=None):
        settings = [] if state is None else [f"  state: {state}"]
        if entries:
            allowed = ["rank_unaligned"] + (["cold_optimizer", "deployed_form"] if state == "restart" else []) + (["unbounded_truncation"] if state == "carry" else [])
            settings += [f"  allow: [{', '.join(allowed)}]", "  weights stem, stage*.**.conv* {"] + [f"    {entry}" for entry in entries] + ["  }"]
        # A whole number of epochs after shortening.
        trained = self.shortened_to or self.epochs
        factor = round(trained * factor) / trained
        epochs = round(self.epochs * factor)
        drop, drop2 = (round(drop * factor) for drop in self.drops)

        def source(rate, seed):
            return TEMPLATE.format(
                network=self.network, data=self.data, used=used, epochs=epochs, seed=seed, rate=rate, drop=drop, drop2=drop2,
                settings="\n".join(settings), report=self.epochs // SHORT * 2,
            )

        options = ["--shorten", f"{self.shortened_to}/{self.epochs}"] if self.shortened_to else []
        return Arm(label, name, source, options, group=used, rates_of=rates_of)


def dynamic(inflate, deflate, last):
    return [f"from epoch 0: {LOW}", f"from epoch {inflate}: dense", f"from epoch {deflate}: {last}"]


def write_full(arguments, study, arms):
    measured = study.measure(arms)
    introduction = [
        "# The published schedule of dynamic rank, all 150 epochs, with a fifth of CIFAR-10",
        "",
        "ResNet-20; the images are CIFAR-10's after JPEG compression: accuracies are not those of the original files. The schedule of arXiv 2508.08625:",
        f"low rank, inflated at epoch {INFLATE}, deflated at {DEFLATE}, rate 0.1 dropped tenfold at {DROPS[0]} and {DROPS[1]}; batch 128, SGD with momentum 0.9, label smoothing 0.1,",
        f"rank half the outputs. {len(arguments.seeds)} seeds, paired. The test split is read once per run. Mean, and range over seeds.",
        "What the published form deploys is a dense matrix for every weight: nothing is saved after training.",
        "Made by `python3 benchmarks/cifar.py --data FOLDER --full`.",
    ]
    write(arguments, introduction, measured, "stage3.0.conv2")


def main():
    options = parser(__doc__, "cifar", rates=[0.03, 0.1, 0.3], seeds=[1, 2, 3])
    options.add_argument("--data", default="data/cifar-10-batches-bin")
    options.add_argument("--share", choices=["fifth", "both"], default="both", help="the fifth alone, or the whole table")
    options.add_argument("--full", action="store_true", help="all 150 epochs, with a fifth of the examples")
    arguments = options.parse_args()
    if arguments.full:
        arguments.rates = [0.1]
        arguments.records = arguments.records or str(root / "benchmarks/records/cifar_full.json")
        arguments.folder, arguments.table = arguments.folder + "-full", arguments.table.replace("cifar.md", "cifar_full.md")
    study, programs = Study(arguments), Programs(arguments, shortened_to=None if arguments.full else SHORT)
    forms = {
        "dense": ("dense",),
        "fixed": ("fixed low rank", [f"from epoch 0: {LOW}"]),
        "published": ("dynamic rank, published form", dynamic(INFLATE, DEFLATE, f"adapter({RANK}, alpha: 16)"), "restart"),
        "svd": ("dynamic rank, SVD form", dynamic(INFLATE, DEFLATE, CUT), "carry"),
    }

    def fifth(name, label, *form, factor=1.0):
        return programs.arm(f"{label}, a fifth", f"{name}-fifth", "20%", *form, factor=factor)

    fifths = {name: fifth(name, *form) for name, form in forms.items()}
    if arguments.full:
        return write_full(arguments, study, [*fifths.values(), fifth("high", "dense, then SVD while the rate is high", ["from epoch 0: dense", f"from epoch 80: {CUT}"], "carry")])
    full = DEFLATE - INFLATE
    dense, dynamic_svd, *others = study.measure([
        fifths["dense"],
        fifths["svd"],
        fifth("dense-svd", "dense, then SVD", ["from epoch 0: dense", f"from epoch {DEFLATE}: {CUT}"], "carry"),
        fifth("early", "full rank early", dynamic(15, 15 + full, CUT), "carry"),
        fifth("late", "full rank late", dynamic(EPOCHS - full - 5, EPOCHS - 5, CUT), "carry"),
    ])
    factor = dynamic_svd.results[0]["training_operations"] / dense.results[0]["training_operations"]
    equal = study.measure([fifth("dense-equal", "dense at that arithmetic", factor=factor)])
    measured = [dense, dynamic_svd, *equal, *others]
    if arguments.share == "both":
        measured = study.measure([programs.arm(*form[:1], name, "100%", *form[1:], rates_of=fifths[name]) for name, form in forms.items()]) + measured
    introduction = [
        "# Dynamic-rank training of ResNet-20 on CIFAR-10",
        "",
        "The images are CIFAR-10's after JPEG compression: accuracies are not those of the original files.",
        f"The schedule of arXiv 2508.08625 ({EPOCHS} epochs, inflated at {INFLATE}, deflated at {DEFLATE}, rate dropped tenfold at {DROPS[0]} and {DROPS[1]}) shortened to {SHORT} epochs;",
        f"batch 128, SGD with momentum 0.9, label smoothing 0.1, rank half the outputs. {len(arguments.seeds)} seeds, paired. The rate of each arm is the best of",
        ", ".join(map(str, arguments.rates)) + " on validation with a fifth of the examples and the first seed. The test split is read once per run. Mean, and range over seeds.",
        "What the published form deploys is a dense matrix for every weight: nothing is saved after training.",
        f"Seconds are those of the training steps of one run with {arguments.threads} threads, from some steps of each phase by themselves.",
    ]
    if arguments.share == "fifth":
        introduction += ["Only the arms with a fifth of the examples; without `--share fifth` the command makes the others too."]
    share = " --share fifth" if arguments.share == "fifth" else ""
    introduction += [f"Made by `python3 benchmarks/cifar.py --data FOLDER --timings steps{share}`."]
    write(arguments, introduction, measured, "stage3.0.conv2")


if __name__ == "__main__":
    main()
