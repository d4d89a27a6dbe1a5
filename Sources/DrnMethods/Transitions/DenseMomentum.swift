import DrnIR

/// Directions whose singular value is below this share of the largest one say nothing about the dense moment: in single precision the
/// decomposition itself is off by about 1e-7, which dividing by the value would blow up.
private let negligible = 1e-5

/// The dense moment that fits the moments of a form's trained parameters, and how well it fits.
struct DenseMoment {
  let value: Value
  /// The Frobenius norm of what the fit leaves over, relative to that of the moments; 0 where every equation can be met.
  let residual: Value
}

/// Moments of trained parameters, by index of the parameter in its form.
typealias MomentsByParameter = [Int: Value]

extension GradientEquations {
  /// The dense moment of least norm among those of least squared residual; of a chain, where its equations can be met.
  func solve(_ moments: MomentsByParameter, in builder: inout Builder) throws(IRError) -> DenseMoment {
    switch self {
    case .whole(let parameter):
      return DenseMoment(value: try moments.moment(parameter), residual: try builder.constant(0))
    case .projected(let left, let right, let parameter):
      // Orthonormal bases: left^T (left S right) right^T = S, met exactly, and nothing outside the bases.
      let dense = try builder.product([left, try moments.moment(parameter), right])
      return DenseMoment(value: dense, residual: try builder.constant(0))
    case .twoSided(let left, let leftParameter, let right, let rightParameter):
      let moments = (left: try moments.moment(leftParameter), right: try moments.moment(rightParameter))
      var system = TwoSidedSystem(left: left, right: right, leftMoment: moments.left, rightMoment: moments.right)
      return try system.solve(in: &builder)
    case .chain(let chain): return try chain.solve(moments, in: &builder)
    case .blocks(let blocks, let outer, let outerParameter, let inner, let innerParameter):
      let unfolded = try blocks.unfolded(moments, outerParameter, innerParameter, in: &builder)
      let sides = GradientEquations.twoSided(left: outer, leftParameter: outerParameter, right: inner, rightParameter: innerParameter)
      let moment = try sides.solve(unfolded, in: &builder)
      return DenseMoment(value: try blocks.folded(moment.value, in: &builder), residual: moment.residual)
    case .diagonal(let derivatives, let inner): return try inner.solve(try moments.divided(by: derivatives, in: &builder), in: &builder)
    }
  }

  /// A non-negative estimate of dense squared gradients from those of the parameters: averages weighted by the squared Jacobian.
  ///
  /// Two-sided forms give a mean for each row and one for each column of W; the estimate is their geometric mean, exact where all entries
  /// are equal. A core gives a weighted mean of the entries of s for each entry of W.
  func estimateSquared(_ moments: MomentsByParameter, in builder: inout Builder) throws(IRError) -> Value {
    switch self {
    case .whole(let parameter): return try moments.moment(parameter)
    case .projected(let left, let right, let parameter):
      let (left, right) = (try builder.square(left), try builder.square(right))
      let spread = try builder.product([left, try moments.moment(parameter), right])
      let byRow = try builder.reciprocal(try builder.oneWhereZero(try builder.sum(left, axes: [1])))
      let byColumn = try builder.reciprocal(try builder.oneWhereZero(try builder.sum(right, axes: [0])))
      return try builder.scaleColumns(try builder.scaleRows(spread, by: byRow), by: byColumn)
    case .twoSided(let left, let leftParameter, let right, let rightParameter):
      // Weighted by the squared factor of the other side.
      let rows = try builder.divide(try builder.sum(try moments.moment(leftParameter), axes: [1]), bySquaredNormOf: right)
      let columns = try builder.divide(try builder.sum(try moments.moment(rightParameter), axes: [0]), bySquaredNormOf: left)
      let shape = [builder.type(of: left).shape[0], builder.type(of: right).shape[1]]
      let roots = try builder.broadcast(try builder.squareRoot(rows), to: shape, axes: [0])
      return try builder.scaleColumns(roots, by: try builder.squareRoot(columns))
    case .chain(let chain): return try chain.estimateSquared(moments, in: &builder)
    case .blocks(let blocks, let outer, let outerParameter, let inner, let innerParameter):
      let unfolded = try blocks.unfolded(moments, outerParameter, innerParameter, in: &builder)
      let sides = GradientEquations.twoSided(left: outer, leftParameter: outerParameter, right: inner, rightParameter: innerParameter)
      return try blocks.folded(try sides.estimateSquared(unfolded, in: &builder), in: &builder)
    case .diagonal(let derivatives, let inner):
      var squares: [Int: Value] = [:]
      for (index, derivative) in derivatives.sorted(by: { $0.key < $1.key }) { squares[index] = try builder.square(derivative) }
      return try inner.estimateSquared(try moments.divided(by: squares, in: &builder), in: &builder)
    }
  }
}

