import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

extension NetworkElaborator {
  /// A call of a block or of a layer of the vocabulary.
  mutating func unfold(_ call: StageCall, in scope: Scope, names: inout NameScope) -> Operand {
    guard countWork(at: call.span) else { return .failed }
    if let block = declarations.blocks[call.callee.text] { return unfold(block, call, in: scope, names: &names) }
    guard let layer = vocabulary.layers[call.callee.text] else {
      if declarations.lacksImport { return .failed }
      let message = "there is no layer or block `\(call.callee.text)`"
      reportUnknown(
        .unknownLayer, message, call.callee.text, at: call.callee.span, among: vocabulary.layers.names + declarations.blockNames)
      return .failed
    }
    return unfold(layer, call, in: scope, names: &names)
  }

  private mutating func unfold(_ layer: any Layer.Type, _ call: StageCall, in scope: Scope, names: inout NameScope) -> Operand {
    var inputs = call.piped.map { [$0] } ?? []
    var rest: [Argument] = []
    for argument in call.arguments {
      if argument.name == nil, layer.takesWeight, inputs.count == layer.inputCount - 1 {
        inputs.append(weight(argument.value, names))
      } else if argument.name == nil, inputs.count < layer.inputCount {
        inputs.append(tensor(unfold(argument.value, in: scope, names: &names), of: argument.value, in: scope))
      } else {
        rest.append(argument)
      }
    }
    guard inputs.count == layer.inputCount else {
      report(
        .missingOption,
        layer.takesWeight && inputs.count == layer.inputCount - 1
          ? "`\(call.callee.text)` needs the name of the layer whose weight it shares"
          : "`\(call.callee.text)` takes \(counted(layer.inputCount, "tensor")), but is given \(inputs.count)", at: call.span,
        label: "\(counted(inputs.count, "tensor"))",
        help: layer.takesWeight ? "for instance `\(call.callee.text)(embed)`" : nil)
      return .failed
    }
    let constants = evaluator.evaluateCall(call.callee, rest, at: call.span, in: scope)
    guard case .call(let options)? = constants else {
      _ = takeName(call.label, operation: call.callee.text, at: call.span, &names)
      return .failed
    }
    return appendLayer(options, inputs: inputs, label: call.label, names: &names)
  }

  /// Appends one layer whose options are constants; nothing is appended when an option or input is wrong.
  mutating func appendLayer(_ call: OptionCall, inputs: [Operand], label: Name?, names: inout NameScope) -> Operand {
    guard let type = vocabulary.layers[call.name] else { return .failed }
    let isAutomatic = label == nil && !names.isIndexed
    let name = takeName(label, operation: call.name, at: call.span, &names)
    guard let options = resolver.resolve(call, against: type.spec) else { return .failed }
    var sources: [Network.Source] = []
    for input in inputs {
      guard case .tensor(let source) = input else { return .failed }
      sources.append(source)
    }
    let layer = type.init(options: options)
    guard takesInput(type, call, name, sources) else { return .failed }
    guard let shape = infer(layer, call, name, sources) else { return .failed }
    let node = Network.Node(
      path: name.path, savedName: name.saved, layer: layer, inputs: sources, inputShapes: sources.map(unfolding.shape), shape: shape,
      span: call.span)
    if isAutomatic, !node.parameters.isEmpty { reportUnnamed(node, call) }
    unfolding.nodes.append(node)
    return .tensor(.node(unfolding.nodes.count - 1))
  }

  /// Whether tokens go to a layer of tokens, and numbers to one of numbers.
  private func takesInput(_ type: any Layer.Type, _ call: OptionCall, _ name: LayerName, _ sources: [Network.Source]) -> Bool {
    guard let source = sources.first(where: { unfolding.isTokens($0) != type.takesTokens }) else { return true }
    let origin = unfolding.span(of: source).map {
      [Label($0, "\(unfolding.name(of: source)) is \(type.takesTokens ? "numbers" : "tokens")")]
    }
    report(
      .shapeMismatch,
      "`\(name.path)`: " + (type.takesTokens ? "takes tokens, but its input is numbers" : "takes numbers, but its input is tokens"),
      at: call.span, label: "does not fit", secondary: origin ?? [],
      help: type.takesTokens ? "declare the network's input as `tokens[...]`" : "put `embedding(vocabulary, width)` before it")
    return false
  }

  /// The weight of the layer that an expression names, from the scope it stands in or from the network's.
  private func weight(_ expression: Expression, _ names: NameScope) -> Operand {
    let text = sources.text(expression.span).filter { !$0.isWhitespace }
    let inner = names.owner.path.isEmpty ? text : "\(names.owner.path).\(text)"
    let found = [inner, text].lazy.compactMap { path in unfolding.nodes.firstIndex { $0.path == path } }.first
    guard let index = found else {
      let known = unfolding.nodes.filter { $0.tiedShape != nil }.map(\.path)
      reportUnknown(
        .unknownName, "there is no layer `\(text)` before this one", text, at: expression.span, among: known,
        help: "name a layer with a weight by its label, as selectors do")
      return .failed
    }
    guard unfolding.nodes[index].tiedShape != nil else {
      report(
        .notATensor, "`\(unfolding.nodes[index].path)` has no one matrix to share", at: expression.span, label: "no matrix of its own",
        secondary: [Label(unfolding.nodes[index].span, "declared here")],
        help: "`linear` and `embedding` have one; a convolution's is bound to its kernel")
      return .failed
    }
    return .tensor(.weight(ofNode: index))
  }

  private func infer(_ layer: any Layer, _ call: OptionCall, _ name: LayerName, _ sources: [Network.Source]) -> [Int]? {
    do throws(LayerError) {
      return try layer.infer(sources.map(unfolding.shape))
    } catch {
      let origins = sources.compactMap { source in
        unfolding.span(of: source).map {
          Label($0, "\(unfolding.name(of: source)) has the shape \(shapeText(unfolding.shape(of: source)))")
        }
      }
      report(
        .shapeMismatch, "`\(name.path)`: \(error.message)", at: call.span, label: "does not fit", secondary: origins, help: error.help,
        fixIts: flattening(call, sources))
      return nil
    }
  }

  /// A fix that flattens the input of a layer of vectors.
  private func flattening(_ call: OptionCall, _ sources: [Network.Source]) -> [FixIt] {
    guard call.name == "linear", let source = sources.first, unfolding.shape(of: source).count > 2,
      let start = edits.stageStart(of: call.span)
    else { return [] }
    let place = Span(file: call.span.file, start: start, end: start)
    return [FixIt("put `flatten` before it", edits: [edits.insertion("flatten |> ", beforeText: place)], confidence: .unsafe)]
  }

  private func reportUnnamed(_ node: Network.Node, _ call: OptionCall) {
    let name = node.path.split(separator: ".").last.map(String.init) ?? call.name
    // The label is the name the layer has already, so that saved weights keep theirs.
    let fixes =
      edits.stageStart(of: call.span) == call.span.start
      ? [FixIt("write `\(name): \(call.name)`", edits: [edits.insertion("\(name): ", beforeText: call.span)], confidence: .safe)] : []
    report(
      .unnamedLayer, "this layer is called `\(node.path)` after its operation", at: call.span, label: "no name of its own",
      notes: ["inserting another `\(call.name)` before it renames its saved weights"], help: "put a label before it: `name: \(call.name)`",
      fixIts: fixes)
  }
}
