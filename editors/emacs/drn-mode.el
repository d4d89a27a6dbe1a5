;;; drn-mode.el --- Major mode for .drn files  -*- lexical-binding: t; -*-

;; Highlighting, indentation, `compile' on the output of `drnc check', and `drnc lsp' through eglot.

;;; Code:

(require 'compile)

(defvar drn-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?/ ". 12" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?_ "w" table)
    (modify-syntax-entry ?% "." table)
    table)
  "Syntax of .drn files: comments begin with two slashes.")

(defvar drn-font-lock-keywords
  (let ((name "[A-Za-z_][A-Za-z0-9_]*"))
    `((,(concat "\\_<\\(data\\|block\\|network\\|train\\|on\\)\\_>[ \t]+\\(" name "\\)")
       (1 font-lock-keyword-face) (2 font-lock-type-face))
      (,(concat "\\_<\\(" name "\\)\\_>[ \t]*:") 1 font-lock-variable-name-face)
      (,(regexp-opt '("import" "let" "if" "else" "repeat" "return" "from" "every" "at" "by" "except" "of" "div" "mod" "and" "or" "not")
                    'symbols)
       . font-lock-keyword-face)
      (,(regexp-opt '("true" "false") 'symbols) . font-lock-constant-face)
      ("\\_<\\(epochs?\\|steps?\\)\\_>" . font-lock-type-face)
      ("\\_<[0-9][0-9_]*\\(\\.[0-9_]+\\)?\\([eE][-+]?[0-9_]+\\)?%?" . font-lock-constant-face)
      (,(concat "\\_<\\(" name "\\)(") 1 font-lock-function-name-face)))
  "What is highlighted in .drn files.")

(defun drn-indent-line ()
  "Indent the line by two columns for each bracket that is open at its start; a stage of a pipeline by two more."
  (interactive)
  (let* ((column
          (save-excursion
            (beginning-of-line)
            (let* ((depth (car (syntax-ppss)))
                   (closes (looking-at "[ \t]*[])}]"))
                   (stage (looking-at "[ \t]*|>")))
              (* 2 (+ depth (if closes -1 0) (if stage 1 0))))))
         (in-text (> (current-column) (current-indentation))))
    (if in-text (save-excursion (indent-line-to (max 0 column))) (indent-line-to (max 0 column)))))

;;;###autoload
(define-derived-mode drn-mode prog-mode "drn"
  "Major mode for programs that train neural networks whose rank changes."
  (setq-local comment-start "// ")
  (setq-local comment-start-skip "//+[ \t]*")
  (setq-local font-lock-defaults '(drn-font-lock-keywords))
  (setq-local indent-line-function #'drn-indent-line)
  (setq-local indent-tabs-mode nil)
  (when buffer-file-name
    (setq-local compile-command (concat "drnc check --diagnostics plain " (shell-quote-argument buffer-file-name)))))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.drn\\'" . drn-mode))

(add-to-list 'compilation-error-regexp-alist-alist
             '(drnc "^\\(.+?\\):\\([0-9]+\\):\\([0-9]+\\): \\(?:error\\|\\(warning\\)\\|\\(hint\\)\\): " 1 2 3 (4 . 5)))
(add-to-list 'compilation-error-regexp-alist 'drnc)

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(drn-mode . ("drnc" "lsp"))))

(provide 'drn-mode)
;;; drn-mode.el ends here
