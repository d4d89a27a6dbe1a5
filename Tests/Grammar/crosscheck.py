#!/usr/bin/env python3
"""Holds three parsers of .drn files against each other: drnc's, one made from the EBNF by lark, and the tree-sitter grammar.

    crosscheck.py --drnc PATH [--programs 10000] [--seed 1]

Every generated program must be accepted by all with the same tree at the same bytes; about every mutated one they must agree.
"""
import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from lark.exceptions import LarkError
from tree_sitter import Parser

import ebnf
import generate
import lark_grammar
import trees

GRAMMAR = ebnf.PATH.parent / "tree-sitter"
BATCH = 500
LONGEST = 2000


def compile_sitter(folder):
    """The committed parser as a library."""
    library = Path(folder) / "drn.so"
    sources = [str(GRAMMAR / "src" / name) for name in ("parser.c", "scanner.c")]
    subprocess.run(["gcc", "-O1", "-shared", "-fPIC", "-I", str(GRAMMAR / "src"), *sources, "-o", str(library)], check=True)
    return trees.sitter_language(library)


class Parsers:
    def __init__(self, drnc, folder):
        self.drnc, self.folder = drnc, Path(folder)
        self.lark = lark_grammar.parser()
        self.sitter = Parser(compile_sitter(folder))

    def by_hand(self, texts):
        """For each text its tree, or None when drnc refuses it."""
        paths = []
        for index, text in enumerate(texts):
            path = self.folder / f"{index}.drn"
            path.write_bytes(text)
            paths.append(str(path))
        result = subprocess.run(
            [self.drnc, "parse", "--json", *paths], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        lines = result.stdout.decode().splitlines()
        if len(lines) != len(texts):
            raise RuntimeError(f"drnc parse printed {len(lines)} trees for {len(texts)} files and ended with {result.returncode}")
        answers = [json.loads(line) for line in lines]
        return [None if answer["errors"] else [trees.from_json(item) for item in answer["tree"].get("children", [])] for answer in answers]

    def by_lark(self, text):
        try:
            # One character a byte, so that offsets count bytes.
            return trees.LarkTrees().convert(self.lark.parse(text.decode("latin-1")))
        except LarkError:
            return None

    def by_sitter(self, text):
        root = self.sitter.parse(text).root_node
        return None if root.has_error else trees.from_sitter(root)[4]


class Tally:
    def __init__(self):
        self.programs = self.refused = self.nodes = 0
        self.faults = []

    def compare(self, text, hand, lark, sitter):
        self.programs += 1
        self.refused += hand is None
        verdicts = {"drnc": hand is not None, "lark": lark is not None, "tree-sitter": sitter is not None}
        if len(set(verdicts.values())) > 1:
            self.faults.append((text, f"accepted by {[name for name, accepted in verdicts.items() if accepted]} only"))
        elif hand is not None:
            self.nodes += sum(map(size, hand))
            if hand != sitter:
                self.faults.append((text, "drnc and tree-sitter: " + difference(hand, sitter)))
            bare = [trees.without_roles(node) for node in hand]
            if bare != lark:
                self.faults.append((text, "drnc and lark: " + difference(bare, lark)))


def size(node):
    return 1 + sum(map(size, node[-1]))


def difference(left, right):
    """The first place where two lists of nodes differ."""
    for one, other in zip(left, right):
        if one != other:
            return difference(one[-1], other[-1]) if one[:-1] == other[:-1] else f"{one[:-1]} and {other[:-1]}"
    return f"{len(left)} and {len(right)} children: {[n[:-1] for n in left][-3:]} and {[n[:-1] for n in right][-3:]}"


def one_program(writer, budget):
    """The tokens of a program that has some and is not so long that it costs as much as a hundred others."""
    while True:
        tokens = writer.program(budget)
        if 0 < len(tokens) <= LONGEST:
            return tokens


def run(parsers, programs, seed):
    """The tallies of the generated and of the mutated programs."""
    dice = random.Random(seed)
    rules = ebnf.read()
    writer, pool = generate.Writer(rules, dice), generate.pool(rules)
    valid, mutated = Tally(), Tally()
    for start in range(0, programs, BATCH):
        written = []
        for index in range(start, min(programs, start + BATCH)):
            tokens = one_program(writer, 8 + index % 24)
            written += [(valid, tokens), (mutated, generate.mutate(tokens, pool, dice))]
        texts = [generate.join(tokens, dice).encode() for _, tokens in written]
        for (tally, _), text, hand in zip(written, texts, parsers.by_hand(texts)):
            tally.compare(text, hand, parsers.by_lark(text), parsers.by_sitter(text))
    return valid, mutated


def run_files(parsers, seed, mutants):
    """The tallies of the files of the repository, which may be wrong, and of mutants of them."""
    dice = random.Random(seed)
    root = ebnf.PATH.parents[1]
    texts = [path.read_bytes() for path in sorted([*root.glob("models/*.drn"), *root.glob("Tests/Golden/**/*.drn")])]
    rules = ebnf.read()
    tokens, pool = lark_grammar.Tokens(rules), generate.pool(rules)
    sources = [list(tokens.split(text.decode("latin-1"))) for text in texts[:40]]
    changed = [generate.mutate(dice.choice(sources), pool, dice) for _ in range(mutants)]
    files, mutated = Tally(), Tally()
    for tally, group in ((files, texts), (mutated, [generate.join(words, dice).encode("latin-1") for words in changed])):
        for start in range(0, len(group), BATCH):
            batch = group[start:start + BATCH]
            for text, hand in zip(batch, parsers.by_hand(batch)):
                tally.compare(text, hand, parsers.by_lark(text), parsers.by_sitter(text))
    return files, mutated


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--drnc", required=True)
    options.add_argument("--programs", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    arguments = options.parse_args()
    sys.setrecursionlimit(20_000)
    with tempfile.TemporaryDirectory() as folder:
        parsers = Parsers(arguments.drnc, folder)
        valid, mutated = run(parsers, arguments.programs, arguments.seed)
        files, mutated_files = run_files(parsers, arguments.seed, arguments.programs // 10)
    tallies = {"generated": valid, "generated, then mutated": mutated, "files": files, "files, then mutated": mutated_files}
    faults = [fault for tally in tallies.values() for fault in tally.faults]
    for text, fault in sorted(faults, key=lambda pair: len(pair[0]))[:5]:
        print(f"--- {fault}\n{text.decode(errors='replace')}")
    for name, tally in tallies.items():
        print(f"{name}: {tally.programs} programs, {tally.nodes} nodes, {tally.refused} refused, {len(tally.faults)} disagreements")
    if mutated.refused < 0.3 * mutated.programs:
        sys.exit("fewer than 30 % of the mutated programs are refused: the comparison shows little")
    if faults or valid.refused:
        sys.exit(f"{len(faults)} disagreements, {valid.refused} generated programs refused")


if __name__ == "__main__":
    main()
