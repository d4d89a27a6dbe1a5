import DrnIR
import DrnMethods

/// W = m diag(g): a matrix with a trained gain for each column.
public struct ColumnGain: Parameterization {
  public static let spec = MethodSpec("column_gain", summary: "W = m diag(g), both trained; g starts at one.")
  public let options: Options
  public init(options: Options) { self.options = options }
  public var rank: RankRule? { nil }

  public func parameters(_ shape: WeightShape, rank: Dimension) -> [ParameterSpec] {
    [
      ParameterSpec("m", [Dimension(shape.inputs), Dimension(shape.outputs)]), ParameterSpec("g", [Dimension(shape.outputs)]),
    ]
  }
  public func apply(
    _ input: WeightInput, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    try scaled(try builder.matmul(try input.matrix(in: &builder), parameters[0]), by: parameters[1], in: &builder)
  }
  public func reconstruct(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Value {
    try scaled(parameters[0], by: parameters[1], in: &builder)
  }
  public func represent(
    _ dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    [dense, try builder.constant(1, shape: [Dimension(shape.outputs)])]
  }
  public func initialize(
    dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    try represent(dense, shape: shape, rank: rank, name: name, key: key, in: &builder)
  }
  public func sides(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Sides? { nil }
  public func fidelity(rank: Int, shape: WeightShape) -> Fidelity { .exact }
  public var deployedForm: any Parameterization { Parameterizations.whole }
  public func deploy(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> [Value] {
    [try reconstruct(parameters, shape: shape, rank: rank, in: &builder)]
  }

  private func scaled(_ matrix: Value, by gains: Value, in builder: inout Builder) throws(IRError) -> Value {
    try builder.multiply(matrix, try builder.broadcast(gains, to: builder.type(of: matrix).shape, axes: [1]))
  }
}
