"""The committed tree-sitter parser: its corpus, its queries, and that it comes from the grammar beside it."""
import json
import re
import shutil
import subprocess
import unittest
from pathlib import Path

from tree_sitter import Query, QueryCursor

import crosscheck
import ebnf
import trees
from sitter_case import SitterCase

QUERIES = crosscheck.GRAMMAR / "queries"
MODELS = sorted((ebnf.PATH.parents[1] / "models").glob("*.drn"))


def corpus():
    """The cases of test/corpus: name, whether an error is expected, text, tree."""
    header = re.compile(r"^={3,}\n(.+)\n((?::error\n)?)={3,}\n", re.MULTILINE)
    for path in sorted((crosscheck.GRAMMAR / "test" / "corpus").glob("*.txt")):
        parts = header.split(path.read_text())[1:]
        for name, error, body in zip(parts[0::3], parts[1::3], parts[2::3]):
            text, tree = re.split(r"^-{3,}\n", body, maxsplit=1, flags=re.MULTILINE)
            yield name, bool(error), text.encode(), " ".join(tree.split())


class TreeSitterTests(SitterCase):
    def test_corpus(self):
        cases = list(corpus())
        self.assertGreater(len(cases), 8)
        for name, error, text, expected in cases:
            with self.subTest(name):
                root = self.parser.parse(text).root_node
                self.assertEqual(root.has_error, error)
                if not error:
                    self.assertEqual(plain(root), re.sub(r' ?operator: "[^"]*"', "", expected).replace("( ", "("))

    def captures(self, query, text):
        """The nodes that a query names, with the name, in the order of the text."""
        found = QueryCursor(Query(self.language, (QUERIES / query).read_text())).captures(self.parser.parse(text).root_node)
        return {
            name: [text[node.start_byte:node.end_byte].decode() for node in sorted(nodes, key=lambda node: node.start_byte)]
            for name, nodes in found.items()}

    def test_highlights(self):
        text = b'train f on d { batch: 128 weights a, conv* { from epoch 5: g(rank: 1/2 of o) } } // end\nblock f(x: t) { return x |> s: h }'
        found = self.captures("highlights.scm", text)
        self.assertEqual(found["comment"], ["// end"])
        self.assertEqual(found["number"], ["128", "5", "1", "2"])
        self.assertEqual(found["property"], ["batch", "rank"])
        self.assertEqual(found["label"], ["s"])
        self.assertEqual(found["function.call"], ["g", "h"])
        self.assertEqual(sorted(found["keyword"]), sorted(["train", "on", "weights", "from", "block"]))
        self.assertEqual(found["keyword.operator"], ["of"])
        self.assertIn("conv*", found["string.special"])

    def test_every_query_finds_something_in_the_models(self):
        for query in sorted(QUERIES.glob("*.scm")):
            for model in MODELS:
                self.assertTrue(self.captures(query.name, model.read_bytes()), f"{query.name} {model.name}")

    def test_models_have_no_errors(self):
        self.assertGreater(len(MODELS), 5)
        for model in MODELS:
            self.assertFalse(self.parser.parse(model.read_bytes()).root_node.has_error, model.name)

    def test_a_change_is_parsed_as_the_whole(self):
        text = MODELS[0].read_bytes()
        place = text.index(b"length")
        tree = self.parser.parse(text)
        changed = text[:place] + b"extra: x*\n  " + text[place:]
        point = (text.count(b"\n", 0, place), place - text.rindex(b"\n", 0, place) - 1)
        tree.edit(place, place, place + 12, point, point, (point[0] + 1, 2))
        self.assertEqual(trees.from_sitter(self.parser.parse(changed, tree)), trees.from_sitter(self.parser.parse(changed)))

    @unittest.skipIf(shutil.which("node") is None, "node is not installed")
    def test_grammar_json_is_that_of_grammar_js(self):
        made = subprocess.run(["node", str(Path(__file__).with_name("grammar_json.js"))], capture_output=True, check=True)
        committed = json.loads((crosscheck.GRAMMAR / "src" / "grammar.json").read_text())
        for key, value in json.loads(made.stdout).items():
            self.assertEqual(committed[key], value, key)

    def test_the_scanner_knows_the_tokens_in_order(self):
        """The order of the external tokens in grammar.json is that of the scanner."""
        externals = json.loads((crosscheck.GRAMMAR / "src" / "grammar.json").read_text())["externals"]
        scanner = (crosscheck.GRAMMAR / "src" / "scanner.c").read_text()
        symbols = re.search(r"enum TokenType \{([^}]*)\}", scanner)[1].replace(",", " ").split()
        keywords = re.findall(r'"(\w+)"', re.search(r"keywords\[\] = \{([^}]*)\}", scanner)[1])
        self.assertEqual(symbols.pop(), "FIRST_KEYWORD")
        self.assertEqual([token.get("name", "").strip("_").upper() for token in externals[:len(symbols)]], symbols)
        self.assertEqual([token.get("value") for token in externals[len(symbols):]], keywords)


def plain(node):
    """The named nodes with the names of their fields."""
    def write(cursor):
        label = f"{cursor.field_name}: " if cursor.field_name else ""
        parts, kind = [], cursor.node.type
        if cursor.goto_first_child():
            while True:
                if cursor.node.is_named:
                    parts.append(write(cursor))
                if not cursor.goto_next_sibling():
                    break
            cursor.goto_parent()
        return f"{label}({' '.join([kind, *parts])})"
    return write(node.walk())


if __name__ == "__main__":
    unittest.main()