extension MatrixBlocks {
  /// The moments of both factors of a Kronecker product as a column and a row.
  fileprivate func unfolded(
    _ moments: MomentsByParameter, _ outer: Int, _ inner: Int, in builder: inout Builder
  ) throws(IRError) -> MomentsByParameter {
    [outer: try column(try moments.moment(outer), in: &builder), inner: try row(try moments.moment(inner), in: &builder)]
  }
}

extension MomentsByParameter {
  /// Over derivatives that are nowhere negative; zero where a derivative is.
  fileprivate func divided(by derivatives: [Int: Value], in builder: inout Builder) throws(IRError) -> MomentsByParameter {
    var moments: MomentsByParameter = [:]
    for (index, derivative) in derivatives.sorted(by: { $0.key < $1.key }) {
      let isKnown = try builder.greater(derivative, try builder.constant(0))
      let quotient = try builder.divide(try moment(index), try builder.oneWhereZero(derivative))
      moments[index] = try builder.multiply(quotient, isKnown)
    }
    return moments
  }

  func moment(_ parameter: Int) throws(IRError) -> Value {
    guard let value = self[parameter] else { throw IRError("parameter \(parameter) has no moment") }
    return value
  }
}

/// Minimizes |M right^T - A|^2 + |left^T M - B|^2 and then |M|^2, in the singular bases of left and right.
///
/// With left = Qu Su Pu^T and right^T = Qv Sv Pv^T the part of M inside both spans is X_ij = (sv_j a_ij + su_i b_ij) / (sv_j^2 + su_i^2),
/// a = Qu^T A Pv and b = Pu^T B Qv; outside the span of left it is A Pv / sv_j, outside that of right Pu^T B / su_i, outside both zero.
private struct TwoSidedSystem {
  let left: Value
  let right: Value
  let leftMoment: Value
  let rightMoment: Value

  mutating func solve(in builder: inout Builder) throws(IRError) -> DenseMoment {
    let inner = builder.type(of: left).shape[1]
    let (qu, su, put) = try builder.thinSVD(left, k: inner)
    let (pv, sv, qvt) = try builder.thinSVD(right, k: inner)
    let rows = try KeptSpectrum(su, in: &builder)
    let columns = try KeptSpectrum(sv, in: &builder)
    let fromLeft = try builder.matmul(leftMoment, pv)
    let fromRight = try builder.matmul(put, rightMoment)
    let a = try builder.matmul(qu, fromLeft, transposeLeft: true)
    let b = try builder.matmul(fromRight, qvt, transposeRight: true)

    let inside = try builder.product([qu, try insideSpans(a, b, rows, columns, in: &builder), qvt])
    let belowLeft = try builder.subtract(fromLeft, try builder.matmul(qu, a))
    let outsideLeft = try builder.matmul(try builder.scaleColumns(belowLeft, by: columns.inverse), qvt)
    let besideRight = try builder.subtract(fromRight, try builder.matmul(b, qvt))
    let outsideRight = try builder.matmul(qu, try builder.scaleRows(besideRight, by: rows.inverse))
    let dense = try builder.add(try builder.add(inside, outsideLeft), outsideRight)
    return DenseMoment(value: dense, residual: try residual(of: dense, in: &builder))
  }

  private func insideSpans(
    _ a: Value, _ b: Value, _ rows: KeptSpectrum, _ columns: KeptSpectrum, in builder: inout Builder
  ) throws(IRError) -> Value {
    let shape = builder.type(of: a).shape
    // Relative to the largest of both, whose squares are in range.
    let largest = try builder.oneWhereZero(try builder.maximum(try builder.first(rows.kept), try builder.first(columns.kept)))
    let (rows, columns) = (try builder.divide(rows.kept, largest), try builder.divide(columns.kept, largest))
    let weighted = try builder.add(try builder.scaleColumns(a, by: columns), try builder.scaleRows(b, by: rows))
    let bySquares = try builder.add(
      try builder.broadcast(try builder.square(rows), to: shape, axes: [0]),
      try builder.broadcast(try builder.square(columns), to: shape, axes: [1]))
    return try builder.divide(try builder.divide(weighted, try builder.oneWhereZero(bySquares)), largest)
  }

  private func residual(of dense: Value, in builder: inout Builder) throws(IRError) -> Value {
    let first = try builder.subtract(try builder.matmul(dense, right, transposeRight: true), leftMoment)
    let second = try builder.subtract(try builder.matmul(left, dense, transposeLeft: true), rightMoment)
    return try builder.relativeNorm([first, second], to: [leftMoment, rightMoment])
  }
}

/// Singular values with the negligible ones replaced by zero, and their reciprocals with zero for those.
struct KeptSpectrum {
  let kept: Value
  let inverse: Value

  init(_ values: Value, in builder: inout Builder) throws(IRError) {
    let least = try builder.scale(try builder.first(values), by: negligible)
    let isKept = try builder.greater(values, least)
    kept = try builder.multiply(values, isKept)
    inverse = try builder.divide(isKept, try builder.oneWhereZero(kept))
  }
}
