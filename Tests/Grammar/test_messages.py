"""What `drnc check --diagnostics plain` prints is read by the errorformat of Vim and the problem matchers of VS Code and GitHub."""
import functools
import json
import os
import re
import subprocess
import unittest

import ebnf

ROOT = ebnf.PATH.parents[1]
EDITORS = ROOT / "editors"
DRNC = os.environ.get("DRNC")


def patterns():
    code = json.loads((EDITORS / "vscode" / "package.json").read_text())["contributes"]["problemPatterns"][0]
    github = json.loads((EDITORS / "github" / "drnc-matcher.json").read_text())["problemMatcher"][0]["pattern"][0]
    return {"vscode": code, "github": github}


@functools.cache
def real_lines():
    """The faulty files of the golden tests and what is printed about them."""
    files = sorted(path for path in ROOT.glob("Tests/Golden/check/DRN*.drn") if not path.stem.endswith("-ok"))
    lines = []
    for path in files:
        command = [DRNC, "check", "--diagnostics", "plain", str(path)]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        lines += [line for line in result.stderr.splitlines() if line]
    return files, lines


@unittest.skipIf(DRNC is None, "DRNC names no drnc")
class MessageTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files, cls.lines = real_lines()

    def test_every_line_with_a_place_is_read(self):
        placed = [line for line in self.lines if re.match(r".+\.drn:\d", line)]
        self.assertGreater(len(placed), 50)
        for name, pattern in patterns().items():
            expression = re.compile(pattern["regexp"])
            severities = set()
            for line in placed:
                # GitHub knows no hints and would show them as errors.
                if name == "github" and ": hint: " in line:
                    self.assertIsNone(expression.match(line))
                    continue
                match = expression.match(line)
                self.assertIsNotNone(match, f"{name}: {line}")
                self.assertTrue(match[pattern["file"]].endswith(".drn"))
                self.assertTrue(match[pattern["code"]].startswith("DRN"))
                severities.add(match[pattern["severity"]])
            self.assertEqual(severities, {"error", "warning"} | ({"hint"} if name == "vscode" else set()))

    def test_other_lines_are_not_read(self):
        for pattern in patterns().values():
            for line in ("phase  from  to", "error: cannot read `x.drn`: No such file [DRN0006]", "shortened: 3 epochs is now 1 epoch"):
                self.assertIsNone(re.match(pattern["regexp"], line))


if __name__ == "__main__":
    unittest.main()
