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
