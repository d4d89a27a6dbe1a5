import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// Unfolds a block that a training names as its loss.
struct LossElaborator: Checking {
  let tools: Tools
  let block: BlockItem
  /// As it stands behind `loss:`.
  let call: OptionCall
  let declarations: Declarations
  /// The shape of the network's outputs for one example.
  let outputs: [Int]
  let takesClasses: Bool

  /// `nil` when something was reported.
  func elaborate() -> WrittenLoss? {
    reporter.use(block.name.text)
    let errors = reporter.errorCount
    let item = NetworkItem(name: block.name, parameters: [], result: nil, body: block.body, span: block.span)
    var elaborator = NetworkElaborator(item, declarations, tools)
    elaborator.unfolding.inputShape = outputs
    elaborator.unfolding.blocks = [block.name.text]
    guard let (scope, constants) = bind(in: &elaborator) else { return nil }
    var names = NameScope(owner: .root, isIndexed: false)
    let result = elaborator.unfold(block.body, at: block.name.span, in: scope, names: &names)
    guard reporter.errorCount == errors, isLoss(result, elaborator.unfolding), case .tensor(let output) = result else { return nil }
    let network = Network(
      name: block.name.text, inputShape: outputs, nodes: elaborator.unfolding.nodes, output: output,
      outputShape: elaborator.unfolding.shape(of: output))
    return WrittenLoss(name: block.name.text, constants: constants, network: network, takesClasses: takesClasses)
  }

  /// The first two parameters are the outputs and the labels, the others constants.
  private func bind(in elaborator: inout NetworkElaborator) -> (Scope, [(name: String, text: String)])? {
    let types = block.parameters.map { elaborator.types.readType($0.type) }
    guard types.allSatisfy({ $0 != nil }) else { return nil }
    let tensors = types.filter { if case .tensor? = $0 { true } else { false } }.count
    guard tensors == 2, block.parameters.count >= 2, types.prefix(2).allSatisfy({ if case .tensor? = $0 { true } else { false } }) else {
      report(
        .lossBlock, "`\(block.name.text)` takes \(counted(tensors, "tensor")), and a loss takes two: the outputs, and what they should be",
        at: call.nameSpan, label: "named as the loss", secondary: [Label(block.name.span, "declared here")],
        help: "begin its parameters with two tensors: `block \(block.name.text)(outputs: tensor, labels: tensor, ...)`")
      return nil
    }
    let labels = block.parameters[1]
    elaborator.unfolding.nodes = [
      Network.Node(
        path: labels.name.text, savedName: labels.name.text, layer: LossLabels(options: Options()), inputs: [], inputShapes: [],
        shape: outputs,
        span: labels.name.span)
    ]
    var scope = Scope()
    for (parameter, source) in zip(block.parameters, [Network.Source.input, .node(0)]) {
      guard let type = elaborator.types.readType(parameter.type) else { return nil }
      scope.bind(
        parameter.name.text, elaborator.checkType((.tensor(source), call.nameSpan), type, parameter, of: block), at: parameter.name.span)
    }
    guard let given = match() else { return nil }
    var constants: [(name: String, text: String)] = []
    for parameter in block.parameters.dropFirst(2) {
      let value =
        given[parameter.name.text]
        ?? parameter.defaultValue.flatMap { expression in
          evaluator.evaluate(expression, in: scope).map { LocatedOption($0, expression.span) }
        }
      guard let value, let type = elaborator.types.readType(parameter.type) else { return nil }
      scope.bind(
        parameter.name.text, elaborator.checkType((.constant(value.value), value.span), type, parameter, of: block), at: parameter.name.span
      )
      constants.append((parameter.name.text, value.value.text))
    }
    return (scope, constants)
  }

  /// The arguments by parameter; missing and surplus ones are reported.
  private func match() -> [String: LocatedOption]? {
    let parameters = block.parameters.dropFirst(2)
    var positional = parameters[...]
    var given: [String: LocatedOption] = [:]
    var isComplete = true
    for argument in call.arguments {
      let found: Parameter?
      if let name = argument.name {
        found = parameters.first { $0.name.text == name }
        positional.removeAll { $0.name.text == name }
        if found == nil {
          reportUnknown(
            .unknownOption, "`\(block.name.text)` has no constant `\(name)`", name, at: argument.nameSpan ?? argument.value.span,
            among: parameters.map(\.name.text))
        }
      } else {
        found = positional.popFirst()
        if found == nil {
          report(
            .surplusArgument, "`\(block.name.text)` takes \(counted(parameters.count, "constant"))", at: argument.value.span,
            label: "one too many",
            secondary: [Label(block.name.span, "`\(block.name.text)` is declared here")])
        }
      }
      guard let found else {
        isComplete = false
        continue
      }
      if let earlier = given[found.name.text] {
        report(
          .duplicateOption, "`\(found.name.text)` of `\(block.name.text)` is given twice", at: argument.nameSpan ?? argument.value.span,
          label: "given again", secondary: [Label(earlier.span, "first given here")])
        isComplete = false
      }
      given[found.name.text] = argument.value
    }
    let missing = parameters.filter { given[$0.name.text] == nil && $0.defaultValue == nil }
    if let first = missing.first {
      let listed = missing.map { "`\($0.name.text)`" }.joined(separator: " and ")
      report(
        .missingOption, "`\(block.name.text)` needs \(listed)", at: call.span, label: "without \(listed)",
        secondary: [Label(first.name.span, "declared here without a default")])
      return nil
    }
    return isComplete ? given : nil
  }

  /// A loss is a function of the outputs alone, without weights, running statistics or random numbers of its own.
  private func isLoss(_ result: Operand, _ unfolding: Unfolding) -> Bool {
    if let node = unfolding.nodes.first(where: { !$0.parameters.isEmpty || !$0.buffers.isEmpty || $0.layer is Dropout }) {
      let what = node.layer is Dropout ? "random numbers" : "weights or statistics"
      report(
        .lossBlock, "`\(block.name.text)` is a loss, and `\(node.path)` has \(what) of its own", at: node.span,
        label: "not a function of the outputs",
        secondary: [Label(call.nameSpan, "named as the loss here")], help: "move it into the network")
      return false
    }
    guard case .tensor(let output) = result else {
      if case .constant(let value) = result {
        report(.missingReturn, "`\(block.name.text)` returns \(value.kindDescription)", at: block.name.span, label: "no tensor")
      }
      return false
    }
    guard depends(output, unfolding) else {
      report(
        .lossBlock, "`\(block.name.text)` is a loss, and what it returns does not depend on the outputs", at: block.name.span,
        label: "the same whatever the network returns", secondary: [Label(call.nameSpan, "named as the loss here")])
      return false
    }
    return true
  }

  private func depends(_ output: Network.Source, _ unfolding: Unfolding) -> Bool {
    var reached: [Bool] = []
    func isReached(_ source: Network.Source) -> Bool {
      switch source {
      case .input: true
      case .node(let index): reached.indices.contains(index) && reached[index]
      case .weight: false
      }
    }
    for node in unfolding.nodes { reached.append(node.inputs.contains(where: isReached)) }
    return isReached(output)
  }
}
