"""The TextMate grammar of the VS Code extension gives each token of real programs the scope of what it is."""
import json
import logging
import tempfile
import unittest

from textmate_grammar.parsers.base import LanguageParser
from tree_sitter import Parser

import crosscheck
import ebnf
import roles

ROOT = ebnf.PATH.parents[1]
EXTENSION = ROOT / "editors" / "vscode"
SCOPES = {
    "comment": "comment.line", "string": "string.quoted", "number": "constant.numeric", "selector": "string.unquoted.selector",
    "boolean": "constant.language", "keyword": "keyword.", "operator": "keyword.operator.word", "unit": "keyword.other.unit",
    "property": "variable.other.property", "call": "entity.name.function.call", "declared": "entity.name", "name": "variable.other",
}
TRICKY = '''import "a.drn" // a "remark"
data epochs_1 { data: 1_000 on: true a: [8% 9% n epochs, step 3, x.y[0] * 2, -1e-4] b: step(0.1, at: [epoch 100, epoch n], from: 0.5%) }
block networkA(x: tensor[3], n: int = 1) { let steps1 = if n < 3 and not iff { x } else { x |> repeat(2) { g } } return x |> s: step(1) }
train networkA on epochs_1 { length: (n + 1) epochs w a.b, c*, x[*].y except **.z { at end: p 20 steps: d from end: q by svd(k: "a \\" // b") } }
'''


def sources():
    yield from sorted(ROOT.glob("models/*.drn"))
    yield from sorted(ROOT.glob("Tests/Golden/check/*-ok.drn"))[:40]


class TextMateTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # The library tells of every character that has no scope.
        logging.disable(logging.WARNING)
        cls.folder = tempfile.TemporaryDirectory()
        cls.parser = Parser(crosscheck.compile_sitter(cls.folder.name))
        cls.grammar = LanguageParser(json.loads((EXTENSION / "syntaxes" / "drn.tmLanguage.json").read_text()))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()
        logging.disable(logging.NOTSET)

    def scopes(self, text):
        """The innermost scope at each place that has one."""
        parsed = self.grammar.parse_string(text)
        found = {}
        for (line, column), content, names in parsed.flatten():
            for index in range(len(content)):
                found[line, column + index] = names[-1]
            if names[-1].startswith("punctuation.definition.comment"):
                found[line, column] = names[-2] if len(names) > 1 else names[-1]
        return found

    def check(self, text, name):
        scopes = self.scopes(text)
        root = self.parser.parse(text.encode()).root_node
        self.assertFalse(root.has_error, name)
        wrong = []
        seen = set()
        for node, role in roles.tokens(root):
            seen.add(role)
            line, column = node.start_point
            column = len(text.encode().split(b"\n")[line][:column].decode())
            scope = scopes.get((line, column), "none")
            if not scope.startswith(SCOPES[role]):
                wrong.append(f"{name}:{line + 1}:{column + 1}: {node.text.decode()!r} is a {role} and shown as {scope}")
        self.assertEqual(wrong, [])
        return seen

    def test_every_token_of_real_programs(self):
        files = list(sources())
        self.assertGreater(len(files), 20)
        for path in files:
            self.check(path.read_text(), path.name)

    def test_every_kind_of_token(self):
        self.assertEqual(self.check(TRICKY, "tricky"), set(SCOPES))

    def test_an_escape_in_a_string(self):
        scopes = self.scopes('data d { a: "x\\n\\q" }\n')
        self.assertEqual(scopes[0, 14], "constant.character.escape.drn")
        self.assertEqual(scopes[0, 16], "invalid.illegal.escape.drn")


if __name__ == "__main__":
    unittest.main()
