import DrnIR

/// Moves the bases of a weight around its core: dynamical low-rank training.
///
/// Of a `core` weight W = u s v the bases move in every step, by K, L and S steps (`FactorSteps`), at a fixed rank or, with a `tolerance`, at
/// the least rank that leaves that share of the norm of W over, found in every step. Of a `tucker` weight the core alone is stepped, and now
/// and then the bases are cut by the tolerance and augmented by their gradients (`BasisAugmentation`). On bases that are frozen it is the
/// inner update of the core.
public struct BasisUpdate: AdaptiveUpdate, RenewingUpdate {
  public static let spec = MethodSpec(
    "basis_update", summary: "Steps the bases of `core` or `tucker` with the core, at a fixed rank or at ranks that follow a tolerance.",
    source:
      "DLRT, Schotthoefer et al. 2022, arXiv 2205.13571, steps as in the authors' code; `tucker`: arXiv 2305.19059 in the form of arXiv 2505.08022, algorithm 1",
    options: [
      .innerUpdate("The update that steps K, L and the core.", among: Updates.ofSubspaces.map { $0.spec }),
      OptionSpec(
        "tolerance", .number(1e-6...0.999),
        "The share of the norm of W that a truncation may leave out; the rank is fixed where it is not set."),
      OptionSpec(
        "every", .duration, default: .duration(Duration(.step, 10)),
        "From one change of the shapes to the next: of `core`, where the rank follows what each step found; of `tucker`, from one augmentation to the next."
      ),
      OptionSpec("at_least", .integer(1...1_000_000), default: .integer(2), "The least rank."),
      OptionSpec(
        "at_most", .rank, default: .proportion(.rational(numerator: 1, denominator: 2), of: "short_side"),
        "The largest rank; of `tucker`, of each side by its own channels. At most half, so that twice of it still fits."),
    ], positional: 1)
  public let options: Options
  let inner: any DirectionalUpdate
  /// `nil` for a fixed rank.
  let tolerance: Double?
  let least: Int
  private let most: RankRule
  private let period: Duration

  public init(options: Options) {
    self.options = options
    inner = options.innerUpdate
    tolerance = options.number("tolerance")
    least = options.integer("at_least") ?? 2
    most = options.rank("at_most") ?? .fraction(numerator: 1, denominator: 2, of: .shortSide)
    period = options.duration("every") ?? Duration(.step, 10)
  }
  public var slots: [SlotSpec] { [] }
  public var keepsState: Bool { inner.keepsState || tolerance != nil }
  public var countsUpdates: Bool { inner.countsUpdates || tolerance != nil }
  public var gradientEvaluations: Int { 3 }
  public var pointless: [PointlessOption] { inner.pointless }
  public var baseline: any Update { inner }

  /// The largest rank between spaces of those dimensions.
  func most(_ first: Int, _ second: Int) -> Int {
    let shape = WeightShape(inputs: first, outputs: second)
    return min(shape.shortSide, max(1, most.resolve(shape, current: nil) ?? shape.shortSide))
  }

  public func obstacle(_ form: any Parameterization, _ shape: WeightShape) -> UpdateObstacle? {
    if let form = form as? any AugmentedForm {
      guard form.hasOrthonormalBases else {
        return UpdateObstacle(
          "moves bases, and those of this `\(form.word)` are trained", help: "write `bases: moving`, or take another update")
      }
      guard form.hasMovingBases else { return nil }
      guard tolerance == nil else { return obstacle(of: form.modes(shape).map(\.space).min() ?? 1) }
      return UpdateObstacle("moves the bases of a `\(form.word)` by a tolerance alone", help: "state `tolerance: 0.05`, for instance")
    }
    guard form.core(shape) != nil else {
      return UpdateObstacle(
        "moves the bases of a `core` or a `tucker`, and this weight is `\(form.word)`",
        help: "write `core(rank: ..., bases: moving)`, or take another update")
    }
    guard tolerance != nil, form.hasMovingBases else { return nil }
    if let obstacle = obstacle(of: shape.shortSide) { return obstacle }
    let (most, rank) = (most(shape.inputs, shape.outputs), form.rank?.resolve(shape, current: nil))
    guard let rank, !(least...most).contains(rank) else { return nil }
    return UpdateObstacle(
      "leaves ranks from \(least) to \(most), and this weight begins at rank \(rank)",
      help: "begin within these bounds, or state others by `at_least` and `at_most`")
  }
  private func obstacle(of space: Int) -> UpdateObstacle? {
    let most = most(space, space)
    if most > space / 2 {
      return UpdateObstacle(
        "augments bases to twice their rank, and twice \(most) is more than the \(space) of the short side",
        help: "state `at_most: 1/2 of short_side` or less")
    }
    return least <= most
      ? nil : UpdateObstacle("has no rank between \(least) and \(most)", help: "lower `at_least`, or raise `at_most`")
  }

  /// Whether K, L and S steps move the bases of the part.
  private func stepsBases(of part: UpdatedPart) -> Bool { part.moved.count == 3 }
  /// The form whose bases are augmented now and then.
  private func augmented(_ weight: WeightInForm?) -> (any AugmentedForm)? {
    guard tolerance != nil, let form = weight?.form as? any AugmentedForm, form.hasMovingBases else { return nil }
    return form
  }
  func isAdaptive(_ part: UpdatedPart) -> Bool { tolerance != nil && stepsBases(of: part) }

