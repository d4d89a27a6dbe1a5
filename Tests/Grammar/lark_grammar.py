"""An independent parser made from grammar/drn.ebnf: rules become rules of lark, tokens become regular expressions.

Tokens that stand for a set of other tokens (KEYWORD, SETTING_WORD, CALLEE) become rules, for lark's parser sees a word only once.
"""
import re

from lark import Lark, Token
from lark.exceptions import UnexpectedInput
from lark.lexer import Lexer

import ebnf
from ebnf import Characters, Choice, Difference, Literal, Reference, Repeated, Sequence

SPACE = "SPACE"


class Tokens:
    """The tokens of a grammar as regular expressions."""

    def __init__(self, rules):
        self.rules = rules
        self.literals = sorted(self.collect_literals(), key=lambda text: (-len(text), text))
        self.words = {text for text in self.literals if text[0].isalpha()}
        self.sets = {name for name in rules if ebnf.is_token(name) and self.is_set(name)}
        used = self.collect_tokens()
        self.differences = {name: rule for name, rule in rules.items() if name in used and isinstance(rule, Difference)}
        self.patterns = {
            name: re.compile(self.regex(self.whole(name))) for name in rules if name in used and name not in self.sets}
        self.space = re.compile(f"(?:{self.regex(rules[SPACE])})*")

    def whole(self, name):
        rule = self.rules[name]
        return rule.whole if isinstance(rule, Difference) else rule

    def parts(self, node):
        if isinstance(node, (Sequence, Choice)):
            return node.parts
        if isinstance(node, Repeated):
            return (node.part,)
        if isinstance(node, Difference):
            return (node.whole, node.excluded)
        return ()

    def walk(self, node):
        yield node
        for part in self.parts(node):
            yield from self.walk(part)

    def collect_literals(self):
        return {
            node.text for name, rule in self.rules.items() if not ebnf.is_token(name) for node in self.walk(rule)
            if isinstance(node, Literal)}

    def collect_tokens(self):
        return {
            node.name for name, rule in self.rules.items() if not ebnf.is_token(name) for node in self.walk(rule)
            if isinstance(node, Reference) and ebnf.is_token(node.name)} | {"NAME"}

    def is_set(self, name):
        """Whether a token is one of several words that have tokens of their own."""
        def known(node):
            return isinstance(node, Literal) and node.text in self.words or \
                isinstance(node, Reference) and (node.name == "NAME" or self.is_set(node.name))
        rule = self.rules[name]
        return isinstance(rule, Choice) and all(known(part) for part in rule.parts)

    def regex(self, node):
        if isinstance(node, Literal):
            return re.escape(node.text)
        if isinstance(node, Characters):
            return node.pattern
        if isinstance(node, Reference):
            return self.regex(self.rules[node.name])
        if isinstance(node, Sequence):
            return "".join(self.regex(part) for part in node.parts)
        if isinstance(node, Choice):
            return "(?:" + "|".join(self.regex(part) for part in node.parts) + ")"
        if isinstance(node, Repeated):
            return f"(?:{self.regex(node.part)}){node.mark}"
        raise ValueError(f"no regular expression for {node}")

    def is_excluded(self, name, text):
        rule = self.differences.get(name)
        return rule is not None and re.fullmatch(self.regex(rule.excluded), text) is not None

    def longest(self, text, place):
        """The token at a place: the longest that fits; of two as long, the one whose rule does not exclude the text."""
        best, length = None, 0
        for literal in self.literals:
            if text.startswith(literal, place):
                best, length = terminal(literal), len(literal)
                break
        for name, pattern in self.patterns.items():
            match = pattern.match(text, place)
            if match is None or self.is_excluded(name, match.group()):
                continue
            if match.end() - place > length:
                best, length = name, match.end() - place
        return best, length

    def split(self, text):
        """The texts of the tokens, up to the first place where none begins."""
        place = self.space.match(text).end()
        while place < len(text) and self.longest(text, place)[0]:
            length = self.longest(text, place)[1]
            yield text[place:place + length]
            place = self.space.match(text, place + length).end()


def terminal(text):
    """The name of the token of a literal."""
    return text.upper() + "_WORD" if text.isalpha() else "MARK_" + "_".join(str(ord(character)) for character in text)


class LongestMatch(Lexer):
    """Splits a text into the longest tokens; what lies between must be space."""
    tokens = None

    def __init__(self, _configuration):
        pass

    def lex(self, text, _parser_state=None):
        text = getattr(text, "text", text)
        place = 0
        while True:
            place = self.tokens.space.match(text, place).end()
            if place == len(text):
                return
            name, length = self.tokens.longest(text, place)
            if name is None:
                raise UnexpectedInput(f"no token at {place}")
            yield Token(name, text[place:place + length], start_pos=place, end_pos=place + length)
            place += length


def translate(rules, tokens):
    """The rules in lark's notation."""
    def write(node):
        if isinstance(node, Literal):
            return terminal(node.text)
        if isinstance(node, Reference):
            return node.name.lower() + "_" if node.name in tokens.sets else node.name
        if isinstance(node, Sequence):
            return " ".join(write(part) for part in node.parts)
        if isinstance(node, Choice):
            return "(" + " | ".join(write(part) for part in node.parts) + ")"
        return f"({write(node.part)}){node.mark}"

    lines = [f"{name}: {write(rule)}" for name, rule in rules.items() if not ebnf.is_token(name)]
    lines += [f"{name.lower()}_: {write(rules[name])}" for name in rules if name in tokens.sets]
    declared = sorted(set(tokens.patterns) | {terminal(literal) for literal in tokens.literals} | {terminal(w) for w in tokens.words})
    return "\n".join(lines) + "\n%declare " + " ".join(declared) + "\n"


def parser(**options):
    rules = ebnf.read()
    tokens = Tokens(rules)
    lexer = type("DrnLexer", (LongestMatch,), {"tokens": tokens})
    return Lark(translate(rules, tokens), start="file", parser="lalr", lexer=lexer, keep_all_tokens=True, **options)
