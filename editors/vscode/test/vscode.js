'use strict';
// The part of VS Code that the extension uses, without an editor: values are kept, registrations can be asked.

class Position {
  constructor(line, character) {
    Object.assign(this, { line, character });
  }
}
class Range {
  constructor(start, end) {
    Object.assign(this, { start, end });
  }
}
class Location {
  constructor(uri, range) {
    Object.assign(this, { uri, range });
  }
}
class TextEdit {
  constructor(range, newText) {
    Object.assign(this, { range, newText });
  }
}
class Diagnostic {
  constructor(range, message, severity) {
    Object.assign(this, { range, message, severity });
  }
}
class DiagnosticRelatedInformation {
  constructor(place, message) {
    Object.assign(this, { location: place, message });
  }
}
class MarkdownString {
  constructor(value = '') {
    this.value = value;
  }
  appendText(text) {
    this.value += text;
    return this;
  }
  appendCodeblock(text, language) {
    this.value += `\n\`\`\`${language}\n${text}\n\`\`\`\n`;
    return this;
  }
}
class Hover {
  constructor(contents, range) {
    Object.assign(this, { contents, range });
  }
}
class CompletionItem {
  constructor(label, kind) {
    Object.assign(this, { label, kind });
  }
}
class SnippetString {
  constructor(value) {
    this.value = value;
  }
}
class CodeActionKind {
  constructor(value) {
    this.value = value;
  }
}
class CodeAction {
  constructor(title, kind) {
    Object.assign(this, { title, kind });
  }
}
class WorkspaceEdit {
  constructor() {
    this.entries = new Map();
  }
  set(uri, edits) {
    this.entries.set(uri.toString(), edits);
  }
}
class DocumentSymbol {
  constructor(name, detail, kind, range, selectionRange) {
    Object.assign(this, { name, detail, kind, range, selectionRange });
  }
}
class InlayHint {
  constructor(position, label, kind) {
    Object.assign(this, { position, label, kind });
  }
}
class SignatureHelp {}
class SignatureInformation {
  constructor(label, documentation) {
    Object.assign(this, { label, documentation });
  }
}
class ParameterInformation {
  constructor(label, documentation) {
    Object.assign(this, { label, documentation });
  }
}
class SemanticTokensLegend {
  constructor(tokenTypes, tokenModifiers) {
    Object.assign(this, { tokenTypes, tokenModifiers });
  }
}
class SemanticTokens {
  constructor(data) {
    this.data = data;
  }
}
class CodeLens {
  constructor(range, command) {
    Object.assign(this, { range, command });
  }
}
const Uri = { parse: text => ({ toString: () => text }) };

/** The providers that are registered, by what they provide. */
const providers = {};
const registering = name => (selector, provider) => {
  providers[name] = provider;
  return { dispose: () => delete providers[name] };
};

const event = () => {
  const listeners = new Set();
  const subscribe = listener => {
    listeners.add(listener);
    return { dispose: () => listeners.delete(listener) };
  };
  return { subscribe, fire: value => listeners.forEach(listener => listener(value)) };
};
const [opened, changed, closed, saved] = [event(), event(), event(), event()];

/** A document that tells the extension of its changes, as the editor does. */
class Document {
  constructor(uri, text, languageId = 'drn') {
    Object.assign(this, { uri: Uri.parse(uri), text, languageId, version: 1 });
    module.exports.workspace.textDocuments.push(this);
    opened.fire(this);
  }
  getText() {
    return this.text;
  }
  replace(text) {
    this.text = text;
    this.version += 1;
    changed.fire({ document: this, contentChanges: [{ text }] });
  }
  close() {
    closed.fire(this);
  }
}

const shown = { diagnostics: new Map(), errors: [], lines: [] };
const settings = {};
const commands = {};

module.exports = {
  Position, Range, Location, TextEdit, Diagnostic, DiagnosticRelatedInformation, MarkdownString, Hover, CompletionItem, SnippetString,
  CodeAction, CodeActionKind, WorkspaceEdit, DocumentSymbol, InlayHint, SignatureHelp,
  SignatureInformation, ParameterInformation, SemanticTokensLegend, SemanticTokens, CodeLens, Uri,
  DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
  languages: {
    createDiagnosticCollection: () => ({
      set: (uri, diagnostics) => shown.diagnostics.set(uri.toString(), diagnostics),
      clear: () => shown.diagnostics.clear(),
      dispose: () => {},
    }),
    registerHoverProvider: registering('hover'),
    registerCompletionItemProvider: registering('completion'),
    registerDefinitionProvider: registering('definition'),
    registerReferenceProvider: registering('references'),
    registerDocumentFormattingEditProvider: registering('formatting'),
    registerCodeActionsProvider: registering('codeActions'),
    registerRenameProvider: registering('rename'),
    registerDocumentSymbolProvider: registering('symbols'),
    registerInlayHintsProvider: registering('hints'),
    registerSignatureHelpProvider: registering('signatures'),
    registerDocumentSemanticTokensProvider: registering('colours'),
    registerCodeLensProvider: registering('lenses'),
  },
  workspace: {
    textDocuments: [],
    workspaceFolders: undefined,
    getConfiguration: () => ({ get: (name, value) => settings[name] ?? value }),
    onDidOpenTextDocument: opened.subscribe,
    onDidChangeTextDocument: changed.subscribe,
    onDidCloseTextDocument: closed.subscribe,
    onDidSaveTextDocument: saved.subscribe,
    applyEdit: async edit => shown.lines.push(edit) > 0,
  },
  window: {
    createOutputChannel: () => ({ append: text => shown.lines.push(text), appendLine: text => shown.lines.push(text), dispose: () => {} }),
    showErrorMessage: message => shown.errors.push(message),
    showInformationMessage: () => {},
  },
  commands: {
    registerCommand: (name, run) => {
      commands[name] = run;
      return { dispose: () => delete commands[name] };
    },
  },
  // Only for tests.
  stub: { providers, shown, settings, commands, Document },
};
