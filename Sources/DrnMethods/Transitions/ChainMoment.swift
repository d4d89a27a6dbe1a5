import DrnIR

/// Optimizer state of a chain of factors, seen densely.
extension FactorChain {
  /// The dense moment of least norm that the moments of the factors come from, where there is one.
  ///
  /// Such a moment lies in the space that the chain can move W in, which is a sum of one space for each factor k, orthogonal to each other:
  /// (I - P_k) (P_(k-1) x I) on the side of the inputs and Q_k on that of the outputs, with P_k the projector on the columns of left_k and
  /// Q_k that on the rows of the product after factor k (Holtz, Rohwedder and Schneider 2012). The moment of factor k, taken
  /// through the pseudo-inverses of both, is the part in its space. Where moments contradict each other the later factor's is met.
  func solve(_ moments: MomentsByParameter, in builder: inout Builder) throws(IRError) -> DenseMoment {
    let (lefts, rights) = (try lefts(in: &builder), try rights(in: &builder))
    var sum: Value?
    var before: PseudoInverse?
    for (index, factor) in factors.enumerated() {
      var part = try moments.moment(factor.parameter)
      if let before { part = try builder.multiplyBlocks(part, places: factor.places, by: before.transposed) }
      if rights.indices.contains(index) {
        let here = try PseudoInverse(ofTall: lefts[index], in: &builder)
        part = try builder.subtract(part, try here.project(part, in: &builder))
        part = try spread(part, over: rights[index], in: &builder)
        before = here
      }
      sum = try sum.map { total throws(IRError) in try builder.add(total, part) } ?? part
    }
    guard let dense = sum else { throw IRError("a chain without factors has no moment") }
    let residual = try residual(of: dense, moments, in: &builder)
    return DenseMoment(value: try scale.map { scale throws(IRError) in try builder.divide(dense, scale) } ?? dense, residual: residual)
  }

  /// Columns of rank taken to everything that stands on the right, in the order of W.
  private func spread(_ part: Value, over right: Right, in builder: inout Builder) throws(IRError) -> Value {
    let rank = builder.type(of: right.value).shape[0]
    let (p, s, qt) = try builder.thinSVD(right.value, k: rank)
    let spectrum = try KeptSpectrum(s, in: &builder)
    let flat = try builder.product([part, try builder.scaleColumns(p, by: spectrum.inverse), qt])
    return try builder.foldBlocks(flat, places: right.places, columns: right.columns)
  }

  private func residual(
    of dense: Value, _ moments: MomentsByParameter, in builder: inout Builder
  ) throws(IRError) -> Value {
    let first = builder.function.operations.count
    guard let product = try lefts(in: &builder).last else { throw IRError("a chain without factors has no gradient") }
    let pulled = try pullBack(of: [product], cotangents: [dense], wrt: factors.map(\.value), in: &builder, from: first)
    var (missed, whole): ([Value], [Value]) = ([], [])
    for (factor, gradient) in zip(factors, pulled) {
      let moment = try moments.moment(factor.parameter)
      missed.append(try builder.subtract(gradient, moment))
      whole.append(moment)
    }
    return try builder.relativeNorm(missed, to: whole)
  }

  /// Each factor gives a mean of the squared gradients for each index of its own axis, weighted by the squared Jacobian; from the first axis
  /// on, the estimate is the geometric mean of what came before and the next factor's means.
  func estimateSquared(_ moments: MomentsByParameter, in builder: inout Builder) throws(IRError) -> Value {
    let (lefts, rights) = (try lefts(in: &builder), try rights(in: &builder))
    var estimate: Value?
    for (index, factor) in factors.enumerated() {
      var means = try sums(try moments.moment(factor.parameter), index, in: &builder)
      if index > 0 { means = try builder.divide(means, bySquaredNormOf: lefts[index - 1]) }
      if rights.indices.contains(index) { means = try builder.divide(means, bySquaredNormOf: rights[index].value) }
      if let scale { means = try builder.divide(means, bySquaredNormOf: scale) }
      guard let before = estimate else { estimate = means; continue }
      estimate = try geometricMeans(before, means, isLast: index == factors.count - 1, in: &builder)
    }
    guard let estimate else { throw IRError("a chain without factors has no estimate") }
    return estimate
  }

  /// Over ranks, for each index of the factor's axis: input channels of the first, outputs of the last, places of the kernel between.
  private func sums(_ moment: Value, _ index: Int, in builder: inout Builder) throws(IRError) -> Value {
    if index == factors.count - 1 { return try builder.sum(moment, axes: [0]) }
    let byRow = try builder.sum(moment, axes: [1])
    if index == 0 { return byRow }
    let places = factors[index].places
    let rank = builder.type(of: factors[index - 1].value).shape[1]
    return try builder.sum(try builder.reshape(byRow, to: [Dimension(places), rank]), axes: [1])
  }

  /// Roots of all products of an index before with one of this axis, this axis outermost, but for the last one: its axis is that of the
  /// columns.
  private func geometricMeans(_ before: Value, _ means: Value, isLast: Bool, in builder: inout Builder) throws(IRError) -> Value {
    let (inner, outer) = (builder.type(of: before).shape[0], builder.type(of: means).shape[0])
    let shape = isLast ? [inner, outer] : [outer, inner]
    let roots = try builder.broadcast(try builder.squareRoot(before), to: shape, axes: [isLast ? 0 : 1])
    let products = try builder.multiply(roots, try builder.broadcast(try builder.squareRoot(means), to: shape, axes: [isLast ? 1 : 0]))
    guard !isLast, let count = inner.value, let places = outer.value else { return products }
    return try builder.reshape(products, to: [Dimension(count * places)])
  }
}

/// The pseudo-inverse of a matrix with rank columns.
struct PseudoInverse {
  /// Transposed, so that it has the shape of the matrix.
  let transposed: Value
  /// Orthonormal columns that span those of the matrix, zero where it has none.
  private let basis: Value

  /// Rows of zeros make the matrix as tall as wide whatever its rank; they change no singular value.
  init(ofTall matrix: Value, in builder: inout Builder) throws(IRError) {
    let shape = builder.type(of: matrix).shape
    let tall = try builder.concatenate([matrix, try builder.constant(0, shape: [shape[1], shape[1]])], axis: 0)
    let (q, s, pt) = try builder.thinSVD(tall, k: shape[1])
    let spectrum = try KeptSpectrum(s, in: &builder)
    let columns = try builder.leading(q, shape)
    basis = try builder.scaleColumns(columns, by: try builder.multiply(spectrum.kept, spectrum.inverse))
    transposed = try builder.matmul(try builder.scaleColumns(columns, by: spectrum.inverse), pt)
  }

  /// The part of each column that lies among the columns of the matrix.
  func project(_ operand: Value, in builder: inout Builder) throws(IRError) -> Value {
    try builder.product([basis, basis, operand], transposes: [false, true, false])
  }
}