  public func moves(_ parameter: ParameterSpec, of form: any Parameterization) -> Bool {
    parameter.isTrainable || (form.hasMovingBases && !(form is any AugmentedForm))
  }
  public func movesBetweenSteps(_ form: any Parameterization) -> Bool { tolerance != nil && form is any AugmentedForm }
  public func evaluations(of part: UpdatedPart) -> Int { stepsBases(of: part) ? 3 : 1 }
  public func view(_ evaluation: Int, of part: UpdatedPart) -> PartView {
    guard stepsBases(of: part), let weight = part.weight else { return PartView(asked: part.movedIndices) }
    guard evaluation < 2 else {
      let twice = WeightInForm(form: weight.form, shape: weight.shape, rank: weight.rank * 2)
      return PartView(form: isAdaptive(part) ? twice : nil, asked: [1])
    }
    // Two factors: with s in the left one, K and v; with s in the right one, u and L.
    return PartView(form: WeightInForm(form: weight.form.deployedForm, shape: weight.shape, rank: weight.rank), asked: [evaluation])
  }
  public func state(of part: UpdatedPart) -> [StateSpec] {
    if let form = augmented(part.weight) { return augmentedState(of: part, form) }
    guard stepsBases(of: part) else { return inner.state(of: part) }
    let moments = ownMoments(part.moved)
    return isAdaptive(part) ? moments + [FactorSteps.wanted(part)] : moments
  }
  /// The inner update's slots of some tensors, whose meaning depends on the bases.
  func ownMoments(_ tensors: [UpdatedPart.Tensor]) -> [StateSpec] {
    tensors.flatMap { tensor in
      inner.slots.map { StateSpec(tensor: tensor.name, slot: SlotSpec($0.name, .own), shape: tensor.shape) }
    }
  }
  public func begin(_ part: UpdatedPart, _ step: inout StepContext) throws(IRError) -> any PartUpdate {
    if augmented(part.weight) != nil { return CoreStep(update: self, part: part, inner: try inner.begin(part, &step)) }
    guard stepsBases(of: part) else { return try inner.begin(part, &step) }
    return FactorSteps(update: self, part: part, values: try step.values(of: part))
  }

  // MARK: Between steps

  public var renewalPeriod: Duration { period }
  public func renews(_ part: UpdatedPart) -> Bool { augmented(part.weight) != nil }
  public func renewalGradients(of part: UpdatedPart) -> [Int] { augmented(part.weight).map { $0.bases } ?? [] }
  public func renew(_ part: UpdatedPart, gradients: [Value], _ step: inout StepContext) throws(IRError) {
    if let form = augmented(part.weight) { try measureBases(of: part, form, gradients, &step) }
  }

  public func adjustmentPeriod(of part: UpdatedPart) -> AdjustmentPeriod? {
    if augmented(part.weight) != nil { return .renewal }
    return isAdaptive(part) ? .every(period) : nil
  }
  public func bounds(rank: ClosedRange<Int>, of form: any Parameterization, shape: WeightShape) -> ClosedRange<Int> {
    guard tolerance != nil, form.hasMovingBases else { return rank }
    guard let form = form as? any AugmentedForm, let mode = form.modes(shape).first(where: { $0.extent == nil }) else {
      return min(least, rank.lowerBound)...max(rank.upperBound, most(shape.inputs, shape.outputs))
    }
    return bounds(of: mode, from: rank)
  }
  /// Bases of twice the rank have to fit.
  public func largestRank(of form: any Parameterization, shape: WeightShape) -> Int? {
    tolerance != nil && form.hasMovingBases && !(form is any AugmentedForm) ? most(shape.inputs, shape.outputs) : nil
  }
  public func measurements(of part: UpdatedPart) -> [String] {
    if augmented(part.weight) != nil { return augmentedMeasurements(of: part) }
    return [FactorSteps.wanted(part).name]
  }
  public func adjusted(
    _ part: UpdatedPart, at extents: WeightExtents<Int>, measured: [String: [Float]]
  ) -> [WeightExtents<Int>] {
    if let form = augmented(part.weight) { return augmentedExtents(part, form, extents, measured) }
    guard let shape = part.weight?.shape, let found = measured[FactorSteps.wanted(part).name]?.first, found.isFinite else { return [] }
    let rank = min(max(Int(found), least), most(shape.inputs, shape.outputs))
    return rank == extents.rank ? [] : [WeightExtents(rank: rank)]
  }
  /// Augmented bases are twice as wide as what was kept.
  public func settled(
    _ extents: WeightExtents<Int>, of form: any Parameterization, _ shape: WeightShape
  ) -> WeightExtents<Int> {
    guard tolerance != nil, let form = form as? any AugmentedForm, form.hasMovingBases else { return extents }
    var kept = extents
    for mode in form.modes(shape) { kept[mode] = extents[mode].map { max(1, ($0 + 1) / 2) } }
    return kept
  }
  public func change(_ change: ExtentChange, in builder: inout Builder) throws(IRError) -> ChangedPart {
    if let form = augmented(change.old.weight) { return try changeAugmented(change, form, in: &builder) }
    return try FactorSteps.change(change, inner: inner, in: &builder)
  }
}

/// Moments that lie in the coordinates of bases, seen from others.
extension Builder {
  /// left m right, either of which may be missing; for squared gradients (left sqrt(m) right)^2, which is never negative.
  mutating func turned(_ moment: Value, _ law: StateLaw, left: Value?, right: Value?) throws(IRError) -> Value {
    var value = law == .squaredGradient ? try squareRoot(moment) : moment
    if let left { value = try matmul(left, value) }
    if let right { value = try matmul(value, right) }
    return law == .squaredGradient ? try square(value) : value
  }
}
