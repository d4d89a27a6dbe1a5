'use strict';
// What the editor asks, passed on to the server as far as the server says it can answer.

const vscode = require('vscode');
const convert = require('./convert');
const overlays = require('./overlays');

const SELECTOR = { language: 'drn' };

const place = (document, position) => ({
  textDocument: { uri: document.uri.toString() },
  position: convert.toPosition(position),
});

/** Registers a provider for each capability of the server; the result is to be disposed with the server. */
function register(connection, capabilities) {
  const languages = vscode.languages;
  const ask = (method, params, token) => connection.request(`textDocument/${method}`, params, token);
  const registered = [];

  if (capabilities.hoverProvider) {
    registered.push(languages.registerHoverProvider(SELECTOR, {
      async provideHover(document, position, token) {
        const hover = await ask('hover', place(document, position), token);
        return hover && new vscode.Hover(convert.markdown(hover.contents), hover.range && convert.range(hover.range));
      },
    }));
  }
  if (capabilities.completionProvider) {
    registered.push(languages.registerCompletionItemProvider(SELECTOR, {
      async provideCompletionItems(document, position, token) {
        const found = await ask('completion', place(document, position), token);
        return (Array.isArray(found) ? found : found?.items ?? []).map(convert.completion);
      },
    }, ...(capabilities.completionProvider.triggerCharacters ?? [])));
  }
  if (capabilities.definitionProvider) {
    registered.push(languages.registerDefinitionProvider(SELECTOR, {
      async provideDefinition(document, position, token) {
        const found = await ask('definition', place(document, position), token);
        return [found ?? []].flat().map(convert.location);
      },
    }));
  }
  if (capabilities.referencesProvider) {
    registered.push(languages.registerReferenceProvider(SELECTOR, {
      async provideReferences(document, position, context, token) {
        const params = { ...place(document, position), context: { includeDeclaration: context.includeDeclaration } };
        return (await ask('references', params, token) ?? []).map(convert.location);
      },
    }));
  }
  if (capabilities.documentFormattingProvider) {
    registered.push(languages.registerDocumentFormattingEditProvider(SELECTOR, {
      async provideDocumentFormattingEdits(document, options, token) {
        const params = {
          textDocument: { uri: document.uri.toString() },
          options: { tabSize: options.tabSize, insertSpaces: options.insertSpaces },
        };
        return (await ask('formatting', params, token) ?? []).map(convert.textEdit);
      },
    }));
  }
  if (capabilities.codeActionProvider) {
    registered.push(languages.registerCodeActionsProvider(SELECTOR, {
      async provideCodeActions(document, range, context, token) {
        const params = {
          textDocument: { uri: document.uri.toString() },
          range: convert.toRange(range),
          context: { diagnostics: context.diagnostics.map(convert.toDiagnostic), only: context.only && [context.only.value] },
        };
        return (await ask('codeAction', params, token) ?? []).map(convert.codeAction);
      },
    }));
  }
  if (capabilities.renameProvider) registered.push(languages.registerRenameProvider(SELECTOR, renaming(ask, capabilities.renameProvider)));
  if (capabilities.documentSymbolProvider) {
    registered.push(languages.registerDocumentSymbolProvider(SELECTOR, {
      async provideDocumentSymbols(document, token) {
        const found = await ask('documentSymbol', { textDocument: { uri: document.uri.toString() } }, token);
        return (found ?? []).map(convert.symbol);
      },
    }));
  }
  return [...registered, ...overlays.register(connection, capabilities, SELECTOR)];
}

function renaming(ask, capability) {
  const provider = {
    async provideRenameEdits(document, position, newName, token) {
      const edit = await ask('rename', { ...place(document, position), newName }, token);
      return edit && convert.workspaceEdit(edit);
    },
  };
  if (capability.prepareProvider) {
    provider.prepareRename = async (document, position, token) => {
      const found = await ask('prepareRename', place(document, position), token);
      if (!found) throw new Error('this cannot be renamed');
      if (found.defaultBehavior) return undefined;
      return found.range ? { range: convert.range(found.range), placeholder: found.placeholder } : convert.range(found);
    };
  }
  return provider;
}

module.exports = { register };
