import DrnProgram
import DrnSource
import DrnSyntax

/// What a check learned on the way, for editors: there even where the program has errors.
public struct CheckFacts: Sendable {
  /// The tree of every file that was read, the checked one first.
  public var trees: [SyntaxTree] = []
  /// Every network that was unfolded, in the order of the declarations.
  public var networks: [UnfoldedNetwork] = []
  /// A number for each program of the result; one that was taken over from an earlier version keeps its number.
  public var programs: [Int] = []
  public init() {}
}

/// A network with its blocks unfolded as far as its errors allowed.
public struct UnfoldedNetwork: Sendable {
  /// The word after `network`, where it is written.
  public let name: Name
  /// Per example.
  public let inputShape: [Int]
  /// In order of execution; only those before the first error of each branch.
  public let nodes: [Network.Node]
  /// The label or binding that gave a layer or group the last word of its path, by path: `stage1`, `stage1[0].conv1`.
  public let labels: [String: Span]
  /// Whether nothing was wrong with it.
  public let isComplete: Bool
  public init(name: Name, inputShape: [Int], nodes: [Network.Node], labels: [String: Span], isComplete: Bool) {
    self.name = name
    self.inputShape = inputShape
    self.nodes = nodes
    self.labels = labels
    self.isComplete = isComplete
  }

  /// The shape of a source, per example.
  public func shape(of source: Network.Source) -> [Int] { nodes.shape(of: source, input: inputShape) }
}
