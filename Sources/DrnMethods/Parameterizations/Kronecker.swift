import DrnIR

/// W = a (x) b, the Kronecker product of two small matrices: W[(i, k), (j, l)] = a[i, j] b[k, l].
///
/// Of a weight of inputs x outputs a has r rows and c columns, b inputs / r rows and outputs / c columns. r is the largest divisor of the inputs
/// up to `rows`, c that of the outputs up to `columns`; without the option up to the square root, as in LoKr's code.
public struct Kronecker: Parameterization {
  public static let spec = MethodSpec(
    "kronecker", summary: "W = a (x) b, the Kronecker product of two trained matrices.",
    source:
      "Wu 2016, \"Compressing Neural Networks Using Kronecker Products\"; the sizes of LoKr, arXiv 2309.14859; entered as Van Loan and Pitsianis 1993",
    options: [
      OptionSpec(
        "rows", .integer(1...1_000_000),
        "The most rows of a: it has the largest number that divides the inputs; if not set, up to their square root."),
      OptionSpec(
        "columns", .integer(1...1_000_000),
        "The most columns of a: it has the largest number that divides the outputs; if not set, up to their square root."),
    ])
  public let options: Options
  public init(options: Options) { self.options = options }
  public var rank: RankRule? { nil }

  public func parameters(_ shape: WeightShape, rank: Dimension) -> [ParameterSpec] {
    let blocks = blocks(shape)
    return [
      ParameterSpec("a", [Dimension(blocks.rows), Dimension(blocks.columns)]),
      ParameterSpec("b", [Dimension(blocks.height), Dimension(blocks.width)]),
    ]
  }
  /// Rows through b, then what stands at the same place of every block through a: W is never made.
  public func apply(
    _ input: WeightInput, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    let (factors, blocks) = (try parameters.named(2), blocks(shape))
    let (rows, columns, width) = (Dimension(blocks.rows), Dimension(blocks.columns), Dimension(blocks.width))
    let x = try input.matrix(in: &builder)
    let count = builder.type(of: x).shape[0]
    let inner = try builder.matmul(try builder.reshape(x, to: [count * blocks.rows, Dimension(blocks.height)]), factors[1])
    let byPlace = try builder.channelsLast(try builder.reshape(inner, to: [count, rows, width, 1]))
    let outer = try builder.matmul(try builder.reshape(byPlace, to: [count * blocks.width, rows]), factors[0])
    let byBlock = try builder.channelsFirst(try builder.reshape(outer, to: [count, width, 1, columns]))
    return try builder.reshape(byBlock, to: [count, Dimension(shape.outputs)])
  }
  public func reconstruct(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Value {
    let (factors, blocks) = (try parameters.named(2), blocks(shape))
    return try blocks.folded(
      try builder.matmul(try blocks.column(factors[0], in: &builder), try blocks.row(factors[1], in: &builder)), in: &builder)
  }
  /// The nearest Kronecker product (Van Loan and Pitsianis 1993): with W's entries in another order it is the nearest matrix of rank 1.
  ///
  /// Both factors have the same norm. Of a weight of zeros b alone is zero, so that it has a gradient.
  public func represent(
    _ dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let blocks = blocks(shape)
    let (u, s, vt) = try builder.singularValues(try blocks.unfolded(dense, in: &builder))
    let largest = try builder.first(s)
    let share = try builder.oneWhereZero(try builder.squareRoot(largest))
    let a = try builder.multiply(try builder.leading(u, [Dimension(blocks.places), 1]), share)
    let b = try builder.multiply(try builder.leading(vt, [1, Dimension(blocks.size)]), try builder.divide(largest, share))
    return [try blocks.outer(a, in: &builder), try blocks.inner(b, in: &builder)]
  }
  /// Both uniform, with equal variance such that W has the mean square of the dense draw.
  public func initialize(
    dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let blocks = blocks(shape)
    let a = FactorRequest(rows: Dimension(blocks.places), columns: 1, stream: "\(name).a")
    let b = FactorRequest(rows: 1, columns: Dimension(blocks.size), stream: "\(name).b")
    let drawn = try builder.productFactors(like: dense, a, b, shape: shape, key: key)
    return [try blocks.outer(drawn[0], in: &builder), try blocks.inner(drawn[1], in: &builder)]
  }
  public func sides(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Sides? { nil }
  /// Exact where one factor is a single number.
  public func fidelity(rank: Int, shape: WeightShape) -> Fidelity {
    let blocks = blocks(shape)
    return blocks.places == 1 || blocks.size == 1 ? .exact : .truncating
  }
  /// The rank of a Kronecker product is the product of the ranks.
  public func content(rank: Int, shape: WeightShape) -> ContentRanks {
    let blocks = blocks(shape)
    let matrix = min(blocks.rows, blocks.columns) * min(blocks.height, blocks.width)
    let (spread, overflow) = matrix.multipliedReportingOverflow(by: shape.kernelArea)
    return shape.content(matrix: matrix, channels: overflow ? shape.channels : min(shape.channels, spread))
  }
  public func gradientEquations(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> GradientEquations? {
    let (factors, blocks) = (try parameters.named(2), blocks(shape))
    return .blocks(
      blocks, outer: try blocks.column(factors[0], in: &builder), outerParameter: 0, inner: try blocks.row(factors[1], in: &builder),
      innerParameter: 1)
  }
  /// Programs that read exports know no Kronecker products.
  public var deployedForm: any Parameterization { Parameterizations.whole }
  public func deploy(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> [Value] {
    [try reconstruct(parameters, shape: shape, rank: rank, in: &builder)]
  }

  private func blocks(_ shape: WeightShape) -> MatrixBlocks {
    MatrixBlocks(
      shape, rows: divisor(of: shape.inputs, upTo: options.integer("rows")),
      columns: divisor(of: shape.outputs, upTo: options.integer("columns")))
  }
  private func divisor(of count: Int, upTo most: Int?) -> Int {
    let largest = min(count, most ?? Int(Double(max(count, 0)).squareRoot()))
    return stride(from: largest, through: 1, by: -1).first { count % $0 == 0 } ?? 1
  }
}

/// A matrix as rows x columns blocks of height x width each, and the order of its entries in which a Kronecker product has rank 1.
public struct MatrixBlocks: Hashable, Sendable {
  let rows: Int
  let columns: Int
  let height: Int
  let width: Int
  /// How many blocks, and entries of one.
  var places: Int { rows * columns }
  var size: Int { height * width }

  /// Rows and columns of blocks that divide those of the weight.
  init(_ shape: WeightShape, rows: Int, columns: Int) {
    (self.rows, self.columns) = (rows, columns)
    (height, width) = (shape.inputs / max(1, rows), shape.outputs / max(1, columns))
  }

  /// One row for each block, its entries column after column.
  func unfolded(_ matrix: Value, in builder: inout Builder) throws(IRError) -> Value {
    let blocks = try builder.reshape(matrix, to: [rows, height, columns, width].map { Dimension($0) })
    return try builder.reshape(try builder.channelsLast(blocks), to: [Dimension(places), Dimension(size)])
  }
  /// The matrix whose unfolding that is.
  func folded(_ unfolded: Value, in builder: inout Builder) throws(IRError) -> Value {
    let blocks = try builder.reshape(unfolded, to: [rows, columns, width, height].map { Dimension($0) })
    return try builder.reshape(try builder.channelsFirst(blocks), to: [Dimension(rows * height), Dimension(columns * width)])
  }
  /// A number for each block, as a column, and back.
  func column(_ outer: Value, in builder: inout Builder) throws(IRError) -> Value {
    try builder.reshape(outer, to: [Dimension(places), 1])
  }
  func outer(_ column: Value, in builder: inout Builder) throws(IRError) -> Value {
    try builder.reshape(column, to: [Dimension(rows), Dimension(columns)])
  }
  /// A block as the row that it is in the unfolding, and back.
  func row(_ block: Value, in builder: inout Builder) throws(IRError) -> Value {
    try builder.reshape(try builder.transpose(block), to: [1, Dimension(size)])
  }
  func inner(_ row: Value, in builder: inout Builder) throws(IRError) -> Value {
    try builder.transpose(try builder.reshape(row, to: [Dimension(width), Dimension(height)]))
  }
}
