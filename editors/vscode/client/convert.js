'use strict';
// Between the values of the protocol and those of VS Code. Both count lines and UTF-16 units from 0.

const vscode = require('vscode');

const position = at => new vscode.Position(at.line, at.character);
const range = ({ start, end }) => new vscode.Range(position(start), position(end));
const toPosition = at => ({ line: at.line, character: at.character });
const toRange = ({ start, end }) => ({ start: toPosition(start), end: toPosition(end) });
const location = at => new vscode.Location(vscode.Uri.parse(at.uri ?? at.targetUri), range(at.range ?? at.targetSelectionRange));
const textEdit = edit => new vscode.TextEdit(range(edit.range), edit.newText);

const SEVERITIES = [undefined, 'Error', 'Warning', 'Information', 'Hint'];

function diagnostic(given) {
  const severity = vscode.DiagnosticSeverity[SEVERITIES[given.severity ?? 1]];
  const result = new vscode.Diagnostic(range(given.range), given.message, severity);
  result.source = given.source;
  result.code = given.codeDescription
    ? { value: given.code, target: vscode.Uri.parse(given.codeDescription.href) }
    : given.code;
  result.relatedInformation = (given.relatedInformation ?? []).map(
    related => new vscode.DiagnosticRelatedInformation(location(related.location), related.message));
  result.tags = given.tags;
  // The server finds its fixes again by what it wrote.
  result.original = given;
  return result;
}

function toDiagnostic(shown) {
  if (shown.original) return shown.original;
  const code = typeof shown.code === 'object' ? shown.code.value : shown.code;
  return { range: toRange(shown.range), message: shown.message, code, source: shown.source };
}

function markdown(contents) {
  if (Array.isArray(contents)) return contents.flatMap(markdown);
  if (typeof contents === 'string') return [new vscode.MarkdownString(contents)];
  if (contents.language) return [new vscode.MarkdownString().appendCodeblock(contents.value, contents.language)];
  return [contents.kind === 'plaintext' ? new vscode.MarkdownString().appendText(contents.value) : new vscode.MarkdownString(contents.value)];
}

function workspaceEdit(edit) {
  const result = new vscode.WorkspaceEdit();
  for (const [uri, edits] of Object.entries(edit.changes ?? {})) result.set(vscode.Uri.parse(uri), edits.map(textEdit));
  for (const change of edit.documentChanges ?? []) result.set(vscode.Uri.parse(change.textDocument.uri), change.edits.map(textEdit));
  return result;
}

function completion(item) {
  const result = new vscode.CompletionItem(item.label, (item.kind ?? 1) - 1);
  result.detail = item.detail;
  result.documentation = item.documentation && markdown(item.documentation)[0];
  result.sortText = item.sortText;
  result.filterText = item.filterText;
  result.preselect = item.preselect;
  const text = item.textEdit?.newText ?? item.insertText ?? item.label;
  result.insertText = item.insertTextFormat === 2 ? new vscode.SnippetString(text) : text;
  if (item.textEdit?.range) result.range = range(item.textEdit.range);
  return result;
}

function codeAction(action) {
  if (typeof action.command === 'string') {
    const result = new vscode.CodeAction(action.title);
    result.command = action;
    return result;
  }
  const result = new vscode.CodeAction(action.title, action.kind && new vscode.CodeActionKind(action.kind));
  result.diagnostics = (action.diagnostics ?? []).map(diagnostic);
  result.isPreferred = action.isPreferred;
  if (action.edit) result.edit = workspaceEdit(action.edit);
  if (action.command) result.command = action.command;
  return result;
}

function symbol(given) {
  const result = new vscode.DocumentSymbol(
    given.name, given.detail ?? '', given.kind - 1, range(given.range), range(given.selectionRange));
  result.children = (given.children ?? []).map(symbol);
  return result;
}

module.exports = {
  position, range, toPosition, toRange, location, textEdit, diagnostic, toDiagnostic, markdown, workspaceEdit, completion, codeAction, symbol,
};
