"""When to truncate: ResNet-20 with a fifth of CIFAR-10 over the moments, forms before it and states of one truncation, then the best against fixed low rank.

    python3 benchmarks/truncation.py --data FOLDER [--jobs 2 --threads 1]

FOLDER holds the six files of CIFAR-10's binary version. Every schedule of the map is trained with the first seed; what the map finds best on
validation, its rivals of equal deployed size and of equal arithmetic, and the truncation after the drop of the rate, with all seeds.
Resumable; study.py says how. Writes docs/results/truncation.md.
"""
import pathlib

from cifar import Programs
from study import Study, cell, parser, root, verdict

EPOCHS, DROP, DROP2 = 15, 10, 13


def low(ratio):
    return f"factored(rank: {ratio} of outputs, initial: glorot_each)"


def cut(rank):
    return f"factored(rank: {rank}) by svd(recalibrate(batch_norm, batches: 50))"


QUARTER = "1/4 of outputs"


def schedules():
    """Label, name and entries: the baselines, then the map."""
    yield "dense", "dense", ()
    yield "1/4 throughout", "low", [f"from epoch 0: {low('1/4')}"]
    for epoch in (3, 6, 8, DROP, 12):
        when = " (when the rate drops)" if epoch == DROP else ""
        yield f"dense, 1/4 from epoch {epoch}{when}", f"cut{epoch}", ["from epoch 0: dense", f"from epoch {epoch}: {cut(QUARTER)}"]
    yield "1/4, dense from epoch 5, 1/4 from 8", "dynamic8", [f"from epoch 0: {low('1/4')}", "from epoch 5: dense", f"from epoch 8: {cut(QUARTER)}"]
    yield "1/4, dense from epoch 5, 1/4 from 12", "dynamic12", [f"from epoch 0: {low('1/4')}", "from epoch 5: dense", f"from epoch 12: {cut(QUARTER)}"]
    yield "dense, 1/4 from epoch 8, state anew", "reset8", ["from epoch 0: dense", f"from epoch 8: {cut(QUARTER)}"]
    yield "dense, a joint budget of the parameters of 1/4 from epoch 8", "budget8", [
        "from epoch 0: dense", f"from epoch 8: {cut('budget(parameters: 0.285)')}"]


def rows(measured, dense):
    for one in measured:
        result = one.results[0]
        yield (
            f"| {one.arm.label} | {cell([r['validation_accuracy'] for r in one.results], scale=100)} | {cell([r['test_accuracy'] for r in one.results], scale=100)} "
            f"| {result['deployed_parameters']:,} | {result['training_operations'] / dense['training_operations']:.3f} |")


def main():
    options = parser(__doc__, "truncation", rates=[0.3], seeds=[1, 2, 3])
    options.add_argument("--data", default="data/cifar-10-batches-bin")
    arguments = options.parse_args()
    arguments.records = arguments.records or str(root / "benchmarks/records/truncation.json")
    programs = Programs(arguments, epochs=EPOCHS, drops=(DROP, DROP2))
    seeds = arguments.seeds
    arguments.seeds = seeds[:1]
    study = Study(arguments)

    def arm(label, name, entries, factor=1.0):
        state = "reset" if name.startswith("reset") else "carry" if len(entries) > 1 else None
        return programs.arm(label, name, "20%", entries, state, factor)

    explored = study.measure([arm(*schedule) for schedule in schedules()])
    by_name = {one.arm.name: one for one in explored}
    cuts = [one for one in explored if one.arm.name.startswith("cut")]
    best = max(cuts, key=lambda one: one.results[0]["validation_accuracy"])
    arguments.seeds = seeds
    held = ["dense", "low", best.arm.name] + [name for name in ("cut12",) if name != best.arm.name]
    measured = study.measure([by_name[name].arm for name in held])
    operations = {one.arm.name: one.results[0]["training_operations"] for one in measured}
    factor = operations[best.arm.name] / operations["low"]
    longer = arm(f"1/4 throughout, {round(EPOCHS * factor)} epochs (the arithmetic of the best)", "low-longer", [f"from epoch 0: {low('1/4')}"], factor)
    measured += study.measure([longer])
    found = {one.arm.name: one.results for one in measured}
    reading = []
    for name, other, text in [
        (best.arm.name, "low", f"{best.arm.label} minus 1/4 throughout, of equal deployed size"),
        (best.arm.name, "low-longer", f"{best.arm.label} minus 1/4 throughout for as much arithmetic"),
        (best.arm.name, "cut12", f"{best.arm.label} minus the same cut at epoch 12"),
        (best.arm.name, "dense", f"{best.arm.label} minus dense"),
    ]:
        if name == other:
            continue
        differences = [a["test_accuracy"] - b["test_accuracy"] for a, b in zip(found[name], found[other])]
        reading.append(f"- {text}: {cell(differences, scale=100)} points, {verdict(differences)}.")
    dense = by_name["dense"].results[0]
    head = ["| schedule | validation, % | test, % | deployed parameters | training arithmetic of dense |", "|---|---|---|---|---|"]
    page = [
        "# When to truncate", "",
        f"ResNet-20 with a fifth of CIFAR-10 (its images after JPEG compression: accuracies are not those of the original files), {EPOCHS} epochs of batch 128, SGD with",
        f"momentum 0.9, label smoothing 0.1, rate 0.3, a tenth of it from epoch {DROP} and a hundredth from {DROP2}. Ranks are of the outputs; a truncation carries momentum",
        "and recalibrates the batch norms. The test split is read once per run. Made by `python3 benchmarks/truncation.py --data FOLDER`.", "",
        f"## The map, seed {seeds[0]}", "", *head, *rows(explored, dense), "",
        f"## The best cut of the map beside its rivals, {len(seeds)} seeds", "", "Mean, and range over seeds; differences are paired.", "", *head, *rows(measured, dense), "",
        *reading, ""]
    pathlib.Path(arguments.table).write_text("\n".join(page))
    print("\n".join(page))


if __name__ == "__main__":
    main()
