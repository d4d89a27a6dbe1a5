import DrnIR

/// Bases that are cut by a tolerance and augmented by their gradients now and then, the core alone being stepped between.
///
/// Before the step of a batch the gradients by the bases and the singular values of each unfolding of the core are taken at the weights. Of
/// each mode the least rank r is kept at which |(sigma_r+1, ...)| is below the tolerance times |sigma|, by the leading singular vectors of
/// the unfolding (a truncated higher-order SVD: the squared error of W is at most the sum of the squared tails). Then each basis U becomes an
/// orthonormal one of (U, -G), of twice the rank, which leaves W as it is. The published code takes the gradient after the cut, from the next
/// batch, without a step of the core; here the gradient is turned with the cut, so that no batch is left out.
///
/// The moments of the core turn with the bases: m = m x M, and for squared gradients by way of their roots.
extension BasisUpdate {
  private static let direction = "direction"
  private static let spectrum = "spectrum"

  func augmentedState(of part: UpdatedPart, _ form: any AugmentedForm) -> [StateSpec] {
    guard let weight = part.weight else { return [] }
    var specs = ownMoments(part.moved)
    for (index, mode) in zip(form.bases, form.modes(weight.shape)) {
      let tensor = part.tensors[index]
      specs.append(StateSpec(tensor: tensor.name, slot: SlotSpec(Self.direction, .own), shape: tensor.shape))
      specs.append(StateSpec(tensor: tensor.name, slot: SlotSpec(Self.spectrum, .own), shape: [extent(mode, of: weight, form)]))
    }
    return specs
  }
  private func extent(_ mode: BasisMode, of weight: WeightInForm, _ form: any AugmentedForm) -> Dimension {
    let specs = form.parameters(weight.shape, rank: weight.rank)
    guard let place = form.modes(weight.shape).firstIndex(of: mode) else { return weight.rank }
    let shape = specs[form.bases[place]].shape
    return specs[form.bases[place]].orthonormal == .rows ? shape[0] : shape[1]
  }
  func augmentedMeasurements(of part: UpdatedPart) -> [String] {
    guard let form = part.weight?.form as? any AugmentedForm else { return [] }
    return form.bases.map { "\(part.tensors[$0].name)/\(Self.spectrum)" }
  }

  func measureBases(
    of part: UpdatedPart, _ form: any AugmentedForm, _ gradients: [Value], _ step: inout StepContext
  ) throws(IRError) {
    guard let weight = part.weight else { return }
    let core = try step.value(part.tensors[form.coreIndex].name)
    for (place, mode) in form.modes(weight.shape).enumerated() {
      let name = part.tensors[form.bases[place]].name
      let extent = extent(mode, of: weight, form)
      let unfolding = try form.unfolding(core, mode: place, extent: extent, shape: weight.shape, in: &step.builder)
      step.set("\(name)/\(Self.direction)", to: gradients[place])
      step.set("\(name)/\(Self.spectrum)", to: try step.builder.spectrum(of: unfolding, rows: extent))
    }
  }

  /// The bounds of a mode's extent, the augmented one among them.
  func bounds(of mode: BasisMode, from start: ClosedRange<Int>) -> ClosedRange<Int> {
    min(least, start.lowerBound)...max(start.upperBound, min(mode.space, 2 * most(mode.space, mode.space)))
  }

  /// First what is kept of each mode, then twice of it.
  func augmentedExtents(
    _ part: UpdatedPart, _ form: any AugmentedForm, _ now: WeightExtents<Int>, _ measured: [String: [Float]]
  ) -> [WeightExtents<Int>] {
    guard let shape = part.weight?.shape else { return [] }
    var (kept, augmented) = (now, now)
    for (mode, name) in zip(form.modes(shape), augmentedMeasurements(of: part)) {
      guard let held = now[mode], let spectrum = measured[name], let rank = keptRank(spectrum, of: held, space: mode.space) else {
        return []
      }
      kept[mode] = rank
      augmented[mode] = min(2 * rank, mode.space)
    }
    return [kept, augmented]
  }

  /// The least rank whose tail is below the tolerance, within the bounds of the options; `nil` where the spectrum is no numbers.
  func keptRank(_ spectrum: [Float], of held: Int, space: Int) -> Int? {
    let values = spectrum.map(Double.init)
    guard values.allSatisfy(\.isFinite), let tolerance else { return nil }
    let total = values.reduce(0) { $0 + $1 * $1 }
    var (tail, rank) = (0.0, values.count)
    while rank > 0, tail + values[rank - 1] * values[rank - 1] < tolerance * tolerance * total {
      rank -= 1
      tail += values[rank] * values[rank]
    }
    return min(held, max(1, min(max(rank, least), most(space, space))))
  }

  func changeAugmented(
    _ change: ExtentChange, _ form: any AugmentedForm, in builder: inout Builder
  ) throws(IRError) -> ChangedPart {
    change.stage == 0 ? try cut(change, form, in: &builder) : try augment(change, form, in: &builder)
  }

