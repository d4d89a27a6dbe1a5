"""Holds tables with words, missing values and columns left out, half of them mutated, against pandas: what `drnc train` says of a table in
`model.json` (classes, levels, means of missing values, means and deviations of columns) is what pandas reads, or the table is refused.

    .build-python/bin/pip install pandas==2.3.3
    .build-python/bin/python Tests/Fuzz/tables.py .build/release/drnc [--count 50] [--first 0]

Table n is drawn from the seed n. A fault is another number or name, a refusal of a table as it was drawn, a refusal without line, column and field, or
a status that is no error of data. Exit status 1 after a fault.
"""
import argparse
import io
import json
import pathlib
import random
import subprocess
import tempfile

import numpy
import pandas

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("drnc")
arguments.add_argument("--count", type=int, default=50)
arguments.add_argument("--first", type=int, default=0)
arguments = arguments.parse_args()
MISSING = ["", "NA", "N/A", "NaN", "nan", "NULL", "null", "?"]


class Table:
    """A table with an id, real numbers, a column of words and a column of class names."""

    def __init__(self, dice):
        self.separator = dice.choice([",", ";", "\t"])
        self.missing = dice.choice(["error", "mean", "drop"])
        count = dice.randint(6, 40)
        self.numbers = ["height", "weight"][: dice.randint(1, 2)]
        header = ["id", *self.numbers, "colour", "species"]
        rows = []
        for number in range(count):
            row = [f"a{number}"]
            row += [repr(round(dice.gauss(5, 100), dice.randint(0, 4))) for _ in self.numbers]
            row += [dice.choice(["red", "green", "dark blue", "Über"]), dice.choice(["cat", "Dog", "bird of prey"])]
            if self.missing != "error" and dice.random() < 0.2:
                row[dice.randint(1, len(row) - 2)] = dice.choice(MISSING)
            rows.append(row)
        self.text = "\n".join(self.separator.join(f'"{field}"' if " " in field else field for field in row) for row in [header, *rows]) + "\n"

    def mutate(self, dice):
        body = list(self.text)
        for _ in range(dice.randint(1, 3)):
            place = dice.randrange(self.text.index("\n") + 1, len(body))
            body[place] = dice.choice([body[place] * 2, "", dice.choice('0123456789.-eE,;\t\n "x?')])
        self.text = "".join(body)

    def program(self, features, classes):
        separator = ', separator: "tab"' if self.separator == "\t" else f', separator: "{self.separator}"'
        missing = "" if self.missing == "error" else f", missing: {self.missing}"
        return f"""data d {{
  source: csv(train: "t.csv", label: "species", leave_out: ["id"], categories: one_hot("colour"){separator}{missing})
  x: tensor[{features}]  label: class  prepare: standardize(per: pixel)
}}
network net(x: tensor[{features}]) -> tensor[{classes}] {{ return x |> fc: linear({classes}) }}
train net on d {{ length: 1 steps  batch: 2  loss: cross_entropy  optimizer: sgd  rate: 0.01 }}
"""


def read(table):
    """What pandas reads, or None where a field is no number of the format, a row has another length, or a word is missing where none may be."""
    try:
        frame = pandas.read_csv(
            io.StringIO(table.text), sep=table.separator, dtype=str, keep_default_na=False, skipinitialspace=True, on_bad_lines="error",
            quoting=0, skip_blank_lines=True)
    except (pandas.errors.ParserError, ValueError):
        return None
    if len(frame.columns) != len(table.numbers) + 3 or frame.isna().any().any() or not isinstance(frame.index, pandas.RangeIndex):
        return None
    for name in frame.columns:
        frame[name] = frame[name].str.strip(" \t")
    words = frame["colour"].where(~frame["colour"].isin(MISSING))
    species = frame["species"]
    numbers = {}
    for name in table.numbers:
        column = frame[name].where(~frame[name].isin(MISSING))
        if not column.dropna().str.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?").all():
            return None
        numbers[name] = column.astype(float)
        if not (numbers[name].dropna().abs() <= 3.4028235677973366e38).all():
            return None
    holes = words.isna() | pandas.DataFrame(numbers).isna().any(axis=1)
    if table.missing == "drop":
        keep = ~(holes | species.isin(MISSING))
        words, species = words[keep], species[keep]
        numbers = {name: values[keep] for name, values in numbers.items()}
    elif species.isin(MISSING).any() or holes.any() and table.missing == "error":
        return None
    classes = sorted(species.unique(), key=lambda name: name.encode())
    levels = sorted(words.dropna().unique(), key=lambda name: name.encode())
    features = pandas.DataFrame({**numbers, **{level: (words == level).astype(float).where(~words.isna()) for level in levels}})
    if len(classes) < 2 or features.isna().all().any() or features.empty:
        return None
    means = features.mean()
    if table.missing == "mean":
        # Filled in single precision.
        features = features.fillna(means.astype("float32").astype(float))
    return {"classes": classes, "levels": levels, "features": features, "fill": means}


