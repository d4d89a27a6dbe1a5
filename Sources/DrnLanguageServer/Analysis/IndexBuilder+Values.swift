import DrnMethods
import DrnProgram
import DrnSema
import DrnSource
import DrnSyntax

extension IndexBuilder {
  /// A value where `expected` says what may stand.
  mutating func walkValue(_ value: Expression, _ expected: Expectation, _ scope: LocalScope) {
    switch value.kind {
    case .name(let name): walkName(Name(name, value.span), expected, scope)
    case .call(let callee, let arguments): walkCall(callee, arguments, expected, scope)
    case .list(let items): for item in items { walkValue(item, expected.element, scope) }
    case .record(let fields): for field in fields { walkValue(field.value, .constant, scope) }
    case .index(let base, let indices):
      walkValue(base, expected, scope)
      for index in indices { walkValue(index, .constant, scope) }
    case .moment(_, let value), .duration(let value, _): walkValue(value, .constant, scope)
    case .unary(_, let operand): walkValue(operand, expected, scope)
    case .binary(_, let left, let right, _):
      walkValue(left, expected, scope)
      walkValue(right, expected, scope)
    case .conditional(let condition, let then, let otherwise):
      walkValue(condition, .constant, scope)
      walk(then, scope)
      walk(otherwise ?? [], scope)
    case .pipeline(let input, let stages):
      if let input { walkTensor(input, scope) }
      for stage in stages { walk(stage, scope) }
    case .parenthesized(let inner): walkValue(inner, expected, scope)
    case .integer, .decimal, .percent, .string, .boolean, .member, .pattern, .missing: break
    }
  }

  private mutating func walkName(_ name: Name, _ expected: Expectation, _ scope: LocalScope) {
    if let symbol = scope[name.text] { return refer(name, to: symbol) }
    switch expected {
    case .methods(let specs, let family):
      if let spec = specs.first(where: { $0.name == name.text }) { add(name.span, .method(spec, family)) }
    case .option(.method(let specs)):
      if let spec = specs.first(where: { $0.name == name.text }) { add(name.span, .method(spec, .option)) }
    case .type: add(name.span, .type(name.text))
    case .lints: add(name.span, .lint(name.text))
    case .selectors: break
    case .option, .requirement, .path, .constant: add(name.span, .word(name.text))
    }
  }

  private mutating func walkCall(_ callee: Name, _ arguments: [Argument], _ expected: Expectation, _ scope: LocalScope) {
    let spec: MethodSpec?
    switch expected {
    case .methods(let specs, let family):
      spec = specs.first { $0.name == callee.text }
      if let spec { add(callee.span, .method(spec, family)) }
    case .option(.method(let specs)):
      spec = specs.first { $0.name == callee.text }
      if let spec { add(callee.span, .method(spec, .option)) }
    case .option, .type, .selectors, .lints, .requirement, .path, .constant:
      spec = nil
      add(callee.span, .word(callee.text))
    }
    walkOptions(arguments, spec, scope, skipping: 0)
  }

  /// Arguments held against a method; the first unnamed ones may be tensors.
  private mutating func walkOptions(_ arguments: [Argument], _ spec: MethodSpec?, _ scope: LocalScope, skipping tensors: Int) {
    var unnamed = 0
    for argument in arguments {
      if argument.name == nil, unnamed < tensors {
        unnamed += 1
        walkTensor(argument.value, scope)
        continue
      }
      let option = spec?.option(named: argument.name?.text, unnamed: unnamed - tensors)
      if argument.name == nil { unnamed += 1 }
      if let name = argument.name, let option, let spec { add(name.span, .option(option, method: spec.name)) }
      walkValue(argument.value, option.map { .option($0.kind) } ?? .argument(of: spec), scope)
    }
  }

  // MARK: Bodies of blocks and networks

  mutating func walk(_ statements: [Statement], _ outer: LocalScope) {
    var scope = outer
    for statement in statements {
      switch statement {
      case .binding(let name, let value, _):
        walkTensor(value, scope)
        let symbol = define(.binding, name)
        named[name.span] = symbol
        scope[name.text] = symbol
      case .result(let value, _): walkTensor(value, scope)
      }
    }
  }

  /// An expression that may hold tensors: calls in it are layers and blocks.
  mutating func walkTensor(_ value: Expression, _ scope: LocalScope) {
    switch value.kind {
    case .call(let callee, let arguments): walkStageCall(callee, arguments, scope, isPiped: false)
    case .binary(_, let left, let right, _):
      walkTensor(left, scope)
      walkTensor(right, scope)
    case .parenthesized(let inner): walkTensor(inner, scope)
    case .integer, .decimal, .percent, .string, .boolean, .name, .moment, .duration, .list, .record, .index, .member, .pattern, .unary,
      .conditional, .pipeline, .missing:
      walkValue(value, .constant, scope)
    }
  }

  mutating func walk(_ stage: Stage, _ scope: LocalScope) {
    if let label = stage.label { named[label.span] = define(.label, label) }
    switch stage.operation {
    case .call(let callee, let arguments): walkStageCall(callee, arguments, scope, isPiped: true)
    case .group(let stages): for stage in stages { walk(stage, scope) }
    case .repetition(let count, let body):
      walkValue(count, .constant, scope)
      for stage in body { walk(stage, scope) }
    case .conditional(let condition, let then, let otherwise):
      walkValue(condition, .constant, scope)
      for stage in then + (otherwise ?? []) { walk(stage, scope) }
    case .missing: break
    }
  }

  private mutating func walkStageCall(_ callee: Name, _ arguments: [Argument], _ scope: LocalScope, isPiped: Bool) {
    guard let block = declarations.blocks[callee.text] else {
      let spec = layers[callee.text]
      if let spec { add(callee.span, .method(spec, .layer)) }
      let tensors = EditorVocabulary.inputCount(ofLayer: callee.text) - (isPiped ? 1 : 0)
      return walkOptions(arguments, spec, scope, skipping: spec == nil ? 0 : tensors)
    }
    refer(callee, to: declarations.block(callee.text))
    for argument in arguments {
      if let name = argument.name, let parameter = block.parameters.first(where: { $0.name.text == name.text }) {
        refer(name, to: NamedSymbol(kind: .parameter, name: name.text, span: parameter.name.span))
      }
      walkTensor(argument.value, scope)
    }
  }
}

extension Expectation {
  /// What may stand in a list in this place.
  var element: Expectation {
    switch self {
    case .option(.moments): .option(.moment)
    case .option(.numbers): .constant
    case .methods, .option, .type, .selectors, .lints, .requirement, .path, .constant: self
    }
  }
}
