"""Tests of what the tree-sitter parser makes of a text."""
import tempfile
import unittest

from tree_sitter import Parser

import crosscheck


class SitterCase(unittest.TestCase):
    """Has the language, compiled from the committed parser, and a parser of it."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.language = crosscheck.compile_sitter(cls.folder.name)
        cls.parser = Parser(cls.language)
