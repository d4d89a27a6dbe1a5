import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// Fixes of disagreements between a network, its data and its training.
extension Checker {
  /// A fix that makes a batch as large as the examples allow.
  func fittingBatch(_ largest: Int, _ entries: Settings) -> [FixIt] {
    guard largest >= 1, let entry = entries["batch"] else { return [] }
    return [FixIt("write `batch: \(largest)`", edits: [.init(entry.value.span, String(largest))], confidence: .unsafe)]
  }

  /// A fix that gives the last `linear` of a network as many outputs as are needed, and its declaration the same.
  func returning(_ needed: Int, _ network: Network) -> [FixIt] {
    guard case .node(let index) = network.output, network.nodes.indices.contains(index), network.outputShape.count == 1,
      let old = network.outputShape.first, let edit = widening(network.nodes[index], from: old, to: needed)
    else { return [] }
    var edits = [edit]
    if let span = networkResultSpans[network.name], sources.text(span).hasPrefix("tensor") {
      edits.append(.init(span, "tensor[\(needed)]"))
    }
    return [FixIt("let the last layer return \(needed)", edits: edits, confidence: .unsafe)]
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
  func declaringClasses(_ network: Network, _ data: CheckedData) -> [FixIt] {
    guard data.settings.classes != nil, network.outputShape.count == 1, let outputs = network.outputShape.first, outputs > 1 else {
      return []
    }
    return declaring("class(\(outputs))", at: data.labelSpan)
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
    guard items.count > 1 else { return [removing("`top_k`", entry.span, .unsafe)] }
    let edit = deletion(of: item.span, among: items.map(\.span))
    return [FixIt("leave out \(item.value.text)", edits: [edit], confidence: .unsafe)]
  }
}
