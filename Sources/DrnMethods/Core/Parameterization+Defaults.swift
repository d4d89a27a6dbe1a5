import DrnIR

/// What the gradients of a form's trained parameters say about the gradient G with respect to W.
public enum GradientEquations: Sendable {
  /// The parameter's gradient is G.
  case whole(parameter: Int)
  /// G right^T is the gradient of one parameter, left^T G that of the other; left inputs x k, right k x outputs.
  case twoSided(left: Value, leftParameter: Int, right: Value, rightParameter: Int)
  /// left^T G right^T is the parameter's gradient, where left has orthonormal columns and right orthonormal rows.
  case projected(left: Value, right: Value, parameter: Int)
  /// Each parameter's gradient is G seen through the other factors of a chain.
  case chain(FactorChain)
  /// With the entries of G in the order of those blocks, G inner^T is the gradient of one parameter and outer^T G that of the other; outer is the
  /// one parameter as a column, inner the other as a row.
  case blocks(MatrixBlocks, outer: Value, outerParameter: Int, inner: Value, innerParameter: Int)
  /// What the inner equations take is each parameter's gradient over a derivative of its shape, by the parameter's index; where that is zero
  /// nothing is known.
  indirect case diagonal([Int: Value], inner: GradientEquations)
}

extension ParameterSpec {
  /// The number of entries of a tensor whose shape is known.
  var count: Int { shape.reduce(1) { $0 &* $1.constant } }
}

/// A request to go on in the same form at another rank.
public struct RankChange: Sendable {
  /// Which way the rank goes.
  public enum Direction: Sendable { case up, down, unchanged }
  /// From `from` to `to`, known although both may be symbols.
  public let direction: Direction
  /// The parameters at the old rank, in the order of `Parameterization.parameters`.
  public let parameters: [Value]
  /// The weight as a matrix, the same before and after.
  public let shape: WeightShape
  /// The old rank.
  public let from: Dimension
  /// The new rank.
  public let to: Dimension
  /// Feed the random streams of parameters that start anew.
  public let name: String
  /// The random key of the transition.
  public let key: Value
}

/// The parameters at the new rank, and how optimizer state follows.
public struct ChangedRank: Sendable {
  /// How the moments of trained parameters follow.
  public enum Moments: Sendable {
    /// Every old entry stays where it is; new ones start at zero.
    case padded
    /// The one trained parameter S became left^T S right, and its moments with it.
    case rotated(left: Value, right: Value)
    /// Over the dense W, as between different forms.
    case throughDense
  }
  /// In the order of `Parameterization.parameters`.
  public let parameters: [Value]
  /// What becomes of slots under `carry`.
  public let moments: Moments
}

extension Parameterization {
  public var structure: any Parameterization { self }
  public func entries(_ parameters: [Value], in builder: inout Builder) throws(IRError) -> [Value] { parameters }
  public func represent(
    entries: [Value], shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] { entries }

  public func activeCount(_ shape: WeightShape, rank: Int) -> Int {
    parameters(shape, rank: Dimension(rank)).reduce(0) { $0 &+ $1.count }
  }
  public var fixesZeros: Bool { false }
  public var isMasked: Bool { false }

  public var isReparameterized: Bool { true }
  public var decaysByItself: Bool { !isReparameterized }
  public var isChangedByEvents: Bool { rank != nil }
  public var isPricedAsRange: Bool { rank?.isDecidedAtRunTime ?? false }
  public var reportsRank: Bool { rank != nil }

