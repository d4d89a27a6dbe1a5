/// The rank of the unfolding by input channel, where a form states it beside that of the outputs. It stays as it is when events change the
/// rank.
public struct SecondRank: Hashable, Sendable {
  /// The option that states it.
  public let option: String
  /// What the option says.
  public let rule: RankRule
  public init(option: String, rule: RankRule) {
    self.option = option
    self.rule = rule
  }

  /// The number for a weight, before any check of its range: shares are of its input or output channels. `nil` for a rank that needs
  /// another one or a trained weight, and on overflow.
  public func resolve(_ shape: WeightShape) -> Int? {
    switch rule {
    case .full: largest(shape)
    case .exact, .fraction: rule.resolve(WeightShape(inputs: shape.channels, outputs: shape.outputs), current: nil)
    case .current, .energy, .explainedVariance, .linear, .budget: nil
    }
  }

  /// Whether the number is known and one the weight can have.
  public func fits(_ shape: WeightShape) -> Bool { resolve(shape).map { (1...max(1, largest(shape))).contains($0) } ?? false }

  /// The short side of the unfolding by input channel.
  public func largest(_ shape: WeightShape) -> Int {
    let (columns, overflow) = shape.outputs.multipliedReportingOverflow(by: shape.kernelArea)
    return overflow ? shape.channels : min(shape.channels, columns)
  }
}
