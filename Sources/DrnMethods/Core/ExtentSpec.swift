import DrnIR

/// A number of a weight, beside its rank, that shapes depend on and that changes while training: the second rank of a Tucker form, the
/// dimension of a subspace of gradients.
public struct ExtentSpec: Hashable, Sendable {
  /// `input_rank`, `gradient_rank`: one of its kind for a weight.
  public let name: String
  /// What it is where the weight comes into the form; `nil` for what it was before.
  public let initial: Int?
  /// What it may become.
  public let bounds: ClosedRange<Int>
  public init(_ name: String, initial: Int?, bounds: ClosedRange<Int>) {
    self.name = name
    self.initial = initial
    self.bounds = bounds
  }
}

/// The extents of one weight at a moment, as numbers or as symbols.
public struct WeightExtents<Number: Hashable & Sendable>: Hashable, Sendable {
  /// The rank; 0 for a form without one.
  public var rank: Number
  /// The others by name.
  public var others: [String: Number]
  public init(rank: Number, others: [String: Number] = [:]) {
    self.rank = rank
    self.others = others
  }
}