  public func obstacle(_ shape: WeightShape) -> FormObstacle? {
    shape.groups > 1 && isReparameterized ? .grouped(shape.groups) : nil
  }
  public func core(_ shape: WeightShape) -> ParameterSpec? { nil }
  public var hasMovingBases: Bool { false }
  public func extents(_ shape: WeightShape) -> [ExtentSpec] { [] }
  public func bound(to extents: [String: Dimension]) -> any Parameterization { self }
  public func departure(_ shape: WeightShape) -> String? { nil }
  public func basisLimit(_ shape: WeightShape) -> Int { shape.shortSide }
  public func content(rank: Int, shape: WeightShape) -> ContentRanks {
    guard self.rank != nil, fidelity(rank: rank, shape: shape) != .additive else {
      return shape.content(matrix: shape.shortSide, channels: shape.channels)
    }
    let (spread, overflow) = rank.multipliedReportingOverflow(by: shape.kernelArea)
    return shape.content(matrix: rank, channels: overflow ? shape.channels : min(shape.channels, spread))
  }
  public func holds(_ content: ContentRanks, rank: Int, shape: WeightShape) -> Bool {
    self.rank == nil ? fidelity(rank: rank, shape: shape) == .exact : rank >= content.matrix
  }
  public func contains(_ old: any Parameterization, rank oldRank: Int, at rank: Int, shape: WeightShape) -> Bool { rank >= oldRank }
  public var secondRank: SecondRank? { nil }
  public func scale(rank: Int) -> Double? { nil }
  public var deployedForm: any Parameterization { self }
  public func deploy(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> [Value] {
    parameters
  }

  public var hasConsistentMoments: Bool { false }
  public func determinesDenseMoment(rank: Int, shape: WeightShape) -> Bool { fidelity(rank: rank, shape: shape) == .exact }

  public func gradientEquations(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> GradientEquations? {
    guard let sides = try sides(parameters, shape: shape, rank: rank, in: &builder), let left = sides.leftParameter,
      let right = sides.rightParameter
    else { return nil }
    return .twoSided(left: sides.left, leftParameter: left, right: sides.right, rightParameter: right)
  }

  /// Right for every form whose `reconstruct` is a sum of products of distinct parameters with coefficient one: there the squared Jacobian
  /// is the Jacobian at the squared parameters.
  public func pullBackSquared(
    _ dense: Value, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    var squares: [Value] = []
    for parameter in parameters { squares.append(try builder.square(parameter)) }
    return try pullBackGradient(dense, parameters: squares, shape: shape, rank: rank, in: &builder)
  }

  public func homogeneity(_ shape: WeightShape) -> Double? {
    fidelity(rank: 1, shape: shape) == .additive ? nil : Double(trainedIndices(shape, rank: 1).count)
  }

  public func productDecay(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let dense = try reconstruct(parameters, shape: shape, rank: rank, in: &builder)
    return try pullBackGradient(dense, parameters: parameters, shape: shape, rank: rank, in: &builder)
  }

  public func singularValues(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    let dense = try reconstruct(parameters, shape: shape, rank: rank, in: &builder)
    return try builder.singularValues(dense).s
  }

  public func changeRank(_ change: RankChange, in builder: inout Builder) throws(IRError) -> ChangedRank? {
    rank == nil ? ChangedRank(parameters: change.parameters, moments: .padded) : nil
  }

  /// The gradients of the trained parameters where W has the gradient `dense`: G pulled back through the Jacobian of `reconstruct`.
  public func pullBackGradient(
    _ dense: Value, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let trained = trainedIndices(shape, rank: rank).map { parameters[$0] }
    let first = builder.function.operations.count
    let product = try reconstruct(parameters, shape: shape, rank: rank, in: &builder)
    return try pullBack(of: [product], cotangents: [dense], wrt: trained, in: &builder, from: first)
  }

  /// The indices of the trained parameters.
  public func trainedIndices(_ shape: WeightShape, rank: Dimension) -> [Int] {
    parameters(shape, rank: rank).enumerated().filter(\.element.isTrainable).map(\.offset)
  }

  /// Equal options but for the rank and for `initial`, which says how the parameters were first drawn.
  public func isSame(as other: any Parameterization) -> Bool {
    let ignored = ["rank": OptionValue.word("current"), "initial": .word("drawn")]
    return word == other.word && options.replacing(ignored) == other.options.replacing(ignored)
  }

  /// The word of this form.
  public var word: String { Self.spec.name }
}
