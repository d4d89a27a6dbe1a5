;;; Opens a faulty model with eglot in batch, waits for its diagnostic, applies the code action and formats.  -*- lexical-binding: t -*-
(require 'eglot)
(require 'flymake)

(define-derived-mode drn-mode prog-mode "drn" (setq-local comment-start "//"))
(add-to-list 'auto-mode-alist '("\\.drn\\'" . drn-mode))
(add-to-list 'eglot-server-programs `(drn-mode . (,(getenv "DRNC") "lsp")))
(setq eglot-sync-connect 20
      eglot-autoshutdown nil
      eglot-confirm-server-initiated-edits nil
      flymake-no-changes-timeout 0.1)

(defun drn-fail (format &rest arguments)
  (princ (concat "emacs: " (apply #'format format arguments) "\n") #'external-debugging-output)
  (kill-emacs 1))

(defun drn-wait (holds what)
  "Let processes run until HOLDS is true, or fail naming WHAT."
  (let ((end (+ (float-time) 20)))
    (while (and (not (funcall holds)) (< (float-time) end)) (accept-process-output nil 0.05))
    (unless (funcall holds) (drn-fail "waited in vain for %s" what))))

(condition-case problem
    (let ((inhibit-message t))
      (find-file (getenv "DRN_FILE"))
      (apply #'eglot--connect (eglot--guess-contact))
      (drn-wait #'eglot-current-server "the server")
      (unless (bound-and-true-p eglot--managed-mode) (eglot--maybe-activate-editing-mode))
      (flymake-mode 1)
      (flymake-start)
      (drn-wait #'flymake-diagnostics "a diagnostic")
      (let* ((found (flymake-diagnostics))
             (first (car found))
             (text (buffer-substring-no-properties (flymake-diagnostic-beg first) (flymake-diagnostic-end first))))
        (unless (= (length found) 1) (drn-fail "expected one diagnostic, got %d" (length found)))
        (unless (equal text "cross_entrpy") (drn-fail "the diagnostic is about %s" text))
        (goto-char (flymake-diagnostic-beg first))
        (let* ((answer (jsonrpc-request (eglot--current-server-or-lose) :textDocument/codeAction
                                        (list :textDocument (eglot--TextDocumentIdentifier)
                                              :range (list :start (eglot--pos-to-lsp-position (point))
                                                           :end (eglot--pos-to-lsp-position (point)))
                                              :context (list :diagnostics []))))
               (action (aref answer 0)))
          (unless (equal (plist-get action :kind) "quickfix") (drn-fail "no code action"))
          (eglot--apply-workspace-edit (plist-get action :edit))))
      (unless (save-excursion (goto-char (point-min)) (search-forward "loss: cross_entropy\n" nil t))
        (drn-fail "the code action changed nothing"))
      (eglot--signal-textDocument/didChange)
      (flymake-start)
      (drn-wait (lambda () (null (flymake-diagnostics))) "the diagnostic to go")
      (eglot-format-buffer)
      (goto-char (point-min))
      (unless (search-forward "\n  batch: 100\n" nil t) (drn-fail "the text is not laid out:\n%s" (buffer-string)))
      (set-buffer-modified-p nil)
      (eglot-shutdown (eglot-current-server))
      (princ "emacs: diagnostics, code action and formatting work\n")
      (kill-emacs 0))
  (error (drn-fail "%s" (error-message-string problem))))
