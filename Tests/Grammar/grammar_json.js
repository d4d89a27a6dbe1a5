'use strict';
// Prints what tree-sitter makes of the rules of grammar/tree-sitter/grammar.js, to be compared with the grammar.json beside the parser.
const path = require('path');

function value(given) {
  if (typeof given === 'string') return { type: 'STRING', value: given };
  if (given instanceof RegExp) return { type: 'PATTERN', value: given.source };
  return given;
}
const members = given => given.map(value);
Object.assign(globalThis, {
  seq: (...parts) => ({ type: 'SEQ', members: members(parts) }),
  choice: (...parts) => ({ type: 'CHOICE', members: members(parts) }),
  optional: part => ({ type: 'CHOICE', members: [value(part), { type: 'BLANK' }] }),
  repeat: part => ({ type: 'REPEAT', content: value(part) }),
  repeat1: part => ({ type: 'REPEAT1', content: value(part) }),
  field: (name, part) => ({ type: 'FIELD', name, content: value(part) }),
  token: part => ({ type: 'TOKEN', content: value(part) }),
  alias: (part, name) => ({ type: 'ALIAS', content: value(part), named: true, value: name.name }),
  grammar: given => given,
});
const symbols = new Proxy({}, { get: (_, name) => ({ type: 'SYMBOL', name }) });
const source = require(path.join(__dirname, '../../grammar/tree-sitter/grammar.js'));
const list = name => members(source[name](symbols));
const rules = Object.fromEntries(Object.entries(source.rules).map(([name, rule]) => [name, value(rule(symbols))]));
const inline = source.inline(symbols).map(symbol => symbol.name);
console.log(JSON.stringify({ name: source.name, rules, extras: list('extras'), externals: list('externals'), inline }));
