import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// Disagreements between a network, its data and its training.
extension TrainingChecker {
  func compare(_ elaborated: NetworkOutcome, _ data: CheckedData) {
    guard let network = elaborated.network else { return }
    let taken = network.inputElement.text(network.inputShape)
    let given = data.settings.inputElement.text(data.settings.inputShape)
    if taken != given {
      // In a file that others import too, the network is the one that is right.
      let own = elaborated.inputSpan.flatMap { $0.file == item.span.file ? $0 : nil }
      let others =
        own.map { _ in [Label(item.data.span, "trained on `\(data.settings.name)` here")] }
        ?? elaborated.inputSpan.map { [Label($0, "the network takes \(taken)")] } ?? []
      report(
        .networkInput,
        "`\(network.name)` takes \(taken), but `\(data.settings.name)` has \(given)",
        at: own ?? item.data.span,
        label: own == nil ? "examples of \(given)" : "takes \(taken)",
        secondary: others + [Label(data.shapeSpan, "\(data.settings.inputName) is \(given)")],
        fixIts: elaborated.inputSpan.map { edits.declaring(data.settings.inputType, at: $0) } ?? [])
    }
    checkVocabulary(network, data)
    lintAttention(network, data)
    checkLengths(network, data)
    let count = data.settings.classes ?? data.settings.targets
    let needed = (data.settings.predictsNextToken ? data.settings.inputShape : []) + [count]
    guard network.outputShape != needed else { return }
    let what =
      data.settings.predictsNextToken
      ? "\(counted(needed[0], "position")) of \(count) tokens" : data.settings.classes == nil ? counted(count, "value") : "\(count) classes"
    let secondary = [Label(elaborated.resultSpan, "the network returns \(shapeText(network.outputShape))")]
    report(
      .headOutputs, "`\(network.name)` returns \(shapeText(network.outputShape)), but `\(data.settings.name)` has \(what)",
      at: item.network.span, label: "returns \(shapeText(network.outputShape))", secondary: secondary + [Label(data.labelSpan, what)],
      help: "the network has to return \(shapeText(needed))",
      fixIts: returning(needed, network, resultSpan: elaborated.resultSpan) + declaringClasses(network, data))
  }

  /// Whether every embedding has a row for each token.
  private func checkVocabulary(_ network: Network, _ data: CheckedData) {
    guard let present = data.settings.vocabulary else { return }
    for node in network.nodes {
      guard let embedding = node.layer as? any TokenLayer, embedding.vocabulary < present else { continue }
      report(
        .dataClasses, "`\(node.path)` knows \(counted(embedding.vocabulary, "token")), but `\(data.settings.name)` has \(present)",
        at: node.span.file == item.span.file ? node.span : item.network.span, label: "too few",
        secondary: [Label(data.settings.sourceSpan, "holds \(counted(present, "token"))")])
    }
  }

  /// Whether every layer that sees what fills examples up can leave it out.
  private func checkLengths(_ network: Network, _ data: CheckedData) {
    guard data.settings.source.hasLengths else { return }
    for (node, carried) in zip(network.nodes, network.lengthsCarried) where carried.into {
      guard case .refused(let reason) = node.layer.lengthRule(node.inputShapes) else { continue }
      report(
        .shapeMismatch, "`\(node.path)`: \(reason), and the examples of `\(data.settings.name)` have lengths",
        at: node.span.file == item.span.file ? node.span : item.network.span, label: "cannot leave the filling out",
        secondary: [Label(data.settings.sourceSpan, "`lengths: true`")],
        help: "`mean_over_time`, `select`, `attend` and `lstm` can; or leave `lengths` out")
    }
  }

  /// Whether attention sees the tokens that are to be predicted.
  private func lintAttention(_ network: Network, _ data: CheckedData) {
    guard data.settings.predictsNextToken else { return }
    for node in network.nodes {
      guard let attention = node.layer as? Attend, !attention.isCausal else { continue }
      report(
        .seesTheAnswer, "`\(node.path)` sees the tokens that are to be predicted", at: node.span, label: "sees the positions behind it",
        secondary: [Label(data.labelSpan, "the token that follows")], fixIts: makingCausal(node.span))
    }
  }

  /// Activations whose values are no logits: bounded, cut off on one side, or softmaxes already.
  private static let squashing: Set<String> = ["softmax", "log_softmax", "sigmoid", "tanh", "relu"]

