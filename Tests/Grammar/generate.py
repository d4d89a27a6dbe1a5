"""Random programs from grammar/drn.ebnf, and programs with a few tokens changed."""
import re

import ebnf
from ebnf import Characters, Choice, Difference, Literal, Reference, Repeated, Sequence

NAMES = ["x", "y", "conv1", "stem", "_a", "linear", "relu", "factored", "rank", "networkA", "epoch_2", "steps1", "onwards", "iff", "E5", "e"]
SAMPLES = {
    "INTEGER": ["0", "3", "128", "1_000", "07"],
    "DECIMAL": ["0.1", "1e-4", "1.5e3", "2E+1", "3_0.2_5"],
    "PERCENT": ["10%", "0.5%", "1e1%"],
    "STRING": ['"data/x.idx"', '""', r'"a \"b\" \\ \n\t"', '"größe // no comment"'],
    "PATTERN": ["**", "conv*", "*x", "stage*.**.conv*", "a.*", "b[*].c", "b[2]*", "x*.y", "*[0]", "_*", "epoch*", "a*b*"],
    "PRODUCT": ["a*b", "a.b*c", "x[3]*2", "a*b*c", "if*of"],
    "NAME": NAMES,
}
SPACES = [" "] * 12 + ["\n", "\n\n  ", "\t", "\r\n", " // a remark, größer\n", "  "]
# Marks that need no space around them, whatever stands there; next to any other, two tokens could become one.
TIGHT = set("(){},:")


class Writer:
    def __init__(self, rules, random):
        self.rules, self.random = rules, random
        self.depths = self.measure()

    def measure(self):
        depths = dict.fromkeys(self.rules, 1000)
        for _ in self.rules:
            for name, rule in self.rules.items():
                depths[name] = 0 if ebnf.is_token(name) else min(depths[name], self.depth(rule, depths) + 1)
        return depths

    def depth(self, node, depths):
        """How many rules a part needs at least until it ends."""
        if isinstance(node, Reference):
            return depths[node.name]
        if isinstance(node, Sequence):
            return max(self.depth(part, depths) for part in node.parts)
        if isinstance(node, Choice):
            return min(self.depth(part, depths) for part in node.parts)
        if isinstance(node, Repeated):
            return self.depth(node.part, depths) if node.mark == "+" else 0
        return 0

    def program(self, budget):
        return self.write(Reference("file"), budget)

    def write(self, node, budget):
        """The tokens of a part; deeper than `budget` rules it takes the shortest way out."""
        if isinstance(node, Literal):
            return [node.text]
        if isinstance(node, Reference):
            if ebnf.is_token(node.name):
                return [self.token(node.name)]
            return self.write(self.rules[node.name], budget - 1)
        if isinstance(node, Sequence):
            return [token for part in node.parts for token in self.write(part, budget)]
        if isinstance(node, Choice):
            if budget > 0:
                return self.write(self.random.choice(node.parts), budget)
            return self.write(min(node.parts, key=lambda part: self.depth(part, self.depths)), budget)
        return [token for _ in range(self.count(node, budget)) for token in self.write(node.part, budget)]

    def count(self, node, budget):
        least = 1 if node.mark == "+" else 0
        if budget <= 0:
            return least
        most = 1 if node.mark == "?" else 3
        return min(self.random.randint(least, most) for _ in range(2))

    def token(self, name):
        """A sample of a token, or a new one made from its rule."""
        rule = self.rules[name]
        if name in SAMPLES and self.random.random() < 0.8:
            return self.random.choice(SAMPLES[name])
        if isinstance(rule, Difference) or name in ("INTEGER", "STRING"):
            return self.random.choice(SAMPLES[name])
        return self.characters(rule)

    def characters(self, node):
        if isinstance(node, Literal):
            return node.text
        if isinstance(node, Reference):
            return self.token(node.name) if node.name in SAMPLES else self.characters(self.rules[node.name])
        if isinstance(node, Characters):
            return self.random.choice([c for c in map(chr, range(33, 127)) if _matches(node.pattern, c)])
        if isinstance(node, Sequence):
            return "".join(self.characters(part) for part in node.parts)
        if isinstance(node, Choice):
            return self.characters(self.random.choice(node.parts))
        least, most = {"?": (0, 1), "*": (0, 3), "+": (1, 3)}[node.mark]
        return "".join(self.characters(node.part) for _ in range(self.random.randint(least, most)))


def _matches(pattern, character):
    return re.fullmatch(pattern, character) is not None


def join(tokens, random):
    """The text of some tokens with any space between them, and none where none is needed."""
    text = ""
    for index, token in enumerate(tokens):
        if index and not (random.random() < 0.5 and (token in TIGHT or tokens[index - 1] in TIGHT)):
            text += random.choice(SPACES)
        text += token
    return text + random.choice(["", "\n", " // end"])


def mutate(tokens, pool, random):
    """One to three changes: a token dropped, doubled, swapped with the next, replaced, inserted, or glued to the next."""
    changed = list(tokens)
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        if len(changed) < 2:
            break
        place = random.randrange(len(changed) - 1)
        kind = random.randrange(6)
        if kind == 0:
            del changed[place]
        elif kind == 1:
            changed.insert(place, changed[place])
        elif kind == 2:
            changed[place], changed[place + 1] = changed[place + 1], changed[place]
        elif kind == 3:
            changed[place] = random.choice(pool)
        elif kind == 4:
            changed.insert(place, random.choice(pool))
        else:
            changed[place:place + 2] = [changed[place] + changed[place + 1]]
    return changed


def pool(rules):
    """Every word and mark of the grammar, samples of every token, and some texts that are no token."""
    found = {node.text for name, rule in rules.items() if not ebnf.is_token(name) for node in _walk(rule) if isinstance(node, Literal)}
    keywords = {node.text for name in ("KEYWORD", "SETTING_WORD") for node in _walk(rules[name]) if isinstance(node, Literal)}
    strange = ["*", ".5", "5.", "1e", "#", ";", "&&", '"open', "é", "a*", "*2", "%", "!", "/*", "'x'", "|", "=="]
    return sorted(found | keywords) + [sample for samples in SAMPLES.values() for sample in samples] + strange


def _walk(node):
    yield node
    for part in getattr(node, "parts", ()) or [getattr(node, name) for name in ("part", "whole", "excluded") if hasattr(node, name)]:
        yield from _walk(part)
