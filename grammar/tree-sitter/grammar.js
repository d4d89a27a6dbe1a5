// The tree-sitter grammar of .drn files. It says the same as ../drn.ebnf, rule by rule; hidden rules keep the layers of the operators.
//
// Words, numbers and selectors come from src/scanner.c: a token is always the longest that fits, wherever it stands, and a keyword is
// never a name. The lexer that tree-sitter generates looks only for the tokens that fit a place and can promise neither.

const SETTING_WORDS = ['data', 'block', 'network', 'train', 'import', 'let', 'repeat', 'return', 'except', 'on'];
const OTHER_KEYWORDS = [
  'if', 'else', 'from', 'every', 'at', 'by', 'true', 'false', 'of', 'div', 'mod', 'and', 'or', 'not', 'epoch', 'epochs', 'step', 'steps',
];

const separated = (separator, rule) => seq(rule, repeat(seq(separator, rule)));
const sequence = rule => optional(seq(separated(',', rule), optional(',')));
const binary = (left, operator, right) => seq(field('left', left), field('operator', operator), field('right', right));

module.exports = grammar({
  name: 'drn',

  // The order is that of `enum TokenType` in src/scanner.c.
  externals: $ => [
    $.name, $.integer, $.decimal, $.percent, $.pattern, $._product, $._never, ...SETTING_WORDS, ...OTHER_KEYWORDS,
  ],

  // `_never` does not occur. As an extra it fits everywhere, so the scanner is asked at every place.
  extras: $ => [/[ \t\r\n]/, $.comment, $._never],

  inline: $ => [$._entries, $._statements],

  rules: {
    file: $ => repeat(field('item', $._item)),
    _item: $ => choice($.import, $.data, $.block, $.network, $.train),

    import: $ => seq('import', field('path', $.string)),
    data: $ => seq('data', field('name', $.name), $._entries),
    block: $ => seq('block', field('name', $.name), $._parameters, $._statements),
    network: $ => seq('network', field('name', $.name), $._parameters, optional(seq('->', field('result', $._type))), $._statements),
    train: $ => seq('train', field('network', $.name), 'on', field('data', $.name), $._entries),

    _parameters: $ => seq('(', sequence(field('parameter', $.parameter)), ')'),
    parameter: $ => seq(field('name', $.name), ':', field('type', $._type), optional(seq('=', field('default', $._value)))),
    _type: $ => choice($.name, alias($._indexed_type, $.index)),
    _indexed_type: $ => seq(field('base', $.name), $._indices),

    // Bodies of data, train and clauses

    _entries: $ => seq('{', repeat(field('entry', $._entry)), '}'),
    _entry: $ => choice($.setting, $.from, $.every, $.at, $.lasting, $.clause),
    setting: $ => seq(field('name', choice($.name, alias($._setting_word, $.name))), $._assigned),
    from: $ => seq('from', $._time, $._assigned),
    every: $ => seq('every', $._time, $._assigned),
    at: $ => seq('at', $._time, $._assigned),
    lasting: $ => seq(field('time', alias($._length, $.duration)), $._assigned),
    _time: $ => field('time', $._disjunction),
    _assigned: $ => seq(':', field('value', $._value), optional($._transition)),
    _length: $ => seq(field('value', choice($.name, $.integer, $.decimal)), $._unit),
    _transition: $ => seq('by', field('transition', choice($.name, alias($._transition_call, $.call)))),
    _transition_call: $ => seq(field('callee', $.name), $._arguments),
    clause: $ => seq(
      field('name', $.name),
      optional($._arguments),
      optional(choice(seq($._selectors, optional($._exceptions)), $._exceptions)),
      $._entries,
    ),
    _selectors: $ => separated(',', field('selector', $.selector)),
    _exceptions: $ => seq('except', separated(',', field('exception', $.selector))),
    selector: $ => choice(
      $.pattern,
      $._product,
      seq($.name, repeat(choice(seq('.', $.name), seq('[', $.integer, ']')))),
    ),

    // Bodies of block and network

    _statements: $ => seq('{', repeat(field('statement', $._statement)), '}'),
    _statement: $ => choice($.binding, $.result),
    binding: $ => seq('let', field('name', $.name), '=', field('value', $._expression)),
    result: $ => seq('return', field('value', $._expression)),

    // Values

    _value: $ => choice($._expression, $.pattern),
    _expression: $ => choice($._disjunction, $.pipeline),
    pipeline: $ => seq(field('input', $._disjunction), '|>', $._stages),
    _stages: $ => separated('|>', field('stage', $._stage)),
    _stage: $ => choice($.stage, $.group, $.repetition, $.conditional_stage),
    _label: $ => seq(field('label', $.name), ':'),
    stage: $ => seq(optional($._label), choice(field('callee', $.name), seq($._callee, $._arguments))),
    group: $ => seq(optional($._label), '{', $._stages, '}'),
    repetition: $ => seq(optional($._label), 'repeat', '(', field('count', $._expression), ')', '{', $._stages, '}'),
    conditional_stage: $ => seq(optional($._label), $._choice),
    _choice: $ => seq(
      'if', field('condition', $._disjunction),
      '{', separated('|>', field('then', $._stage)), '}',
      optional(seq('else', choice(
        seq('{', separated('|>', field('otherwise', $._stage)), '}'),
        field('otherwise', alias($._choice, $.conditional_stage)),
      ))),
    ),

    _disjunction: $ => choice(alias($._or, $.binary), $._conjunction),
    _or: $ => binary($._disjunction, 'or', $._conjunction),
    _conjunction: $ => choice(alias($._and, $.binary), $._negation),
    _and: $ => binary($._conjunction, 'and', $._negation),
    _negation: $ => choice(alias($._not, $.unary), $._comparison),
    _not: $ => seq(field('operator', 'not'), field('operand', $._negation)),
    _comparison: $ => choice(alias($._compared, $.binary), $._portion),
    _compared: $ => binary($._portion, choice('==', '!=', '<', '<=', '>', '>='), $._portion),
    _portion: $ => choice(alias($._of, $.binary), $._sum),
    _of: $ => binary($._portion, 'of', $._sum),
    _sum: $ => choice(alias($._added, $.binary), $._factors),
    _added: $ => binary($._sum, choice('+', '-'), $._factors),
    _factors: $ => choice(alias($._multiplied, $.binary), $._sign),
    _multiplied: $ => binary($._factors, choice('*', '/', 'div', 'mod'), $._sign),
    _sign: $ => choice(alias($._minus, $.unary), $._operand),
    _minus: $ => seq(field('operator', '-'), field('operand', $._sign)),

    _operand: $ => choice(
      $.integer, $.decimal, $.percent, $.string, $.boolean, $.duration, $.moment, $._postfix, $.parenthesized, $.record, $.list,
      $.conditional,
    ),
    boolean: $ => choice('true', 'false'),
    duration: $ => choice($._length, seq(field('value', $.parenthesized), $._unit)),
    _unit: $ => choice('epoch', 'epochs', 'step', 'steps'),
    moment: $ => seq(choice('epoch', 'step'), field('value', choice($.integer, $.name))),
    _postfix: $ => choice($.name, $.call, $.index, $.member),
    _callee: $ => field('callee', choice($.name, alias('epoch', $.name), alias('step', $.name))),
    call: $ => seq($._callee, $._arguments),
    index: $ => seq(field('base', $._postfix), $._indices),
    member: $ => seq(field('base', $._postfix), '.', field('name', $.name)),
    _indices: $ => seq('[', sequence(field('index', $._value)), ']'),
    _arguments: $ => seq('(', sequence(field('argument', $.argument)), ')'),
    argument: $ => seq(optional($._argument_name), field('value', $._value)),
    _argument_name: $ => seq(field('name', choice($.name, alias($._keyword, $.name))), ':'),
    parenthesized: $ => seq('(', field('value', $._expression), ')'),
    record: $ => seq('(', separated(',', field('field', alias($._field, $.argument))), optional(','), ')'),
    _field: $ => seq($._argument_name, field('value', $._value)),

    list: $ => seq('[', sequence($._elements), ']'),
    _elements: $ => seq(field('element', $._value), repeat(field('element', $._juxtaposed))),
    _juxtaposed: $ => choice(
      $.integer, $.decimal, $.percent, $.string, $.boolean, alias($._length, $.duration), $._named,
    ),
    _named: $ => choice(
      $.name, alias($._named_call, $.call), alias($._named_index, $.index), alias($._named_member, $.member),
    ),
    _named_call: $ => seq(field('callee', $.name), $._arguments),
    _named_index: $ => seq(field('base', $._named), $._indices),
    _named_member: $ => seq(field('base', $._named), '.', field('name', $.name)),

    conditional: $ => seq(
      'if', field('condition', $._disjunction),
      '{', choice(field('then', $._expression), repeat1(field('then', $._statement))), '}',
      'else', choice(
        seq('{', choice(field('otherwise', $._expression), repeat1(field('otherwise', $._statement))), '}'),
        field('otherwise', $.conditional),
      ),
    ),

    // Tokens

    _setting_word: _ => choice(...SETTING_WORDS),
    _keyword: _ => choice(...SETTING_WORDS, ...OTHER_KEYWORDS),
    string: _ => token(seq('"', repeat(choice(/[^"\\\n]/, seq('\\', /["\\nt]/))), '"')),
    comment: _ => token(seq('//', /[^\n]*/)),
  },
});