  /// Each mode by the leading singular vectors of its unfolding, and the gradients of the bases turned with them.
  private func cut(_ change: ExtentChange, _ form: any AugmentedForm, in builder: inout Builder) throws(IRError) -> ChangedPart {
    guard let old = change.old.weight, let new = change.new.weight, let target = new.form as? any AugmentedForm else {
      throw IRError("\(change.new.name) has no bases")
    }
    var (parameters, turns, state) = (change.parameters, [Value](), [String: Value]())
    for (place, mode) in form.modes(old.shape).enumerated() {
      let (before, after) = (extent(mode, of: old, form), extent(mode, of: new, target))
      let index = form.bases[place]
      let unfolding = try form.unfolding(
        change.parameters[form.coreIndex], mode: place, extent: before, shape: old.shape, in: &builder)
      // Of rows times their transpose the vectors are those of the unfolding, and a square matrix has them all.
      let gram = try builder.matmul(unfolding, unfolding, transposeRight: true)
      let vectors = try builder.leading(try builder.thinSVD(gram, k: before).u, [before, after])
      parameters[index] = try turned(change.parameters[index], by: vectors, mode: place, form, in: &builder)
      let name = "\(change.new.tensors[index].name)/\(Self.direction)"
      if let direction = change.state[name] { state[name] = try turned(direction, by: vectors, mode: place, form, in: &builder) }
      state["\(change.new.tensors[index].name)/\(Self.spectrum)"] = try builder.constant(0, shape: [after])
      turns.append(try builder.transpose(vectors))
    }
    return try turnCore(change, form, turns, parameters, state, in: &builder)
  }

  private func turned(
    _ parameter: Value, by vectors: Value, mode: Int, _ form: any AugmentedForm, in builder: inout Builder
  ) throws(IRError) -> Value {
    let columns = try form.columns(parameter, mode: mode, in: &builder)
    return try form.parameter(columns: try builder.matmul(columns, vectors), mode: mode, in: &builder)
  }

  /// Each basis with the directions of its gradient.
  private func augment(_ change: ExtentChange, _ form: any AugmentedForm, in builder: inout Builder) throws(IRError) -> ChangedPart {
    guard let new = change.new.weight, let target = new.form as? any AugmentedForm else {
      throw IRError("\(change.new.name) has no bases")
    }
    var (parameters, turns, state) = (change.parameters, [Value](), [String: Value]())
    for (place, mode) in form.modes(new.shape).enumerated() {
      let (index, after) = (form.bases[place], extent(mode, of: new, target))
      let name = change.new.tensors[index].name
      guard let gradient = change.state["\(name)/\(Self.direction)"] else { throw IRError("\(name) has no direction") }
      let columns = try form.columns(change.parameters[index], mode: place, in: &builder)
      let direction = try builder.negate(try form.columns(gradient, mode: place, in: &builder))
      let basis = try builder.basis(try builder.concatenate([columns, direction], axis: 1), k: after)
      parameters[index] = try form.parameter(columns: basis, mode: place, in: &builder)
      turns.append(try builder.matmul(basis, columns, transposeLeft: true))
      state["\(name)/\(Self.direction)"] = try builder.constant(0, shape: change.new.tensors[index].shape)
      state["\(name)/\(Self.spectrum)"] = try builder.constant(0, shape: [after])
    }
    return try turnCore(change, form, turns, parameters, state, in: &builder)
  }

  private func turnCore(
    _ change: ExtentChange, _ form: any AugmentedForm, _ turns: [Value], _ parameters: [Value], _ state: [String: Value],
    in builder: inout Builder
  ) throws(IRError) -> ChangedPart {
    guard let shape = change.old.weight?.shape else { throw IRError("\(change.old.name) is no weight") }
    var (parameters, state) = (parameters, state)
    let core = form.coreIndex
    parameters[core] = try form.turned(change.parameters[core], by: turns, shape: shape, in: &builder)
    for slot in inner.slots {
      let name = "\(change.new.tensors[core].name)/\(slot.name)"
      guard let moment = change.state[name] else { continue }
      let isSquared = slot.law == .squaredGradient
      let value = try form.turned(isSquared ? try builder.squareRoot(moment) : moment, by: turns, shape: shape, in: &builder)
      state[name] = isSquared ? try builder.square(value) : value
    }
    return ChangedPart(parameters: parameters, state: state)
  }
}

/// The step of a core between bases that stay: what is measured of them goes on.
struct CoreStep: PartUpdate {
  let update: BasisUpdate
  let part: UpdatedPart
  var inner: any PartUpdate

  mutating func stand(_ evaluation: Int, _ step: inout StepContext) throws(IRError) -> [[Value]] { try inner.stand(evaluation, &step) }
  mutating func absorb(_ gradients: PartGradients, _ evaluation: Int, _ step: inout StepContext) throws(IRError) {
    try inner.absorb(gradients, evaluation, &step)
    for state in update.state(of: part) where !update.inner.slots.contains(where: { $0.name == state.slot.name }) {
      step.set(state.name, to: try step.value(state.name))
    }
  }
}

extension Builder {
  /// The singular values of a matrix of so many rows, none fewer where it has fewer columns; those past them are zero.
  mutating func spectrum(of matrix: Value, rows: Dimension) throws(IRError) -> Value {
    let gram = try matmul(matrix, matrix, transposeRight: true)
    return try squareRoot(try thinSVD(gram, k: rows).s)
  }
}
