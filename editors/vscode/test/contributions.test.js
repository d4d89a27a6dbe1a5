'use strict';
// What package.json declares is there and fits together.
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { test } = require('node:test');

const root = path.join(__dirname, '..');
const read = name => JSON.parse(fs.readFileSync(path.join(root, name), 'utf8'));
const { contributes, main, activationEvents } = read('package.json');

test('every file that is named is there and is JSON', () => {
  const [language] = contributes.languages;
  for (const name of [language.configuration, contributes.grammars[0].path, contributes.snippets[0].path]) read(name);
  assert.ok(fs.existsSync(path.join(root, main)));
  assert.deepStrictEqual(activationEvents, [`onLanguage:${language.id}`]);
  assert.strictEqual(read(contributes.grammars[0].path).scopeName, contributes.grammars[0].scopeName);
});

test('the patterns of the language configuration are regular expressions', () => {
  const { indentationRules, onEnterRules, wordPattern } = read('language-configuration.json');
  const increases = new RegExp(indentationRules.increaseIndentPattern);
  assert.ok(increases.test('train net on points {'));
  assert.ok(increases.test('data d { // remark'));
  assert.ok(!increases.test('// data d {'));
  assert.ok(!increases.test('  loss: cross_entropy'));
  assert.ok(new RegExp(indentationRules.decreaseIndentPattern).test('  }'));
  assert.ok(new RegExp(onEnterRules[0].beforeText).test('  // a remark'));
  assert.strictEqual('stage2.conv1'.match(new RegExp(wordPattern))[0], 'stage2');
});

test('the problem pattern reads what `drnc check --diagnostics plain` prints', () => {
  const [pattern] = contributes.problemPatterns;
  const line = 'models/a.drn:12:3: error: expected `:` after `batch`, found `[` [DRN0105]';
  const match = new RegExp(pattern.regexp).exec(line);
  assert.deepStrictEqual(
    ['file', 'line', 'column', 'severity', 'message', 'code'].map(part => match[pattern[part]]),
    ['models/a.drn', '12', '3', 'error', 'expected `:` after `batch`, found `[`', 'DRN0105']);
  assert.strictEqual(new RegExp(pattern.regexp).exec('  = note: the nearest name is `batch`'), null);
});

// The keys of contribution points in VS Code's reference, as far as they are of use to a language.
const POINTS = {
  languages: ['id', 'aliases', 'extensions', 'filenames', 'configuration', 'firstLine', 'mimetypes', 'icon'],
  grammars: ['language', 'scopeName', 'path', 'embeddedLanguages', 'tokenTypes', 'injectTo', 'balancedBracketScopes', 'unbalancedBracketScopes'],
  snippets: ['language', 'path'],
  problemPatterns: ['name', 'regexp', 'file', 'line', 'column', 'endLine', 'endColumn', 'severity', 'message', 'code', 'kind', 'loop', 'location'],
  problemMatchers: ['name', 'label', 'owner', 'source', 'fileLocation', 'severity', 'pattern', 'applyTo', 'background', 'base'],
  commands: ['command', 'title', 'category', 'icon', 'enablement', 'shortTitle'],
};
const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];
const SCOPES = ['application', 'machine', 'machine-overridable', 'window', 'resource', 'language-overridable'];

test('every contribution has the keys of its point, and none that VS Code would pass over', () => {
  for (const [point, values] of Object.entries(contributes)) {
    if (!Array.isArray(values)) continue;
    assert.ok(POINTS[point], `${point} is no known contribution point`);
    for (const value of values) for (const key of Object.keys(value)) assert.ok(POINTS[point].includes(key), `${point}: ${key}`);
  }
  const known = new Set([...Object.keys(POINTS), 'configuration', 'configurationDefaults', 'menus', 'keybindings', 'semanticTokenScopes', 'semanticTokenTypes']);
  for (const point of Object.keys(contributes)) assert.ok(known.has(point), point);
  for (const matcher of contributes.problemMatchers) {
    assert.ok(contributes.problemPatterns.some(pattern => '$' + pattern.name === matcher.pattern));
    assert.ok(['error', 'warning', 'info'].includes(matcher.severity));
  }
});

test('every setting is described, typed, and its default is of its type', () => {
  for (const [name, setting] of Object.entries(contributes.configuration.properties)) {
    assert.ok(name.startsWith('drn.') && (setting.description || setting.markdownDescription), name);
    const types = [].concat(setting.type);
    assert.ok(types.every(type => TYPES.includes(type)), name);
    const actual = Array.isArray(setting.default) ? 'array' : setting.default === null ? 'null' : typeof setting.default;
    assert.ok(types.includes(actual), name);
    if (setting.scope) assert.ok(SCOPES.includes(setting.scope), name);
    if (setting.enum) assert.ok(setting.enum.includes(setting.default), name);
  }
});

test('the manifest names an engine, a publisher and a name that VS Code accepts', () => {
  const manifest = read('package.json');
  assert.match(manifest.engines.vscode, /^\^\d+\.\d+\.\d+$/);
  assert.match(manifest.name, /^[a-z0-9][a-z0-9-]*$/);
  assert.match(manifest.publisher, /^[a-zA-Z0-9][a-zA-Z0-9-]*$/);
  assert.match(manifest.version, /^\d+\.\d+\.\d+$/);
});

test('the client needs nothing but VS Code, Node and its own files', () => {
  const builtin = new Set(require('node:module').builtinModules);
  for (const name of fs.readdirSync(path.join(root, 'client'))) {
    const text = fs.readFileSync(path.join(root, 'client', name), 'utf8');
    for (const [, needed] of text.matchAll(/require\('([^']+)'\)/g)) {
      const isThere = needed === 'vscode' || builtin.has(needed.replace(/^node:/, ''))
        || needed.startsWith('./') && fs.existsSync(path.join(root, 'client', needed.replace(/(\.js)?$/, '.js')));
      assert.ok(isThere, `${name} requires ${needed}`);
    }
  }
});

test('the grammar refers only to rules it has, and the snippets to a body and a prefix', () => {
  const grammar = read(contributes.grammars[0].path);
  const includes = [...JSON.stringify(grammar).matchAll(/"include":"([^"]+)"/g)].map(match => match[1]);
  assert.ok(includes.length > 3);
  for (const name of includes) assert.ok(name === '$self' || name.startsWith('#') && grammar.repository[name.slice(1)], name);
  for (const [name, snippet] of Object.entries(read(contributes.snippets[0].path))) {
    assert.ok(snippet.prefix && snippet.body && snippet.description, name);
  }
  const { brackets, autoClosingPairs, surroundingPairs, comments } = read('language-configuration.json');
  for (const [open, close] of brackets) assert.ok(open.length === 1 && close.length === 1);
  assert.ok(Array.isArray(autoClosingPairs) && Array.isArray(surroundingPairs) && comments.lineComment === '//');
});
