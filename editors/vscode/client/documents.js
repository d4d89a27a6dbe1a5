'use strict';
// Tells the server which documents are open and what is in them. The whole text is sent at every change: the files are short.

const vscode = require('vscode');

const isProgram = document => document.languageId === 'drn';
const identifier = document => ({ uri: document.uri.toString(), version: document.version });

function follow(connection) {
  const open = document => {
    if (!isProgram(document)) return;
    connection.notify('textDocument/didOpen', {
      textDocument: { ...identifier(document), languageId: 'drn', text: document.getText() },
    });
  };
  const change = ({ document, contentChanges }) => {
    if (!isProgram(document) || contentChanges.length === 0) return;
    connection.notify('textDocument/didChange', {
      textDocument: identifier(document),
      contentChanges: [{ text: document.getText() }],
    });
  };
  const close = document => {
    if (isProgram(document)) connection.notify('textDocument/didClose', { textDocument: { uri: document.uri.toString() } });
  };
  const save = document => {
    if (isProgram(document)) connection.notify('textDocument/didSave', { textDocument: { uri: document.uri.toString() } });
  };
  vscode.workspace.textDocuments.forEach(open);
  return [
    vscode.workspace.onDidOpenTextDocument(open),
    vscode.workspace.onDidChangeTextDocument(change),
    vscode.workspace.onDidCloseTextDocument(close),
    vscode.workspace.onDidSaveTextDocument(save),
  ];
}

module.exports = { follow };
