import DrnIR

/// Steps dense weights within a subspace of their gradients: W moves in full, but the optimizer's state has the size of the subspace.
///
/// The short side is projected. For W of m x n, m <= n: R = P^T G with P the r leading left singular vectors of a gradient, the inner
/// update's direction N is taken from R, and W = W - rate scale P N; else R = G P with right singular vectors and W = W - rate scale N P^T.
/// P is renewed from the gradient of the batch at hand, first before the first step and then every `refresh`. Decoupled weight decay acts
/// on all of W, decay in the gradient on what is seen of it.
///
/// Of the moments at a renewal the paper says nothing and its code leaves them as they are, which is `transport: keep`. With
/// `transport: project` they are turned into the new subspace: m = C m and v = (C o C) v for C = P_new^T P_old, which keeps v from being
/// negative. Departure: convolutions are projected as matrices of patches x outputs, which the published code does not do.
public struct LowRankGradient: RenewingUpdate {
  public static let spec = MethodSpec(
    "low_rank_gradient", summary: "Dense weights whose gradients and optimizer state live in a subspace that is renewed now and then.",
    source: "GaLore, Zhao et al. 2024, arXiv 2403.03507, algorithm 2",
    options: [
      .innerUpdate("The update that steps within the subspace.", among: Updates.ofSubspaces.map { $0.spec }),
      OptionSpec("rank", .rank, required: true, "The dimension of the subspace."),
      OptionSpec("refresh", .duration, default: .duration(Duration(.step, 200)), "The steps from one renewal of the subspace to the next."),
      OptionSpec("scale", .number(1e-6...1e6), default: .integer(1), "Multiplies the step; 0.25 in the paper's pre-training."),
      OptionSpec(
        "transport", .word(["project", "keep"]), default: .word("project"),
        "What becomes of the moments at a renewal: turned into the new subspace, or left as they are."),
    ], positional: 1)
  public let options: Options
  let inner: any DirectionalUpdate
  let rule: RankRule
  let scale: Double
  let projectsMoments: Bool
  public let renewalPeriod: Duration

  public init(options: Options) {
    self.options = options
    inner = options.innerUpdate
    rule = options.rank("rank") ?? .full
    scale = options.number("scale") ?? 1
    projectsMoments = options.word("transport") != "keep"
    renewalPeriod = options.duration("refresh") ?? Duration(.step, 200)
  }

  public var slots: [SlotSpec] { [] }
  public var keepsState: Bool { true }
  /// A renewal is due after so many updates.
  public var countsUpdates: Bool { true }
  public var gradientEvaluations: Int { 1 }
  public var pointless: [PointlessOption] { inner.pointless }
  public var baseline: any Update { inner }

  /// The dimension of the subspace for a weight; `nil` where the rule gives none from 1 to the short side.
  func rank(_ shape: WeightShape) -> Int? {
    rule.resolve(shape, current: nil).flatMap { (1...max(1, shape.shortSide)).contains($0) ? $0 : nil }
  }

  public func obstacle(_ form: any Parameterization, _ shape: WeightShape) -> UpdateObstacle? {
    guard !form.isReparameterized else {
      return UpdateObstacle("steps dense weights, and this one is `\(form.word)`", help: "leave the weight dense, or take another update")
    }
    guard rank(shape) == nil else { return nil }
    return UpdateObstacle(
      "needs a rank from 1 to \(shape.shortSide), the short side of the weight", help: "state `rank: 1/4 of short_side`, for instance")
  }

  /// Where the subspace lies: in the columns of a gradient that is wider than high.
  private func spans(_ shape: WeightShape) -> MatrixVectors { shape.inputs <= shape.outputs ? .columns : .rows }

  public func state(of part: UpdatedPart) -> [StateSpec] {
    guard let shape = part.weight?.shape, let tensor = part.moved.first, let rank = rank(shape) else { return inner.state(of: part) }
    let seen =
      spans(shape) == .columns ? [Dimension(rank), Dimension(shape.outputs)] : [Dimension(shape.inputs), Dimension(rank)]
    let basis = StateSpec(
      tensor: tensor.name, slot: SlotSpec(Self.basis, .own), shape: [Dimension(shape.shortSide), Dimension(rank)])
    return [basis] + inner.slots.map { StateSpec(tensor: tensor.name, slot: SlotSpec($0.name, .own), shape: seen) }
  }
  fileprivate static let basis = "basis"

