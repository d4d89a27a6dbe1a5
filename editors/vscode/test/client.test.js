'use strict';
// The whole client against `drnc lsp`: DRNC names the program; without it the tests are skipped, unless CI=true.
require('./stub-vscode');
const assert = require('assert');
const { test, before, after } = require('node:test');
const vscode = require('vscode');
const extension = require('../client/extension');

const { providers, shown, settings, commands, Document } = vscode.stub;
const drnc = process.env.DRNC;
const skip = !drnc && process.env.CI !== 'true' ? 'DRNC names no drnc' : false;

const URI = 'file:///tmp/vscode-client/model.drn';
const RIGHT = `data points { source: synthetic(examples: 64) point: tensor[4] label: class(2) }
network net(point: tensor[4]) -> tensor[2] { return point |> hidden: linear(8) |> relu |> head: linear(2) }
train net on points {
  length: 2 epochs
  batch: 16
  seed: 1
  loss: cross_entropy
  optimizer: sgd
  rate: 0.1
}
`;
const WRONG = RIGHT.replace('batch:', 'bach:');

async function until(condition) {
  for (let tries = 0; tries < 500; tries++) {
    const found = condition();
    if (found) return found;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  throw new Error(`nothing came; the log says ${shown.lines.join('')} ${shown.errors.join('')}`);
}
const diagnostics = () => shown.diagnostics.get(URI);

/** The position of a text in a document. */
function at(document, text, offset = 0) {
  const before = document.getText().slice(0, document.getText().indexOf(text) + offset).split('\n');
  return new vscode.Position(before.length - 1, before[before.length - 1].length);
}

function apply(text, edits) {
  const starts = [0];
  for (let index = 0; index < text.length; index++) if (text[index] === '\n') starts.push(index + 1);
  const offset = place => (place.line < starts.length ? starts[place.line] + place.character : text.length);
  const ordered = [...edits].sort((one, other) => offset(other.range.start) - offset(one.range.start));
  return ordered.reduce((done, { range, newText }) => done.slice(0, offset(range.start)) + newText + done.slice(offset(range.end)), text);
}

let document;
before(async () => {
  if (skip) return;
  assert.ok(drnc, 'DRNC names no drnc');
  settings.path = drnc;
  await extension.activate({ subscriptions: [] });
  document = new Document(URI, WRONG);
  await until(() => diagnostics()?.length);
});
after(() => extension.deactivate());

test('a fault is shown where it is, with its code', { skip }, () => {
  const found = diagnostics().find(one => one.range.start.line === 4);
  assert.ok(found, diagnostics().map(one => one.message).join('\n'));
  assert.strictEqual(found.severity, vscode.DiagnosticSeverity.Error);
  assert.match(found.message, /bach/);
  assert.match(String(found.code.value ?? found.code), /^DRN\d{4}$/);
});

test('a fix is offered and repairs the program', { skip }, async () => {
  const found = diagnostics().filter(one => one.range.start.line === 4);
  const actions = await providers.codeActions.provideCodeActions(document, found[0].range, { diagnostics: found });
  const fix = actions.find(action => action.edit && [...action.edit.entries.values()].flat().some(edit => edit.newText === 'batch'));
  assert.ok(fix, `offered: ${actions.map(action => action.title)}`);
  document.replace(apply(document.getText(), fix.edit.entries.get(URI)));
  assert.strictEqual(document.getText(), RIGHT);
  await until(() => !diagnostics().some(one => one.severity === vscode.DiagnosticSeverity.Error));
});

test('hovering tells about a layer', { skip }, async () => {
  const hover = await providers.hover.provideHover(document, at(document, 'hidden', 2));
  assert.match(hover.contents.map(part => part.value).join('\n'), /linear|hidden|8/);
});

test('settings are completed', { skip }, async () => {
  const text = RIGHT.replace('  rate:', '  we\n  rate:');
  document.replace(text);
  const items = await providers.completion.provideCompletionItems(document, at(document, '  we\n', 4));
  assert.ok(items.some(item => /^weight/.test(item.label)), items.map(item => item.label).join(' '));
  document.replace(RIGHT);
});

test('a name leads to its declaration', { skip }, async () => {
  const [place] = await providers.definition.provideDefinition(document, at(document, 'train net', 7));
  assert.deepStrictEqual([place.uri.toString(), place.range.start.line, place.range.start.character], [URI, 1, 8]);
});

test('renaming changes every place', { skip }, async () => {
  const edit = await providers.rename.provideRenameEdits(document, at(document, 'network net', 9), 'tiny');
  const renamed = apply(document.getText(), edit.entries.get(URI));
  assert.strictEqual(renamed, RIGHT.replace('network net', 'network tiny').replace('train net', 'train tiny'));
});

test('shapes stand behind layers, and a lens above the training', { skip }, async () => {
  const everything = new vscode.Range(new vscode.Position(0, 0), new vscode.Position(20, 0));
  const hints = await providers.hints.provideInlayHints(document, everything);
  assert.ok(hints.some(hint => /8/.test(hint.label)), hints.map(hint => hint.label).join(' '));
  const [lens] = await providers.lenses.provideCodeLenses(document);
  assert.strictEqual(lens.range.start.line, 2);
  assert.match(await commands[lens.command.command](...lens.command.arguments), /phase/);
});

test('the options of a call are shown, and words have colours', { skip }, async () => {
  const help = await providers.signatures.provideSignatureHelp(document, at(document, 'linear(8', 7));
  assert.match(help.signatures[0].label, /linear/);
  const { data } = await providers.colours.provideDocumentSemanticTokens(document);
  assert.ok(data.length > 50 && data.length % 5 === 0);
});

test('formatting lays the program out', { skip }, async () => {
  const edits = await providers.formatting.provideDocumentFormattingEdits(document, { tabSize: 2, insertSpaces: true });
  const laidOut = apply(document.getText(), edits);
  assert.match(laidOut, /^data points \{\n {2}source: synthetic\(examples: 64\)\n/);
  document.replace(laidOut);
  const again = await providers.formatting.provideDocumentFormattingEdits(document, { tabSize: 2, insertSpaces: true });
  assert.strictEqual(apply(laidOut, again), laidOut);
});

test('a closed document shows nothing', { skip }, async () => {
  document.close();
  await until(() => (diagnostics() ?? []).length === 0);
});
