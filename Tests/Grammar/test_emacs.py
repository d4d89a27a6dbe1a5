"""The Emacs mode: faces, indentation and the messages `compile` finds, in Emacs without a screen."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import ebnf

ROOT = ebnf.PATH.parents[1]
MODE = ROOT / "editors" / "emacs" / "drn-mode.el"

SCRIPT = """
(progn
  (find-file (getenv "MODEL"))
  (font-lock-ensure)
  (let* ((text (buffer-string))
         (face (lambda (word) (goto-char (point-min)) (search-forward word) (symbol-name (or (get-text-property (- (point) 1) 'face) 'none))))
         (faces (mapcar face '("// An" "network" "fc1" "20" "epochs" "by"))))
    (goto-char (point-min))
    (while (not (eobp)) (delete-horizontal-space) (forward-line 1))
    (indent-region (point-min) (point-max))
    (let ((indented (buffer-string)) (mode (symbol-name major-mode)) places)
      (with-temp-buffer
        (insert (getenv "MESSAGES"))
        (compilation-mode)
        (setq compilation-error-regexp-alist '(drnc))
        (compilation--ensure-parse (point-max))
        (goto-char (point-min))
        (while (not (eobp))
          (let ((message (get-text-property (point) 'compilation-message)))
            (push (and message
                       (list (caar (compilation--loc->file-struct (compilation--message->loc message)))
                             (compilation--loc->line (compilation--message->loc message))
                             (compilation--message->type message)))
                  places))
          (forward-line 1)))
      (set-buffer (get-file-buffer (getenv "MODEL")))
      (set-buffer-modified-p nil)
      (with-temp-file (getenv "ANSWER")
        (insert (json-encode `((mode . ,mode) (faces . ,(vconcat faces)) (same . ,(if (equal text indented) t :json-false))
                               (indented . ,indented) (places . ,(vconcat (mapcar #'vconcat (reverse places)))))))))))
"""
MESSAGES = """models/a.drn:12:3: error: expected `:` after `batch`, found `128` [DRN0107]
models/a.drn:14:1: warning: the optimizer starts cold at epoch 1 [DRN0504]
models/a.drn:15:2: hint: rank 2 of `a` is not a multiple of 16 [DRN0502]
"""


@unittest.skipIf(shutil.which("emacs") is None, "emacs is not installed")
class EmacsTests(unittest.TestCase):
    def test_mode(self):
        with tempfile.TemporaryDirectory() as folder:
            model = Path(folder) / "quickstart.drn"
            shutil.copy(ROOT / "models" / "quickstart.drn", model)
            answer = Path(folder) / "answer.json"
            environment = {**os.environ, "MODEL": str(model), "ANSWER": str(answer), "MESSAGES": MESSAGES, "HOME": folder}
            command = ["emacs", "-Q", "--batch", "-l", "json", "-l", str(MODE), "--eval", SCRIPT]
            result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
            self.assertTrue(answer.exists(), result.stderr)
            given = json.loads(answer.read_text())
        self.assertEqual(given["mode"], "drn-mode")
        self.assertEqual(given["faces"], [
            "font-lock-comment-face", "font-lock-keyword-face", "font-lock-variable-name-face", "font-lock-constant-face",
            "font-lock-type-face", "font-lock-keyword-face"])
        self.assertEqual(given["indented"], (ROOT / "models" / "quickstart.drn").read_text())
        # 2, 1, 0: error, warning, information.
        self.assertEqual([place[1:] for place in given["places"]], [[12, 2], [14, 1], [15, 0]])


if __name__ == "__main__":
    unittest.main()