  /// Whether the network squashes what a cross entropy takes as logits.
  func lintOutputs(lossSpan: Span) {
    guard let network, case .node(let index) = network.output, network.nodes.indices.contains(index) else { return }
    let node = network.nodes[index]
    let name = type(of: node.layer).spec.name
    guard Self.squashing.contains(name) else { return }
    let isOwn = declarations.networks[item.network.text].map { $0.span.file == node.span.file && $0.span.holds(node.span) } ?? false
    report(
      .squashedOutputs, "`\(network.name)` ends in `\(name)`, and `cross_entropy` takes the numbers before it", at: node.span,
      label: "the last layer", secondary: [Label(lossSpan, "has the softmax in it")],
      help: "leave the layer out; `drnc predict` prints probabilities all the same",
      fixIts: isOwn ? edits.removing(stage: node.span).map { [$0] } ?? [] : [])
  }

  /// A fix that makes attention causal.
  private func makingCausal(_ call: Span) -> [FixIt] {
    let (text, stated) = (sources.text(call), "causal: false")
    func place(_ start: Int, _ length: Int) -> Span { Span(file: call.file, start: call.start + start, end: call.start + start + length) }
    if let found = text.firstRange(of: stated) {
      let start = text[..<found.lowerBound].utf8.count
      return [FixIt("write `causal: true`", edits: [.init(place(start, stated.utf8.count), "causal: true")], confidence: .unsafe)]
    }
    guard text.hasSuffix(")") else { return [] }
    return [FixIt("add `causal: true`", edits: [.init(place(text.utf8.count - 1, 0), ", causal: true")], confidence: .unsafe)]
  }

  /// A fix that makes a batch as large as the examples allow.
  func fittingBatch(_ largest: Int, _ entries: Settings) -> [FixIt] {
    guard largest >= 1, let entry = entries[Table.batch] else { return [] }
    return [FixIt("write `batch: \(largest)`", edits: [.init(entry.value.span, String(largest))], confidence: .unsafe)]
  }

  /// A fix that gives the last `linear` of a network as many outputs as are needed, and its declaration the same.
  private func returning(_ needed: [Int], _ network: Network, resultSpan: Span) -> [FixIt] {
    guard case .node(let index) = network.output, network.nodes.indices.contains(index),
      network.outputShape.dropLast() == needed.dropLast(), let old = network.outputShape.last, let new = needed.last,
      let edit = widening(network.nodes[index], from: old, to: new)
    else { return [] }
    var edits = [edit]
    if sources.text(resultSpan).hasPrefix("tensor") { edits.append(.init(resultSpan, "tensor\(shapeText(needed))")) }
    return [FixIt("let the last layer return \(new)", edits: edits, confidence: .unsafe)]
  }

  /// The edit of a literal number of outputs; `nil` where it is computed, or given to a block.
  private func widening(_ node: Network.Node, from old: Int, to new: Int) -> FixIt.Edit? {
    let text = sources.text(node.span)
    // Before the call there may be a label.
    guard type(of: node.layer).spec.name == "linear", let call = text.firstRange(of: "linear("),
      let place = text[call.upperBound...].firstRange(of: String(old))
    else { return nil }
    let before = text[call.upperBound..<place.lowerBound].filter { $0 != " " }
    guard before.isEmpty || before == "outputs:", text[place.upperBound...].first.map({ !$0.isNumber }) ?? true else { return nil }
    let start = node.span.start + text[..<place.lowerBound].utf8.count
    return .init(Span(file: node.span.file, start: start, end: start + String(old).utf8.count), String(new))
  }

  /// A fix that declares as many classes as the network has outputs.
  private func declaringClasses(_ network: Network, _ data: CheckedData) -> [FixIt] {
    guard data.settings.classes != nil, network.outputShape.count == 1, let outputs = network.outputShape.first, outputs > 1 else {
      return []
    }
    return edits.declaring("class(\(outputs))", at: data.labelSpan)
  }

  /// Fixes that choose a loss for the other kind of labels, of those that need no option.
  func otherLosses(takingClasses: Bool, at span: Span) -> [FixIt] {
    let names = vocabulary.losses.names.filter { name in
      guard let loss = vocabulary.losses[name] else { return false }
      return loss.takesClasses == takingClasses && !loss.spec.options.contains(where: \.isRequired)
    }
    return names.map { FixIt("write `\($0)`", edits: [.init(span, $0)], confidence: .unsafe) }
  }

  /// A fix that takes one of the numbers of `top_k` out, or the setting with its last.
  func removing(topK item: LocatedOption, of items: [LocatedOption], _ entry: SettingEntry) -> [FixIt] {
    guard items.count > 1 else { return [edits.removing("`top_k`", entry.span, .unsafe)] }
    let edit = edits.deletion(of: item.span, among: items.map(\.span))
    return [FixIt("leave out \(item.value.text)", edits: [edit], confidence: .unsafe)]
  }
}
