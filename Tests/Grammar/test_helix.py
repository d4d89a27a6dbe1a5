"""The files of Helix, which cannot be installed where this runs: its queries against the grammar, and its names against those it documents."""
import re
import tomllib
import unittest
from pathlib import Path

from tree_sitter import Query, QueryCursor

import crosscheck
import ebnf
from sitter_case import SitterCase

ROOT = ebnf.PATH.parents[1]
HELIX = ROOT / "editors" / "helix"
# Scopes of themes and captures of queries in Helix's guide, as far as they are used here.
SCOPES = {
    "comment.line", "string", "string.special", "constant.numeric", "constant.builtin", "constant.builtin.boolean", "keyword",
    "keyword.control.import", "keyword.control.conditional", "keyword.control.repeat", "keyword.control.return", "keyword.operator",
    "operator", "punctuation.bracket", "punctuation.delimiter", "type", "type.builtin", "function", "variable", "variable.parameter",
    "variable.other.member", "label",
}
CAPTURES = {
    "highlights": SCOPES, "indents": {"indent", "outdent"},
    "textobjects": {"function.around", "class.around", "parameter.around", "comment.inside", "comment.around"},
}
# What Neovim calls the same thing.
NEOVIM = {
    "number": "constant.numeric", "boolean": "constant.builtin.boolean", "comment": "comment.line", "parameter": "variable.parameter",
    "conditional": "keyword.control.conditional", "repeat": "keyword.control.repeat", "keyword.return": "keyword.control.return",
    "type.qualifier": "constant.builtin", "property": "variable.other.member", "function.call": "function",
}


class HelixTests(SitterCase):
    def captures(self, path, text):
        """The names at each node that a query names."""
        found = {}
        nodes = QueryCursor(Query(self.language, Path(path).read_text())).captures(self.parser.parse(text).root_node)
        for name, named in nodes.items():
            for node in named:
                found.setdefault((node.start_byte, node.end_byte), set()).add(name)
        return found

    def test_queries(self):
        self.assertEqual({path.stem for path in (HELIX / "queries").glob("*.scm")}, set(CAPTURES))
        for name, allowed in CAPTURES.items():
            text = re.sub(r";.*", "", (HELIX / "queries" / f"{name}.scm").read_text())
            Query(self.language, text)
            self.assertEqual(set(re.findall(r"@([a-z.]+)", text)), allowed)

    def test_same_as_neovim(self):
        """Every token is coloured that Neovim colours, by the name that Helix has for it."""
        for model in sorted(ROOT.glob("models/*.drn")):
            text = model.read_bytes()
            here = self.captures(HELIX / "queries" / "highlights.scm", text)
            there = self.captures(crosscheck.GRAMMAR / "queries" / "highlights.scm", text)
            self.assertEqual(here.keys(), there.keys())
            for place, names in there.items():
                if text[slice(*place)] != b"import":
                    self.assertEqual(here[place], {NEOVIM.get(name, name) for name in names}, text[slice(*place)])

    def test_indents(self):
        found = self.captures(HELIX / "queries" / "indents.scm", b"train f on d {\n  weights a {\n    from epoch 0: g(\n      rank: 1)\n  }\n}\n")
        self.assertEqual(sum("indent" in names for names in found.values()), 3)
        self.assertEqual(sum("outdent" in names for names in found.values()), 3)

    def test_languages(self):
        settings = tomllib.loads((HELIX / "languages.toml").read_text())
        [language], [grammar] = settings["language"], settings["grammar"]
        self.assertEqual((language["name"], language["file-types"], grammar["name"]), ("drn", ["drn"], "drn"))
        self.assertEqual([settings["language-server"][name]["args"] for name in language["language-servers"]], [["lsp"]])
        folder = Path(grammar["source"]["path"].replace("PATH/TO/drnc", str(ROOT)))
        self.assertTrue((folder / "src" / "parser.c").exists())


if __name__ == "__main__":
    unittest.main()
