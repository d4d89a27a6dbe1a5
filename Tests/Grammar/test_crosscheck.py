"""The comparison itself: it sees differences, the EBNF is LALR(1) as it says, and the generator reaches every rule."""
import logging
import random
import unittest

import lark

import crosscheck
import ebnf
import generate
import lark_grammar
import trees


class CrossCheckTests(unittest.TestCase):
    def test_the_grammar_is_lalr(self):
        """Lark resolves a conflict of shift and reduce without a word, but for its log."""
        with self.assertNoLogs(lark.logger, logging.DEBUG):
            lark_grammar.parser(debug=True)

    def test_a_conflict_would_be_seen(self):
        ambiguous = 'start: expression\nexpression: expression "+" expression | "x"'
        with self.assertLogs(lark.logger, logging.DEBUG) as log:
            lark.Lark(ambiguous, parser="lalr", debug=True)
        self.assertIn("conflict", "".join(log.output).lower())

    def test_differences_are_seen(self):
        parser = lark_grammar.parser()
        tree = trees.LarkTrees().convert(parser.parse("data d { a: 1 + 2 * x }"))
        other = trees.LarkTrees().convert(parser.parse("data d { a: 1 * 2 + x }"))
        shifted = trees.LarkTrees().convert(parser.parse("data d {  a: 1 + 2 * x }"))
        hand = [with_role(node) for node in tree]
        for text, sitter, lark_tree, faults in (
            ("the same", hand, tree, 0), ("other operators", hand, other, 1), ("a space more", hand, shifted, 1), ("refused", hand, None, 1),
            ("refused by tree-sitter", None, tree, 1), ("another role", [renamed(node) for node in hand], tree, 1),
        ):
            tally = crosscheck.Tally()
            tally.compare(text.encode(), hand, lark_tree, sitter)
            self.assertEqual(len(tally.faults), faults, text)

    def test_generated_programs_use_every_rule(self):
        rules = ebnf.read()
        dice = random.Random(3)
        writer, parser = generate.Writer(rules, dice), lark_grammar.parser()
        unseen = {name for name in rules if not ebnf.is_token(name)}
        for index in range(400):
            tokens = crosscheck.one_program(writer, 8 + index % 12)
            tree = parser.parse(generate.join(tokens, dice).encode().decode("latin-1"))
            unseen -= {str(node.data) for node in tree.iter_subtrees()}
        self.assertEqual(unseen, set())

    def test_tokens_are_the_longest(self):
        tokens = lark_grammar.Tokens(ebnf.read())
        self.assertEqual(list(tokens.split("networkA{}a*b 1e5%x[*].y * 2//z")), ["networkA", "{", "}", "a*b", "1e5%", "x[*].y", "*", "2"])


def with_role(node):
    kind, start, end, children = node
    return (kind, start, end, "role", [with_role(child) for child in children])


def renamed(node):
    kind, start, end, _, children = node
    return (kind, start, end, "other", children)


if __name__ == "__main__":
    unittest.main()
