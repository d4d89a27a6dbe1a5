'use strict';
// What the editor shows in and around the text: signatures, colours by meaning, hints, lenses.

const vscode = require('vscode');
const convert = require('./convert');

const whole = document => ({ textDocument: { uri: document.uri.toString() } });

function signatures(ask) {
  return {
    async provideSignatureHelp(document, position, token) {
      const found = await ask('signatureHelp', { ...whole(document), position: convert.toPosition(position) }, token);
      if (!found) return undefined;
      const help = new vscode.SignatureHelp();
      help.signatures = found.signatures.map(signature => {
        const result = new vscode.SignatureInformation(signature.label, signature.documentation && convert.markdown(signature.documentation)[0]);
        result.parameters = (signature.parameters ?? []).map(
          parameter => new vscode.ParameterInformation(parameter.label, parameter.documentation && convert.markdown(parameter.documentation)[0]));
        return result;
      });
      help.activeSignature = found.activeSignature ?? 0;
      help.activeParameter = found.activeParameter ?? 0;
      return help;
    },
  };
}

function hints(ask) {
  return {
    async provideInlayHints(document, range, token) {
      const found = await ask('inlayHint', { ...whole(document), range: convert.toRange(range) }, token);
      return (found ?? []).map(hint => {
        const label = typeof hint.label === 'string' ? hint.label : hint.label.map(part => part.value).join('');
        const result = new vscode.InlayHint(convert.position(hint.position), label, hint.kind);
        result.paddingLeft = hint.paddingLeft;
        result.paddingRight = hint.paddingRight;
        return result;
      });
    },
  };
}

/** The numbers of the protocol are those of VS Code: each token relative to the one before. */
function colours(ask) {
  return {
    async provideDocumentSemanticTokens(document, token) {
      const found = await ask('semanticTokens/full', whole(document), token);
      return found && new vscode.SemanticTokens(Uint32Array.from(found.data), found.resultId);
    },
  };
}

function lenses(ask) {
  return {
    async provideCodeLenses(document, token) {
      const found = await ask('codeLens', whole(document), token);
      return (found ?? []).map(lens => new vscode.CodeLens(convert.range(lens.range), lens.command));
    },
  };
}

/** Registers what the server can answer; commands of the server are passed on to it. */
function register(connection, capabilities, selector) {
  const { languages, commands } = vscode;
  const ask = (method, params, token) => connection.request(`textDocument/${method}`, params, token);
  const registered = [];
  if (capabilities.signatureHelpProvider) {
    const triggers = capabilities.signatureHelpProvider.triggerCharacters ?? [];
    registered.push(languages.registerSignatureHelpProvider(selector, signatures(ask), ...triggers));
  }
  if (capabilities.inlayHintProvider) registered.push(languages.registerInlayHintsProvider(selector, hints(ask)));
  if (capabilities.semanticTokensProvider?.full) {
    const { tokenTypes, tokenModifiers } = capabilities.semanticTokensProvider.legend;
    const legend = new vscode.SemanticTokensLegend(tokenTypes, tokenModifiers);
    registered.push(languages.registerDocumentSemanticTokensProvider(selector, colours(ask), legend));
  }
  if (capabilities.codeLensProvider) registered.push(languages.registerCodeLensProvider(selector, lenses(ask)));
  for (const command of capabilities.executeCommandProvider?.commands ?? []) {
    const execute = (...given) => connection.request('workspace/executeCommand', { command, arguments: given });
    registered.push(commands.registerCommand(command, execute));
  }
  return registered;
}

module.exports = { register };
