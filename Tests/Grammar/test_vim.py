"""Vim's syntax, filetype and errorformat, tried in Neovim or Vim without a screen."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from tree_sitter import Parser

import crosscheck
import ebnf
import roles
import test_messages
import test_textmate

RUNTIME = ebnf.PATH.parents[1] / "editors" / "vim"
GROUPS = {
    "comment": {"drnComment"}, "string": {"drnString"}, "number": {"drnNumber"}, "selector": {"drnSelector"}, "boolean": {"drnBoolean"},
    "keyword": {"drnKeyword", "drnDeclaration", "drnConditional", "drnRepeat"}, "operator": {"drnWordOperator"}, "unit": {"drnUnit"},
    "property": {"drnProperty"}, "call": {"drnCall"}, "declared": {"drnDeclared"}, "name": {"drnName"},
}
EDITOR = shutil.which("nvim") or shutil.which("vim")

PLACES = """
let s:result = []
for [s:line, s:column] in json_decode(join(readfile($PLACES), ''))
  call add(s:result, synIDattr(synID(s:line, s:column, 1), 'name'))
endfor
call writefile([json_encode([&filetype, s:result])], $ANSWER)
quitall!
"""
ERRORS = """
compiler drnc
cgetfile $ERRORS
let s:keep = ['lnum', 'col', 'type', 'text', 'valid']
call writefile([json_encode(map(getqflist(), {_, entry -> [bufname(entry.bufnr)] + map(copy(s:keep), {_, key -> entry[key]})}))], $ANSWER)
quitall!
"""

TREE = """
lua << END
vim.cmd('set runtimepath^=' .. vim.env.RUNTIME)
local root = vim.treesitter.get_parser(0, 'drn'):parse()[1]:root()
local parse = (vim.treesitter.query and vim.treesitter.query.parse) or vim.treesitter.parse_query
local query = parse('drn', table.concat(vim.fn.readfile(vim.env.RUNTIME .. '/queries/drn/highlights.scm'), '\\n'))
local names = {}
for id in query:iter_captures(root, 0, 0, -1) do names[query.captures[id]] = true end
vim.fn.writefile({ vim.fn.json_encode({ root:has_error(), vim.tbl_keys(names) }) }, vim.env.ANSWER)
END
quitall!
"""


@unittest.skipIf(EDITOR is None, "neither nvim nor vim is installed")
class VimTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.parser = Parser(crosscheck.compile_sitter(cls.folder.name))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def run_script(self, script, files=(), **variables):
        """What a script wrote to $ANSWER."""
        folder = Path(self.folder.name)
        (folder / "script.vim").write_text(script)
        answer = folder / "answer.json"
        answer.unlink(missing_ok=True)
        command = [EDITOR, "-u", "NONE", "-i", "NONE", "-n"] + (["--headless"] if EDITOR.endswith("nvim") else ["-es", "-N"])
        command += ["--cmd", f"set runtimepath^={RUNTIME}", "--cmd", "filetype plugin on", "--cmd", "syntax on"]
        command += [*map(str, files), "-S", str(folder / "script.vim")]
        environment = {**os.environ, "ANSWER": str(answer), "TERM": "xterm", "LC_ALL": "C.UTF-8", **variables}
        subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
        return json.loads(answer.read_text())

    def check(self, text, name):
        path = Path(self.folder.name) / "program.drn"
        path.write_text(text)
        root = self.parser.parse(text.encode()).root_node
        tokens = roles.tokens(root)
        places = Path(self.folder.name) / "places.json"
        places.write_text(json.dumps([[node.start_point[0] + 1, node.start_point[1] + 1] for node, _ in tokens]))
        filetype, groups = self.run_script(PLACES, [path], PLACES=str(places))
        self.assertEqual(filetype, "drn")
        wrong = [
            f"{name}:{node.start_point[0] + 1}: {node.text.decode()!r} is a {role} and shown as {group}"
            for (node, role), group in zip(tokens, groups) if group not in GROUPS[role]]
        self.assertEqual(wrong, [])
        self.assertEqual(len(groups), len(tokens))

    def test_every_token_of_real_programs(self):
        for path in sorted(test_textmate.ROOT.glob("models/*.drn")):
            with self.subTest(path.name):
                self.check(path.read_text(), path.name)

    def test_every_kind_of_token(self):
        self.check(test_textmate.TRICKY, "tricky")

    def test_errorformat(self):
        lines = [
            "models/a.drn:12:3: error: expected `:` after `batch`, found `128` [DRN0105]",
            "models/a.drn:14:1: warning: a switch without re-warm-up [DRN0503]",
            "models/a.drn:15:2: hint: a rank of 13 is no multiple of 8 [DRN0504]",
            "error: cannot read `b.drn`: No such file or directory [DRN0006]",
        ]
        errors = Path(self.folder.name) / "errors.txt"
        errors.write_text("\n".join(lines) + "\n")
        entries = self.run_script(ERRORS, ERRORS=str(errors))
        self.assertEqual(
            [entry[1:4] for entry in entries], [[12, 3, "e"], [14, 1, "w"], [15, 2, "n"], [0, 0, "e"]])
        self.assertTrue(entries[0][0].endswith("models/a.drn"))
        self.assertEqual(entries[0][4], "expected `:` after `batch`, found `128` [DRN0105]")
        self.assertEqual([entry[5] for entry in entries], [1, 1, 1, 1])

    @unittest.skipUnless((EDITOR or "").endswith("nvim"), "nvim is not installed")
    def test_tree_sitter_in_neovim(self):
        """Set up as docs/editors.md says, Neovim loads the parser and its queries."""
        runtime = Path(self.folder.name) / "runtime"
        (runtime / "parser").mkdir(parents=True)
        (runtime / "queries").mkdir()
        shutil.copy(Path(self.folder.name) / "drn.so", runtime / "parser")
        shutil.copytree(crosscheck.GRAMMAR / "queries", runtime / "queries" / "drn")
        model = test_textmate.ROOT / "models" / "quickstart.drn"
        has_error, names = self.run_script(TREE, [model], RUNTIME=str(runtime))
        self.assertFalse(has_error)
        self.assertLessEqual({"comment", "number", "keyword", "property", "function.call", "label", "type"}, set(names))

    @unittest.skipIf(test_messages.DRNC is None, "DRNC names no drnc")
    def test_errorformat_on_real_messages(self):
        """Every line that has a place leads there."""
        lines = [line for line in test_messages.real_lines()[1] if re.match(r".+\.drn:\d", line)]
        errors = Path(self.folder.name) / "errors.txt"
        errors.write_text("\n".join(lines) + "\n")
        entries = self.run_script(ERRORS, ERRORS=str(errors))
        self.assertEqual(len(entries), len(lines))
        for entry, line in zip(entries, lines):
            place = re.match(r".+?:(\d+):(\d+): (.)", line)
            self.assertEqual(entry[1:3] + [entry[5]], [int(place[1]), int(place[2]), 1], line)
            self.assertEqual(entry[3], {"e": "e", "w": "w", "h": "n"}[place[3]], line)


if __name__ == "__main__":
    unittest.main()
