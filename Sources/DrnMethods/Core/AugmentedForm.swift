import DrnIR

/// A form with orthonormal bases around a trained core, one for each of some modes, that can be cut and augmented each by itself.
public protocol AugmentedForm: Parameterization {
  /// The modes, in the order of `bases`.
  func modes(_ shape: WeightShape) -> [BasisMode]
  /// Whether the bases are orthonormal, frozen or moving; else they are trained as any matrix.
  var hasOrthonormalBases: Bool { get }
  /// The indices of the bases among the parameters.
  var bases: [Int] { get }
  /// The index of the core among the parameters.
  var coreIndex: Int { get }
  /// A basis as columns from the parameter that holds it, and the other way round.
  func columns(_ parameter: Value, mode: Int, in builder: inout Builder) throws(IRError) -> Value
  func parameter(columns: Value, mode: Int, in builder: inout Builder) throws(IRError) -> Value
  /// The core as a matrix whose rows are those of one mode, of so many.
  func unfolding(
    _ core: Value, mode: Int, extent: Dimension, shape: WeightShape, in builder: inout Builder
  ) throws(IRError) -> Value
  /// The core with its modes multiplied by one matrix each, new x old.
  func turned(_ core: Value, by turns: [Value], shape: WeightShape, in builder: inout Builder) throws(IRError) -> Value
}

/// One mode of a core: the basis that it is multiplied by.
public struct BasisMode: Hashable, Sendable {
  /// The name of its extent; `nil` for the rank.
  public let extent: String?
  /// The dimension of the space its basis lies in.
  public let space: Int
  public init(extent: String?, space: Int) {
    self.extent = extent
    self.space = space
  }
}

extension WeightExtents {
  /// The extent of a mode.
  subscript(mode: BasisMode) -> Number? {
    get { mode.extent.map { others[$0] } ?? rank }
    set {
      guard let newValue else { return }
      if let name = mode.extent { others[name] = newValue } else { rank = newValue }
    }
  }
}
