import DrnIR

/// Steps dense weights within a subspace of their gradients: W moves in full, but the optimizer's state has the size of the subspace.
///
/// The short side is projected. For W of m x n, m <= n: R = P^T G with P the r leading left singular vectors of a gradient, the inner
/// update's direction N is taken from R, and W = W - rate scale P N; else R = G P with right singular vectors and W = W - rate scale N P^T.
/// P is renewed from the gradient of the batch at hand, first before the first step and then every `refresh`. Decoupled weight decay acts
/// on all of W, decay in the gradient on what is seen of it.
///
/// With a `rank: energy(x)` the dimension is the least that keeps that share of the squared norm of the gradient, found at every renewal, as
/// AdaRankGrad has it (arXiv 2410.17881); of two readings of its notes the one that makes sense, as the largest such dimension would be all.
/// With `converged: x` a renewal comes where the norm of the gradient within the subspace has fallen to that share of what it was at the
/// first update in it, and at the latest after `refresh`. What that paper sets for either is not known.
///
/// Of the moments at a renewal the paper says nothing and its code leaves them as they are, which is `transport: keep`. With
/// `transport: project` they are turned into the new subspace: m = C m and v = (C o C) v for C = P_new^T P_old, which keeps v from being
/// negative. Departure: convolutions are projected as matrices of patches x outputs, which the published code does not do.
public struct LowRankGradient: RenewingUpdate, AdaptiveUpdate {
  public static let spec = MethodSpec(
    "low_rank_gradient", summary: "Dense weights whose gradients and optimizer state live in a subspace that is renewed now and then.",
    source: "GaLore, Zhao et al. 2024, arXiv 2403.03507, algorithm 2; ranks that follow the gradient: AdaRankGrad, arXiv 2410.17881",
    options: [
      .innerUpdate("The update that steps within the subspace.", among: Updates.ofSubspaces.map { $0.spec }),
      OptionSpec(
        "rank", .rank, required: true,
        "The dimension of the subspace; of `energy(0.8)` the least that keeps this share of the gradient's squared norm."),
      OptionSpec("at_least", .integer(1...1_000_000), "The least dimension of one that follows the gradient; 1 where it is not set."),
      OptionSpec("at_most", .rank, "The largest dimension of one that follows the gradient; half of the short side where it is not set."),
      OptionSpec(
        "refresh", .duration, default: .duration(Duration(.step, 200)), "The most steps from one renewal of the subspace to the next."),
      OptionSpec(
        "converged", .number(1e-6...1),
        "Renew as soon as the norm of the gradient within the subspace is this share of what it was at first, or less."),
      OptionSpec("at_earliest", .duration, "With `converged`, the least steps from one renewal to the next; 1 where it is not set."),
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
  let convergence: Double?
  /// In steps.
  let earliest: Int
  private let least: Int
  private let most: RankRule
  /// The dimension of the subspace where it changes while training.
  private var boundRank: Dimension?

  public init(options: Options) {
    self.options = options
    inner = options.innerUpdate
    rule = options.rank("rank") ?? .full
    least = options.integer("at_least") ?? 1
    most = options.rank("at_most") ?? .fraction(numerator: 1, denominator: 2, of: .shortSide)
    convergence = options.number("converged")
    earliest = options.duration("at_earliest")?.value ?? 1
    scale = options.number("scale") ?? 1
    projectsMoments = options.word("transport") != "keep"
    renewalPeriod = options.duration("refresh") ?? Duration(.step, 200)
  }

  public var slots: [SlotSpec] { [] }
  public var keepsState: Bool { true }
  /// A renewal is due after so many updates.
  public var countsUpdates: Bool { true }
  public var gradientEvaluations: Int { 1 }
  public var pointless: [PointlessOption] {
    let unread = ["at_least", "at_most"].filter { !isAdaptive && options[$0] != nil }
    return inner.pointless + unread.map { PointlessOption($0, "bounds a rank that is stated") }
      + (convergence == nil && options["at_earliest"] != nil
        ? [PointlessOption("at_earliest", "says when `converged` may renew, which is not set")] : [])
  }
  public var baseline: any Update { inner }
  var isAdaptive: Bool { rule.isDecidedAlone }

  /// The dimensions of the subspace for a weight, one where it is stated; `nil` where there is none from 1 to the short side.
  private func ranks(_ shape: WeightShape) -> ClosedRange<Int>? {
    let largest = max(1, shape.shortSide)
    guard isAdaptive else {
      return rule.resolve(shape, current: nil).flatMap { (1...largest).contains($0) ? $0...$0 : nil }
    }
    guard let most = most.resolve(shape, current: nil), (1...largest).contains(most), least <= most else { return nil }
    return least...most
  }
  /// The dimension of the subspace of a weight.
  func rank(_ shape: WeightShape) -> Dimension? { ranks(shape).map { boundRank ?? Dimension($0.upperBound) } }
  private static let extent = "gradient_rank"
  public func extents(of form: any Parameterization, _ shape: WeightShape) -> [ExtentSpec] {
    guard isAdaptive, !form.isReparameterized, let ranks = ranks(shape) else { return [] }
    return [ExtentSpec(Self.extent, initial: ranks.upperBound, bounds: ranks)]
  }
  public func bound(to extents: [String: Dimension]) -> any Update {
    var copy = self
    copy.boundRank = extents[Self.extent]
    return copy
  }

  public func obstacle(_ form: any Parameterization, _ shape: WeightShape) -> UpdateObstacle? {
    guard !form.isReparameterized else {
      return UpdateObstacle("steps dense weights, and this one is `\(form.word)`", help: "leave the weight dense, or take another update")
    }
    guard ranks(shape) == nil else { return nil }
    guard !isAdaptive else {
      return UpdateObstacle(
        "needs ranks from `at_least` to `at_most` within 1 to \(shape.shortSide), the short side of the weight",
        help: "state `at_most: 1/4 of short_side`, for instance")
    }
    return UpdateObstacle(
      "needs a rank from 1 to \(shape.shortSide), the short side of the weight", help: "state `rank: 1/4 of short_side`, for instance")
  }

  /// Where the subspace lies: in the columns of a gradient that is wider than high.
  private func spans(_ shape: WeightShape) -> MatrixVectors { shape.inputs <= shape.outputs ? .columns : .rows }

  public func state(of part: UpdatedPart) -> [StateSpec] {
    guard let shape = part.weight?.shape, let tensor = part.moved.first, let rank = rank(shape) else { return inner.state(of: part) }
    let seen = spans(shape) == .columns ? [rank, Dimension(shape.outputs)] : [Dimension(shape.inputs), rank]
    func state(_ name: String, _ shape: [Dimension]) -> StateSpec {
      StateSpec(tensor: tensor.name, slot: SlotSpec(name, .own), shape: shape)
    }
    return [state(Self.basis, [Dimension(shape.shortSide), rank])] + inner.slots.map { state($0.name, seen) }
      + (isAdaptive ? [state(Self.spectrum, [Dimension(shape.shortSide)])] : [])
      + (convergence == nil ? [] : Watch.allCases.map { state($0.rawValue, [1]) })
  }
  fileprivate static let basis = "basis"
  fileprivate static let spectrum = "gradient_spectrum"
  /// What is kept to see whether progress within the subspace has converged.
  fileprivate enum Watch: String, CaseIterable {
    /// Updates since the renewal.
    case since = "updates_in_subspace"
    /// The norm of the projected gradient at the first of them.
    case first = "first_norm"
    /// 1 where a renewal is due.
    case due = "renewal_due"
  }
  public func renewalTrigger(of part: UpdatedPart) -> RenewalTrigger? {
    guard convergence != nil, renews(part), let tensor = part.moved.first else { return nil }
    return RenewalTrigger(due: "\(tensor.name)/\(Watch.due.rawValue)", since: "\(tensor.name)/\(Watch.since.rawValue)")
  }
  public func renews(_ part: UpdatedPart) -> Bool { part.weight.flatMap { ranks($0.shape) } != nil }

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
    let new = try step.builder.leading(vectors, [side, rank])
    step.set(name, to: new)
    if isAdaptive { step.set("\(tensor.name)/\(Self.spectrum)", to: s) }
    if convergence != nil {
      for watch in Watch.allCases { step.set("\(tensor.name)/\(watch.rawValue)", to: try step.builder.constant(0, shape: [1])) }
    }
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
  private func residual(_ singularValues: Value, rank: Dimension, in builder: inout Builder) throws(IRError) -> Value {
    guard let rank = rank.value else {
      let kept = try builder.relativeNorm(try builder.leading(singularValues, [rank]), to: singularValues)
      let rest = try builder.subtract(try builder.constant(1), try builder.square(kept))
      return try builder.squareRoot(try builder.maximum(rest, try builder.constant(0)))
    }
    guard let count = builder.type(of: singularValues).shape[0].value, count > rank else { return try builder.constant(0) }
    let tail = try builder.slice(singularValues, starts: [Dimension(rank)], sizes: [Dimension(count - rank)])
    return try builder.relativeNorm(tail, to: singularValues)
  }
}

extension LowRankGradient {
  public func adjustmentPeriod(of part: UpdatedPart) -> AdjustmentPeriod? { isAdaptive && renews(part) ? .renewal : nil }
  public func bounds(rank: ClosedRange<Int>, of form: any Parameterization, shape: WeightShape) -> ClosedRange<Int> { rank }
  public var renewsWider: Bool { true }
  public func measurements(of part: UpdatedPart) -> [String] { part.moved.prefix(1).map { "\($0.name)/\(Self.spectrum)" } }

  public func adjusted(
    _ part: UpdatedPart, at extents: WeightExtents<Int>, measured: [String: [Float]]
  ) -> [WeightExtents<Int>] {
    guard let shape = part.weight?.shape, let ranks = ranks(shape), let spectrum = measured.values.first, spectrum.allSatisfy(\.isFinite),
      let rank = rule.choose(singularValues: spectrum.map { max(0, Double($0)) }.sorted(by: >))
    else { return [] }
    let chosen = min(max(rank, ranks.lowerBound), ranks.upperBound)
    return chosen == extents.others[Self.extent] ? [] : [WeightExtents(rank: extents.rank, others: [Self.extent: chosen])]
  }

  /// The weight stays; the basis and the moments lose their last directions, or get zeros until the renewal that follows.
  public func change(_ change: ExtentChange, in builder: inout Builder) throws(IRError) -> ChangedPart {
    var state: [String: Value] = [:]
    for spec in self.state(of: change.new) {
      guard let old = change.state[spec.name] else { continue }
      let shape = builder.type(of: old).shape
      if shape == spec.shape {
        state[spec.name] = old
      } else if change.direction == .up {
        state[spec.name] = try builder.pad(old, starts: shape.map { _ in 0 }, shape: spec.shape)
      } else {
        state[spec.name] = try builder.leading(old, spec.shape)
      }
    }
    return ChangedPart(parameters: change.parameters, state: state)
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
    if update.isAdaptive {
      let spectrum = "\(tensor.name)/\(LowRankGradient.spectrum)"
      step.set(spectrum, to: try step.value(spectrum))
    }
    if let convergence = update.convergence { try watch(seen, convergence, &step) }
  }

  /// Whether the gradient within the subspace has become small.
  private func watch(_ seen: Value, _ convergence: Double, _ step: inout StepContext) throws(IRError) {
    func name(_ watch: LowRankGradient.Watch) -> String { "\(tensor.name)/\(watch.rawValue)" }
    let before = try step.value(name(.since))
    let norm = try step.builder.reshape(try step.builder.norm([seen]), to: [1])
    let isFirst = try step.builder.greater(try step.builder.constant(0.5, shape: [1]), before)
    let isLater = try step.builder.subtract(try step.builder.constant(1), isFirst)
    let first = try step.builder.add(
      try step.builder.multiply(isFirst, norm), try step.builder.multiply(isLater, try step.value(name(.first))))
    let since = try step.builder.add(before, try step.builder.constant(1))
    let hasConverged = try step.builder.subtract(
      try step.builder.constant(1), try step.builder.greater(norm, try step.builder.scale(first, by: convergence)))
    let isLate = try step.builder.greater(since, try step.builder.constant(Double(update.earliest) - 0.5))
    step.set(name(.since), to: since)
    step.set(name(.first), to: first)
    step.set(name(.due), to: try step.builder.multiply(hasConverged, isLate))
  }
}

extension Builder {
  /// P^T M for a basis of columns, M P for one of rows.
  public mutating func projected(_ matrix: Value, on basis: Value, _ spans: MatrixVectors) throws(IRError) -> Value {
    spans == .columns ? try matmul(basis, matrix, transposeLeft: true) : try matmul(matrix, basis)
  }
}
