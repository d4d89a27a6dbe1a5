import DrnIR

/// The matrix itself.
public struct Dense: Parameterization {
  public static let spec = MethodSpec("dense", summary: "The matrix W itself, every entry trained.")
  public let options: Options
  public init(options: Options) { self.options = options }
  public var rank: RankRule? { nil }
  public var isReparameterized: Bool { false }

  public func parameters(_ shape: WeightShape, rank: Dimension) -> [ParameterSpec] {
    [ParameterSpec("", [Dimension(shape.inputs), Dimension(shape.outputs)], kernel: shape.kernel)]
  }
  public func apply(
    _ input: WeightInput, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    let weight = try parameters.named(1)[0]
    if shape.groups > 1, case .image(let image, let geometry) = input {
      return try builder.places(of: try builder.convolution(image, weight, geometry, groups: shape.groups))
    }
    return try builder.matmul(try input.matrix(in: &builder), weight)
  }
  public func reconstruct(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Value {
    try parameters.named(1)[0]
  }
  public func represent(
    _ dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] { [dense] }
  public func initialize(
    dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] { [dense] }
  public func sides(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Sides? { nil }
  public func fidelity(rank: Int, shape: WeightShape) -> Fidelity { .exact }
  public var hasConsistentMoments: Bool { true }

  public func gradientEquations(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> GradientEquations? { .whole(parameter: 0) }
  public func pullBackSquared(
    _ dense: Value, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value] { [dense] }
  /// A convolution in groups gives the singular values of every group's matrix, group after group: together those of the block-diagonal
  /// matrix that the layer multiplies by.
  public func singularValues(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    let weight = try parameters.named(1)[0]
    guard shape.groups > 1 else { return try builder.singularValues(weight).s }
    var values: [Value] = []
    for group in 0..<shape.groups {
      let block = try builder.slice(
        weight, starts: [0, Dimension(group * shape.groupOutputs)], sizes: [Dimension(shape.inputs), Dimension(shape.groupOutputs)])
      values.append(try builder.singularValues(block).s)
    }
    return try builder.concatenate(values, axis: 0)
  }
  public func changeRank(_ change: RankChange, in builder: inout Builder) throws(IRError) -> ChangedRank? {
    ChangedRank(parameters: change.parameters, moments: .padded)
  }
}

extension [Value] {
  /// The parameters of a form that has exactly `count`.
  func named(_ count: Int) throws(IRError) -> [Value] {
    guard self.count == count else { throw IRError("a form of \(count) parameters is given \(self.count)") }
    return self
  }
}

extension Parameterizations {
  /// The form of a weight as one matrix.
  public static var whole: any Parameterization { Dense(options: Options(defaultsOf: Dense.spec)) }
}