def close(found, expected, tolerance):
    return len(found) == len(expected) and numpy.allclose(found, expected, rtol=tolerance, atol=1e-9)


def fault(table, expected, folder, mutated):
    if expected is None:
        return refused(*train(table, folder, len(table.numbers) + 4, 3))
    width = expected["features"].shape[1]
    status, errors = train(table, folder, width, len(expected["classes"]))
    if status != 0:
        # pandas passes over faults that RFC 4180 does not: a quote that is not closed, a row that is short.
        return refused(status, errors) if mutated else f"refused: {errors}"
    model = json.loads((folder / "run/model.json").read_text())
    columns = {column["name"]: column.get("levels") for column in model["input"]["columns"]}
    if model["output"]["classes"] != expected["classes"] or columns["colour"] != expected["levels"]:
        return f"names: {model['output']['classes']} {columns['colour']}"
    if table.missing == "mean" and not close(model["input"]["missing"]["means"], expected["fill"], 1e-6):
        return f"means of missing values {model['input']['missing']['means']}, pandas {list(expected['fill'])}"
    prepared, values = model["input"]["prepare"], expected["features"]
    # Statistics are kept in single precision; a deviation of 0 is replaced.
    if not close(prepared["mean"], values.mean(), 1e-5):
        return f"means {prepared['mean']}, pandas {list(values.mean())}"
    deviation = values.std(ddof=0)
    moving = deviation > 1e-6 * values.abs().max()
    if not close(numpy.array(prepared["inverse_deviation"])[moving], 1 / deviation[moving], 1e-4):
        return f"deviations {prepared['inverse_deviation']}, pandas {list(1 / deviation)}"
    return None


def refused(status, errors):
    if status not in (1, 65):
        return f"status {status} for a table that pandas has no reading of: {errors}"
    located = "line" in errors and "column" in errors or any(word in errors for word in ("DRN04", "has no value in any example", "DRN02"))
    return None if located else f"no place: {errors}"


def train(table, folder, width, classes):
    (folder / "t.csv").write_text(table.text)
    (folder / "p.drn").write_text(table.program(width, classes))
    subprocess.run(["rm", "-rf", folder / "run"], check=True)
    outcome = subprocess.run(
        [arguments.drnc, "train", "p.drn", "--quiet", "-o", "run", "--diagnostics", "plain"], cwd=folder, capture_output=True, text=True, timeout=60)
    return outcome.returncode, outcome.stderr


faults, sound = 0, 0
for number in range(arguments.first, arguments.first + arguments.count):
    dice = random.Random(number)
    table = Table(dice)
    if number % 2:
        table.mutate(dice)
    expected = read(table)
    sound += expected is not None
    with tempfile.TemporaryDirectory() as folder:
        problem = fault(table, expected, pathlib.Path(folder), number % 2 == 1)
    if problem:
        faults += 1
        print(f"table {number} ({table.missing}): {problem}\n{table.text}")
print(f"{arguments.count} tables, {sound} of them sound, {faults} faults")
raise SystemExit(faults > 0)
