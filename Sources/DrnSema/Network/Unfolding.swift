import DrnProgram
import DrnSource
import DrnSyntax

/// A network while its blocks are unfolded into a list of layers.
struct Unfolding {
  var nodes: [Network.Node] = []
  var inputShape: [Int] = []
  var inputElement = InputElement.number
  var inputSpan: Span?
  /// The blocks being unfolded, outermost first.
  var blocks: [String] = []
  /// Calls and repetitions unfolded so far, whether or not they produced layers.
  var work = 0
  var isTooLarge = false
  /// The label that gave a layer or group its name, by path.
  var labels: [String: Span] = [:]

  /// Larger networks are refused before they exhaust the memory.
  static let maximumWork = 100_000

  /// What is known of the network so far.
  func facts(of name: Name, isComplete: Bool) -> UnfoldedNetwork {
    UnfoldedNetwork(name: name, inputShape: inputShape, nodes: nodes, labels: labels, isComplete: isComplete)
  }

  func shape(of source: Network.Source) -> [Int] { nodes.shape(of: source, input: inputShape) }

  func isTokens(_ source: Network.Source) -> Bool { source == .input && inputElement == .token }

  func span(of source: Network.Source) -> Span? {
    switch source {
    case .input: inputSpan
    case .node(let index), .weight(let index): nodes.indices.contains(index) ? nodes[index].span : nil
    }
  }

  /// What the source is called in messages.
  func name(of source: Network.Source) -> String {
    switch source {
    case .input: "the input"
    case .node(let index): nodes.indices.contains(index) ? "`\(nodes[index].path)`" : "a layer"
    case .weight(let index): nodes.indices.contains(index) ? "the weight of `\(nodes[index].path)`" : "a weight"
    }
  }
}
