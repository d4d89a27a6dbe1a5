"""Reads grammar/drn.ebnf, which is written in the notation of the XML recommendation, section 6."""
import re
from dataclasses import dataclass
from pathlib import Path

PATH = Path(__file__).resolve().parents[2] / "grammar" / "drn.ebnf"


@dataclass(frozen=True)
class Reference:
    name: str


@dataclass(frozen=True)
class Literal:
    text: str


@dataclass(frozen=True)
class Characters:
    """A class of characters as Python's regular expressions write it, brackets included."""
    pattern: str


@dataclass(frozen=True)
class Sequence:
    parts: tuple


@dataclass(frozen=True)
class Choice:
    parts: tuple


@dataclass(frozen=True)
class Repeated:
    part: object
    mark: str


@dataclass(frozen=True)
class Difference:
    whole: object
    excluded: object


TOKEN = re.compile(r"/\*.*?\*/|\s+|(?P<token>::=|'[^']*'|\"[^\"]*\"|\[[^\]]*\]|[A-Za-z_]+|[()|*+?-])", re.DOTALL)


def tokens(text):
    place, found = 0, []
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise ValueError(f"unreadable at {text[place:place + 20]!r}")
        if match["token"]:
            found.append(match["token"])
        place = match.end()
    return found


def character_class(written):
    """`[^"\\#xA]` as a class of a regular expression."""
    body = written[1:-1].replace("\\", "\\\\")
    for code, escape in (("#x20", " "), ("#x9", r"\t"), ("#xA", r"\n"), ("#xD", r"\r")):
        body = body.replace(code, escape)
    return Characters(f"[{body}]")


class Reader:
    def __init__(self, text):
        self.tokens = tokens(text)
        self.place = 0

    def peek(self, ahead=0):
        index = self.place + ahead
        return self.tokens[index] if index < len(self.tokens) else None

    def skip(self, token):
        if self.peek() != token:
            return False
        self.place += 1
        return True

    def rules(self):
        rules = {}
        while self.peek() is not None:
            name = self.peek()
            if self.peek(1) != "::=":
                raise ValueError(f"no rule begins at {name}")
            self.place += 2
            rules[name] = self.choice()
        return rules

    def choice(self):
        parts = [self.sequence()]
        while self.skip("|"):
            parts.append(self.sequence())
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def sequence(self):
        parts = []
        while self.begins_part():
            parts.append(self.repeated())
        whole = parts[0] if len(parts) == 1 else Sequence(tuple(parts))
        return Difference(whole, self.repeated()) if self.skip("-") else whole

    def begins_part(self):
        return self.peek() not in (None, "|", ")", "-") and self.peek(1) != "::="

    def repeated(self):
        part = self.part()
        if self.peek() in ("*", "+", "?"):
            self.place += 1
            return Repeated(part, self.tokens[self.place - 1])
        return part

    def part(self):
        token = self.peek()
        self.place += 1
        if token == "(":
            inner = self.choice()
            if not self.skip(")"):
                raise ValueError("a parenthesis is not closed")
            return inner
        if token[0] in "'\"":
            return Literal(token[1:-1])
        if token[0] == "[":
            return character_class(token)
        return Reference(token)


def read(text=None):
    """The rules by name, in the order of the text."""
    return Reader(PATH.read_text() if text is None else text).rules()


def is_token(name):
    return name.isupper()
