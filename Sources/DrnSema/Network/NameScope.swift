import DrnDiagnostics
import DrnSource
import DrnSyntax

/// How a layer or group is called: `stage2[0].conv1` in selectors, `stage2.0.conv1` in saved files.
struct LayerName {
  let path: String
  let saved: String

  static let root = LayerName(path: "", saved: "")

  func child(_ name: String) -> LayerName {
    path.isEmpty ? LayerName(path: name, saved: name) : LayerName(path: "\(path).\(name)", saved: "\(saved).\(name)")
  }
  func child(_ index: Int) -> LayerName {
    path.isEmpty ? LayerName(path: "[\(index)]", saved: "\(index)") : LayerName(path: "\(path)[\(index)]", saved: "\(saved).\(index)")
  }
}

/// Hands out the names of one group, block or network.
struct NameScope {
  let owner: LayerName
  /// Whether children without a label are numbered (groups and `repeat`) or called after their operation (blocks and networks).
  let isIndexed: Bool
  private var nextIndex = 0
  private var labels: [String: Span] = [:]
  private var uses: [String: Int] = [:]

  init(owner: LayerName, isIndexed: Bool) {
    self.owner = owner
    self.isIndexed = isIndexed
  }

  /// Where the label was given before, if it was; otherwise takes it.
  mutating func take(_ label: Name) -> Span? {
    if let earlier = labels[label.text] { return earlier }
    labels[label.text] = label.span
    return nil
  }

  /// The next number.
  mutating func takeIndex() -> LayerName {
    defer { nextIndex += 1 }
    return owner.child(nextIndex)
  }

  /// `op`, `op_1`, `op_2`: the first that is free.
  mutating func takeName(after operation: String, at span: Span) -> LayerName {
    var count = uses[operation] ?? 0
    var name = count == 0 ? operation : "\(operation)_\(count)"
    while labels[name] != nil {
      count += 1
      name = "\(operation)_\(count)"
    }
    uses[operation] = count + 1
    labels[name] = span
    return owner.child(name)
  }
}
