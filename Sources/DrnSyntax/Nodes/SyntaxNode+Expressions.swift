import DrnSource

extension SyntaxNode {
  init(_ expression: Expression, _ role: Role) {
    self.init(Self.kind(expression.kind), role, expression.span, Self.children(expression))
  }

  init(_ argument: Argument, _ role: Role) {
    let name = argument.name.map { SyntaxNode($0, .name) }
    self.init(.argument, role, argument.span, [name, SyntaxNode(argument.value, .value)])
  }

  private static func kind(_ kind: Expression.Kind) -> Kind {
    switch kind {
    case .integer: .integer
    case .decimal: .decimal
    case .percent: .percent
    case .string: .string
    case .boolean: .boolean
    case .name: .name
    case .moment: .moment
    case .duration: .duration
    case .list: .list
    case .record: .record
    case .call: .call
    case .index: .index
    case .member: .member
    case .pattern: .pattern
    case .unary: .unary
    case .binary: .binary
    case .conditional: .conditional
    case .pipeline: .pipeline
    case .parenthesized: .parenthesized
    case .missing: .missing
    }
  }

  private static func children(_ expression: Expression) -> [SyntaxNode?] {
    switch expression.kind {
    case .integer, .decimal, .percent, .string, .boolean, .name, .pattern, .missing: []
    case .moment(_, let value), .duration(let value, _), .parenthesized(let value): [SyntaxNode(value, .value)]
    case .list(let elements): elements.map { SyntaxNode($0, .element) }
    case .record(let fields): fields.map { SyntaxNode($0, .field) }
    case .call(let callee, let arguments): [SyntaxNode(callee, .callee)] + arguments.map { SyntaxNode($0, .argument) }
    case .index(let base, let indices): [SyntaxNode(base, .base)] + indices.map { SyntaxNode($0, .index) }
    case .member(let base, let name): [SyntaxNode(base, .base), SyntaxNode(name, .name)]
    case .unary(let sign, let operand): [SyntaxNode(.operator, .operator, mark(sign, expression.span)), SyntaxNode(operand, .operand)]
    case .binary(_, let left, let right, let mark):
      [SyntaxNode(left, .left), SyntaxNode(.operator, .operator, mark), SyntaxNode(right, .right)]
    case .conditional(let condition, let then, let otherwise):
      [SyntaxNode(condition, .condition)] + statements(then, .then) + statements(otherwise ?? [], .otherwise)
    case .pipeline(let input, let stages): [input.map { SyntaxNode($0, .input) }] + stages.map { SyntaxNode($0, .stage) }
    }
  }

  /// Where a prefix operator is written: at the start of its expression.
  private static func mark(_ sign: UnaryOperator, _ span: Span) -> Span {
    Span(file: span.file, start: span.start, end: min(span.end, span.start + sign.rawValue.utf8.count))
  }

  init(_ stage: Stage, _ role: Role) {
    let label = stage.label.map { SyntaxNode($0, .label) }
    switch stage.operation {
    case .call(let callee, let arguments):
      self.init(.stage, role, stage.span, [label, SyntaxNode(callee, .callee)] + arguments.map { SyntaxNode($0, .argument) })
    case .group(let stages): self.init(.group, role, stage.span, [label] + stages.map { SyntaxNode($0, .stage) })
    case .repetition(let count, let body):
      self.init(.repetition, role, stage.span, [label, SyntaxNode(count, .count)] + body.map { SyntaxNode($0, .stage) })
    case .conditional(let condition, let then, let otherwise):
      let branches = then.map { SyntaxNode($0, .then) } + (otherwise ?? []).map { SyntaxNode($0, .otherwise) }
      self.init(.conditionalStage, role, stage.span, [label, SyntaxNode(condition, .condition)] + branches)
    case .missing: self.init(.missing, role, stage.span, [label])
    }
  }
}
