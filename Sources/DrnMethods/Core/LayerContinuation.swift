import DrnIR

/// How a layer takes the next positions of a sequence when those before are not there any more.
public enum LayerContinuation: Hashable, Sendable {
  /// Each position by itself: `emit` needs nothing else.
  case positionwise
  /// By what it keeps of the positions before. `emit` finds it in `LayerContext.continuation`, and leaves there what it is afterwards. At the
  /// start of a sequence all of it is zero.
  case keeping([KeptTensor])
  /// Not at all, in words that follow "`conv`: ".
  case impossible(String)
}

/// A matrix that a layer keeps of the positions of one sequence.
public struct KeptTensor: Hashable, Sendable {
  /// The name within the layer: `keys`.
  public let name: String
  /// Rows and columns.
  public let shape: [Int]
  public init(_ name: String, _ shape: [Int]) {
    self.name = name
    self.shape = shape
  }
}

/// Further positions of one sequence, as `LayerContext` has them.
public struct ContinuedSequence {
  /// How many are taken.
  public let count: Int
  /// Their numbers in the sequence, from 0: a vector of i32.
  public let positions: Value
  /// What the layer keeps, by the names within the layer; after `emit` what it keeps then.
  public var kept: [String: Value]
  public init(count: Int, positions: Value, kept: [String: Value]) {
    self.count = count
    self.positions = positions
    self.kept = kept
  }

  /// What the layer keeps under that name.
  func value(_ name: String) throws(IRError) -> Value {
    guard let value = kept[name] else { throw IRError("the layer keeps nothing named \(name)") }
    return value
  }
}
