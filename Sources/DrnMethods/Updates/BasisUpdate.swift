import DrnIR

/// Moves the bases of a `core` weight with it: the K, L and S steps of dynamical low-rank training at a fixed rank.
///
/// W = u s v. With K = u s and L = s v, two evaluations at W take the gradients by K between (K, v) and by L between (u, L), and the inner
/// update steps both; the new bases are orthonormal ones of the columns of K and the rows of L. s is projected on them, which at a fixed
/// rank is no exact change, and the third evaluation, of which loss and all other weights' gradients are taken, steps it there. On a core
/// whose bases are frozen it is the inner update of s.
///
/// The published codes keep the moments of K and L as they are though K and L are made anew in every step. Here they turn with the
/// coordinates they are in, K's with v and L's with u, those of s with both: m = M m N, and for squared gradients (M sqrt(v) N)^2.
public struct BasisUpdate: Update {
  public static let spec = MethodSpec(
    "basis_update", summary: "Steps the bases of `core` with its core: K and L steps, new bases, then an S step between them.",
    source: "DLRT, Schotthoefer et al. 2022, arXiv 2205.13571, the step at fixed rank as in the authors' code",
    options: [.innerUpdate("The update that steps K, L and s.", among: Updates.ofSubspaces.map { $0.spec })], positional: 1)
  public let options: Options
  let inner: any DirectionalUpdate

  public init(options: Options) {
    self.options = options
    inner = options.innerUpdate
  }
  public var slots: [SlotSpec] { [] }
  public var keepsState: Bool { inner.keepsState }
  public var countsUpdates: Bool { inner.countsUpdates }
  public var gradientEvaluations: Int { 3 }
  public var pointless: [PointlessOption] { inner.pointless }
  public var baseline: any Update { inner }

  public func obstacle(_ form: any Parameterization, _ shape: WeightShape) -> UpdateObstacle? {
    guard form.core(shape) == nil else { return nil }
    return UpdateObstacle(
      "moves the bases of a `core`, and this weight is `\(form.word)`",
      help: "write `core(rank: ..., bases: moving)`, or take another update")
  }
  public func moves(_ parameter: ParameterSpec, of form: any Parameterization) -> Bool {
    parameter.isTrainable || form.hasMovingBases
  }
  public func evaluations(of part: UpdatedPart) -> Int { part.moved.count == 3 ? 3 : 1 }
  public func view(_ evaluation: Int, of part: UpdatedPart) -> PartView {
    guard part.moved.count == 3, evaluation < 2, let weight = part.weight else { return PartView(asked: part.weight == nil ? [0] : [1]) }
    // Two factors: with s in the left one, K and v; with s in the right one, u and L.
    let factors = WeightInForm(form: weight.form.deployedForm, shape: weight.shape, rank: weight.rank)
    return PartView(form: factors, asked: [evaluation])
  }
  public func state(of part: UpdatedPart) -> [StateSpec] {
    guard part.moved.count == 3 else { return inner.state(of: part) }
    return part.moved.flatMap { tensor in
      inner.slots.map { StateSpec(tensor: tensor.name, slot: SlotSpec($0.name, .own), shape: tensor.shape) }
    }
  }
  public func begin(_ part: UpdatedPart, _ step: inout StepContext) throws(IRError) -> any PartUpdate {
    guard part.moved.count == 3 else { return try inner.begin(part, &step) }
    return KLSStep(inner: inner, part: part, values: try step.values(of: part))
  }
}

/// The three steps of one weight.
private struct KLSStep: PartUpdate {
  let inner: any DirectionalUpdate
  let part: UpdatedPart
  /// u, s and v at the beginning.
  let values: [Value]
  private var k: Value?
  private var l: Value?
  /// The bases after their steps, and s seen from them.
  private var turned: Turned?

  private struct Turned {
    let u: Value
    let v: Value
    let s: Value
    /// u_new^T u_old, and v_old v_new^T.
    let left: Value
    let right: Value
  }

