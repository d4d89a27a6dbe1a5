import DrnIR

/// How many positions of each example of a batch are its own; what follows them is filling.
public struct SequenceLengths: Sendable {
  /// Whole numbers from 1 to T, one for each example.
  public let counts: Value
  /// 1 at each position that is an example's own and 0 elsewhere, [batch T].
  public let mask: Value
  public init(counts: Value, mask: Value) {
    self.counts = counts
    self.mask = mask
  }
}

/// What a layer does to the positions of a sequence of which some may be filling.
public enum LengthRule: Hashable, Sendable {
  /// It works on each position alone, or on those before it too: what an example's own positions become does not depend on the filling.
  case apart
  /// It sees other positions, leaves the filling out, and its result has the same positions.
  case masked
  /// It leaves the filling out, and its result is no longer such a sequence.
  case reduced
  /// It would mix filling with the rest, for this reason.
  case refused(String)
}

extension LayerContext {
  /// The sequence with zeros in place of its filling; itself where it has none.
  mutating func withoutFilling(_ sequence: Value) throws(IRError) -> Value {
    guard let lengths else { return sequence }
    let shape = builder.type(of: sequence).shape
    return try builder.multiply(sequence, try builder.broadcast(lengths.mask, to: shape, axes: [0]))
  }

  /// How many positions of each example are its own, [batch], as real numbers; `positions` are those of a whole example.
  mutating func ownPositions(_ lengths: SequenceLengths, of positions: Int) throws(IRError) -> Value {
    let rows = try builder.reshape(lengths.mask, to: [Dimension(batch), Dimension(positions)])
    return try builder.sum(rows, axes: [1])
  }
}
