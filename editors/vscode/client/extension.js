'use strict';
// Starts `drnc lsp` and connects it to the editor.

const { spawn } = require('child_process');
const vscode = require('vscode');
const { Connection } = require('./connection');
const convert = require('./convert');
const documents = require('./documents');
const providers = require('./providers');

const CAPABILITIES = {
  general: { positionEncodings: ['utf-16'] },
  textDocument: {
    synchronization: { didSave: true },
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, versionSupport: true },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown', 'plaintext'] } },
    definition: {},
    references: {},
    formatting: {},
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source'] } }, isPreferredSupport: true },
    rename: { prepareSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    inlayHint: {},
    signatureHelp: { signatureInformation: { documentationFormat: ['markdown', 'plaintext'] } },
    codeLens: {},
    semanticTokens: {
      requests: { full: true },
      tokenTypes: ['type', 'class', 'function', 'method', 'parameter', 'variable', 'property', 'keyword', 'number', 'string', 'comment',
        'operator', 'enumMember', 'namespace'],
      tokenModifiers: ['declaration', 'definition', 'readonly'],
      formats: ['relative'],
    },
  },
  workspace: { applyEdit: true, workspaceEdit: { documentChanges: true } },
};

// A server that ends soon after its start will end again.
const MOST_RESTARTS = 3;

class Client {
  constructor(output) {
    this.output = output;
    this.diagnostics = vscode.languages.createDiagnosticCollection('drnc');
    this.registered = [];
    this.restarts = 0;
  }

  async start() {
    const settings = vscode.workspace.getConfiguration('drn.server');
    const path = settings.get('path', 'drnc');
    const process = spawn(path, settings.get('arguments', ['lsp']), { stdio: 'pipe' });
    this.process = process;
    process.on('error', error => this.fail(`cannot start \`${path} lsp\`: ${error.message}. Set drn.server.path to where drnc is.`));
    process.on('exit', code => this.ended(process, code));
    process.stderr.on('data', text => this.output.append(text.toString()));
    process.stdin.on('error', () => {});
    const connection = new Connection(process.stdout, process.stdin, error => this.fail(error.message));
    this.connection = connection;
    connection.onNotification('textDocument/publishDiagnostics', given => this.show(given));
    connection.onNotification('window/logMessage', given => this.output.appendLine(given.message));
    connection.onNotification('window/showMessage', given => vscode.window.showInformationMessage(given.message));
    connection.onRequest('workspace/applyEdit', async given => ({
      applied: await vscode.workspace.applyEdit(convert.workspaceEdit(given.edit)),
    }));
    const folder = vscode.workspace.workspaceFolders?.[0];
    const { capabilities } = await connection.request('initialize', {
      processId: globalThis.process.pid,
      clientInfo: { name: 'drn for VS Code' },
      rootUri: folder ? folder.uri.toString() : null,
      capabilities: CAPABILITIES,
    });
    connection.notify('initialized', {});
    this.registered = [...providers.register(connection, capabilities), ...documents.follow(connection)];
  }

  show({ uri, diagnostics }) {
    this.diagnostics.set(vscode.Uri.parse(uri), diagnostics.map(convert.diagnostic));
  }

  fail(message) {
    this.output.appendLine(message);
    vscode.window.showErrorMessage(message);
  }

  ended(process, code) {
    if (process !== this.process) return;
    this.forget();
    if (this.isStopping) return;
    this.output.appendLine(`the server has ended with status ${code}`);
    if (this.restarts++ < MOST_RESTARTS) this.start().catch(error => this.output.appendLine(error.message));
  }

  /** Takes back everything that was registered for a server. */
  forget() {
    this.connection?.close(new Error('the server has ended'));
    this.registered.forEach(one => one.dispose());
    this.registered = [];
    this.diagnostics.clear();
  }

  async stop() {
    const process = this.process;
    if (!process || process.exitCode !== null || !process.pid) return;
    this.isStopping = true;
    const ended = new Promise(resolve => process.once('exit', resolve));
    try {
      await this.connection.request('shutdown', null);
      this.connection.notify('exit');
    } catch {
      process.kill();
    }
    const timer = setTimeout(() => process.kill(), 1000);
    await ended;
    clearTimeout(timer);
    this.isStopping = false;
  }

  async restart() {
    await this.stop();
    this.restarts = 0;
    await this.start();
  }
}

let client;

async function activate(context) {
  const output = vscode.window.createOutputChannel('drnc');
  client = new Client(output);
  context.subscriptions.push(output, client.diagnostics);
  context.subscriptions.push(vscode.commands.registerCommand('drn.restartServer', () => client.restart()));
  try {
    await client.start();
  } catch (error) {
    output.appendLine(error.message);
  }
}

function deactivate() {
  return client?.stop();
}

module.exports = { activate, deactivate };