  init(inner: any DirectionalUpdate, part: UpdatedPart, values: [Value]) {
    self.inner = inner
    self.part = part
    self.values = values
  }

  mutating func stand(_ evaluation: Int, _ step: inout StepContext) throws(IRError) -> [[Value]] {
    let (u, s, v) = (values[0], values[1], values[2])
    switch evaluation {
    case 0:
      let product = try step.builder.matmul(u, s)
      k = product
      return [[product, v]]
    case 1:
      let product = try step.builder.matmul(s, v)
      l = product
      return [[u, product]]
    case _:
      let turned = try turn(&step)
      return [[turned.u, turned.s, turned.v]]
    }
  }

  mutating func absorb(_ gradients: PartGradients, _ evaluation: Int, _ step: inout StepContext) throws(IRError) {
    guard let gradient = gradients.mean.first else { throw IRError("\(part.name) has no gradient") }
    switch evaluation {
    case 0: k = try moved(k, by: gradient, slotsOf: 0, &step)
    case 1: l = try moved(l, by: gradient, slotsOf: 2, &step)
    case _:
      guard let turned else { throw IRError("\(part.name) has no bases to step between") }
      let s = try moved(turned.s, by: gradient, slotsOf: 1, &step)
      for (tensor, value) in zip(part.tensors, [turned.u, s, turned.v]) { step.set(tensor.name, to: value) }
    }
  }

  /// A matrix after the inner update's step, its slots those of one of the part's tensors.
  private func moved(
    _ matrix: Value?, by gradient: Value, slotsOf index: Int, _ step: inout StepContext
  ) throws(IRError) -> Value {
    guard let matrix else { throw IRError("\(part.name) is stepped before it stands anywhere") }
    let tensor = part.tensors[index]
    let moved = MovedTensor(name: tensor.name, value: matrix, decay: tensor.decay, updates: try step.updates(of: part))
    return try step.moved(matrix, along: try inner.decayedDirection(gradient, moved, &step), by: try step.rate())
  }

  /// New bases from K and L after their steps, and everything that lies in the old ones turned into them.
  private mutating func turn(_ step: inout StepContext) throws(IRError) -> Turned {
    guard let k, let l else { throw IRError("\(part.name) has no K and L") }
    let (rank, b) = (step.builder.type(of: values[1]).shape[0], values)
    let u = try step.builder.basis(k, k: rank)
    let v = try step.builder.transpose(try step.builder.basis(try step.builder.transpose(l), k: rank))
    let left = try step.builder.matmul(u, b[0], transposeLeft: true)
    let right = try step.builder.matmul(b[2], v, transposeRight: true)
    let turned = Turned(u: u, v: v, s: try step.builder.product([left, b[1], right]), left: left, right: right)
    self.turned = turned
    for slot in inner.slots {
      // K lies in the frame of v, L in that of u; both slots hold what their steps left, that of s what it had.
      let factors: [(Value?, Value?)] = [(nil, right), (left, right), (left, nil)]
      for (index, factors) in factors.enumerated() {
        let name = "\(part.tensors[index].name)/\(slot.name)"
        let moment = index == 1 ? try step.value(name) : try step.result(name)
        let value = try self.turned(moment, slot.law, left: factors.0, right: factors.1, &step.builder)
        if index == 1 { step.replace(name, with: value) } else { step.set(name, to: value) }
      }
    }
    return turned
  }

  /// left m right, either of which may be missing; for squared gradients by way of their roots.
  private func turned(
    _ moment: Value, _ law: StateLaw, left: Value?, right: Value?, _ builder: inout Builder
  ) throws(IRError) -> Value {
    var value = law == .squaredGradient ? try builder.squareRoot(moment) : moment
    if let left { value = try builder.matmul(left, value) }
    if let right { value = try builder.matmul(value, right) }
    return law == .squaredGradient ? try builder.square(value) : value
  }
}