  public func begin(_ part: UpdatedPart, _ step: inout StepContext) throws(IRError) -> any PartUpdate {
    guard let shape = part.weight?.shape, let tensor = part.moved.first, rank(shape) != nil else { return try inner.begin(part, &step) }
    return InSubspace(update: self, part: part, tensor: tensor, spans: spans(shape), basis: try step.value("\(tensor.name)/\(Self.basis)"))
  }

  public func renew(_ part: UpdatedPart, gradients: [Value], _ step: inout StepContext) throws(IRError) {
    guard let shape = part.weight?.shape, let tensor = part.moved.first, let rank = rank(shape), let gradient = gradients.first else {
      return
    }
    let name = "\(tensor.name)/\(Self.basis)"
    let (old, spans) = (try step.value(name), spans(shape))
    let (u, s, vt) = try step.builder.singularValues(gradient)
    let side = Dimension(shape.shortSide)
    let vectors = spans == .columns ? u : try step.builder.transpose(vt)
    let new = try step.builder.leading(vectors, [side, Dimension(rank)])
    step.set(name, to: new)
    if projectsMoments {
      let turn = try step.builder.matmul(new, old, transposeLeft: true)
      for slot in inner.slots {
        let name = "\(tensor.name)/\(slot.name)"
        let factor = slot.law == .squaredGradient ? try step.builder.square(turn) : turn
        let moment = try step.value(name)
        let turned =
          spans == .columns
          ? try step.builder.matmul(factor, moment) : try step.builder.matmul(moment, factor, transposeRight: true)
        step.set(name, to: turned)
      }
    }
    step.report("gradient_residual/\(part.name)", try residual(s, rank: rank, in: &step.builder))
  }

  /// The share of the gradient's norm that the subspace leaves out.
  private func residual(_ singularValues: Value, rank: Int, in builder: inout Builder) throws(IRError) -> Value {
    guard let count = builder.type(of: singularValues).shape[0].value, count > rank else { return try builder.constant(0) }
    let tail = try builder.slice(singularValues, starts: [Dimension(rank)], sizes: [Dimension(count - rank)])
    return try builder.relativeNorm(tail, to: singularValues)
  }
}

/// One weight's step: the gradient is seen through the basis, and what the inner update makes of it is taken back.
private struct InSubspace: PartUpdate {
  let update: LowRankGradient
  let part: UpdatedPart
  let tensor: UpdatedPart.Tensor
  let spans: MatrixVectors
  let basis: Value

  func stand(_ evaluation: Int, _ step: inout StepContext) throws(IRError) -> [[Value]] { [try step.values(of: part)] }
  func projection(_ evaluation: Int) -> GradientProjection? { GradientProjection(basis: basis, spans: spans) }

  func absorb(_ gradients: PartGradients, _ evaluation: Int, _ step: inout StepContext) throws(IRError) {
    guard let seen = gradients.mean.first else { throw IRError("\(part.name) has no gradient") }
    let whole = try step.tensor(tensor, of: part)
    let decaysInside = update.inner.decayPlace == .gradient && tensor.decay != 0
    let value = decaysInside ? try step.builder.projected(whole.value, on: basis, spans) : whole.value
    let within = MovedTensor(name: tensor.name, value: value, decay: decaysInside ? tensor.decay : 0, updates: whole.updates)
    let direction = try update.inner.decayedDirection(seen, within, &step)
    let back =
      spans == .columns
      ? try step.builder.matmul(basis, direction) : try step.builder.matmul(direction, basis, transposeRight: true)
    var length = update.scale == 1 ? back : try step.builder.scale(back, by: update.scale)
    if !decaysInside { length = try step.addingDecay(of: whole, to: length) }
    step.set(tensor.name, to: try step.moved(whole.value, along: length, by: try step.rate()))
    step.set("\(tensor.name)/\(LowRankGradient.basis)", to: basis)
  }
}

extension Builder {
  /// P^T M for a basis of columns, M P for one of rows.
  public mutating func projected(_ matrix: Value, on basis: Value, _ spans: MatrixVectors) throws(IRError) -> Value {
    spans == .columns ? try matmul(basis, matrix, transposeLeft: true) : try matmul(matrix, basis)
  }
}
