import DrnIR

/// One step of a weight W = u s v by K, L and S.
///
/// With K = u s and L = s v, two evaluations at W take the gradients by K between (K, v) and by L between (u, L), and the inner update steps
/// both. At a fixed rank the new bases are orthonormal ones of the columns of K and the rows of L, and s is projected on them, which is no
/// exact change. With a tolerance they span (K, u) and (L, v), twice the rank, and W is the same seen from them. The third evaluation, of
/// which loss and all other weights' gradients are taken, steps s there. With a tolerance W is then cut to the least rank r at which
/// |(sigma_r+1, ...)| is below tolerance times |sigma|, the last singular value among them, which the published codes leave out.
///
/// Shapes stay as they are within a step: at a capacity above r the singular values past r are zero and their directions are stepped and
/// augmented with the others, which the published codes do not do; a change of the shapes follows r. Where r is the larger one, the capacity
/// cuts until that change.
///
/// The published codes keep the moments of K and L as they are though K and L are made anew in every step. Here they turn with the
/// coordinates they are in, K's with v and L's with u, those of s with both: m = M m N, and for squared gradients (M sqrt(v) N)^2.
struct FactorSteps: PartUpdate {
  let update: BasisUpdate
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

  private var inner: any DirectionalUpdate { update.inner }
  /// The rank that the last step found.
  static func wanted(_ part: UpdatedPart) -> StateSpec {
    StateSpec(tensor: part.tensors[1].name, slot: SlotSpec("wanted_rank", .own), shape: [1])
  }

  init(update: BasisUpdate, part: UpdatedPart, values: [Value]) {
    self.update = update
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
      if let tolerance = update.tolerance { return try truncate(turned, s, tolerance, &step) }
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
    let (rank, b, isAugmented) = (step.builder.type(of: values[1]).shape[0], values, update.isAdaptive(part))
    let columns = isAugmented ? try step.builder.concatenate([k, b[0]], axis: 1) : k
    let rows = isAugmented ? try step.builder.concatenate([l, b[2]], axis: 0) : l
    let dimension = isAugmented ? rank * 2 : rank
    let u = try step.builder.basis(columns, k: dimension)
    let v = try step.builder.transpose(try step.builder.basis(try step.builder.transpose(rows), k: dimension))
    let left = try step.builder.matmul(u, b[0], transposeLeft: true)
    let right = try step.builder.matmul(b[2], v, transposeRight: true)
    let turned = Turned(u: u, v: v, s: try step.builder.product([left, b[1], right]), left: left, right: right)
    self.turned = turned
    for slot in inner.slots {
      let name = "\(part.tensors[1].name)/\(slot.name)"
      step.replace(name, with: try step.builder.turned(try step.value(name), slot.law, left: left, right: right))
    }
    if !isAugmented { try turnFactorMoments(left: left, right: right, &step) }
    return turned
  }

  /// The moments of K lie in the frame of v, those of L in that of u; both slots hold what their steps left.
  private func turnFactorMoments(left: Value, right: Value, _ step: inout StepContext) throws(IRError) {
    for slot in inner.slots {
      for (index, factors) in [(0, (nil, right)), (2, (left, nil))] as [(Int, (Value?, Value?))] {
        let name = "\(part.tensors[index].name)/\(slot.name)"
        step.set(name, to: try step.builder.turned(try step.result(name), slot.law, left: factors.0, right: factors.1))
      }
    }
  }

  /// W = u s v, of twice the rank, at the rank again: its leading singular values, those past the tolerance zero.
  private func truncate(_ turned: Turned, _ s: Value, _ tolerance: Double, _ step: inout StepContext) throws(IRError) {
    let (rank, twice) = (step.builder.type(of: values[1]).shape[0], step.builder.type(of: s).shape[0])
    let (p, sigma, qt) = try step.builder.singularValues(s)
    let kept = try step.builder.kept(sigma, tolerance: tolerance, atLeast: update.least)
    let wanted = try step.builder.reshape(try step.builder.sumAll(kept), to: [1])
    let left = try step.builder.leading(p, [twice, rank])
    let right = try step.builder.transpose(try step.builder.leading(qt, [rank, twice]))
    let u = try step.builder.matmul(turned.u, left)
    let v = try step.builder.matmul(right, turned.v, transposeLeft: true)
    let values = try step.builder.leading(try step.builder.multiply(sigma, kept), [rank])
    for (tensor, value) in zip(part.tensors, [u, try step.builder.diagonal(values), v]) { step.set(tensor.name, to: value) }
    step.set(Self.wanted(part).name, to: wanted)
    let back = try step.builder.transpose(left)
    for slot in inner.slots {
      let name = "\(part.tensors[1].name)/\(slot.name)"
      step.set(name, to: try step.builder.turned(try step.result(name), slot.law, left: back, right: right))
    }
    try turnFactorMoments(
      left: try step.builder.matmul(u, self.values[0], transposeLeft: true),
      right: try step.builder.matmul(self.values[2], v, transposeRight: true), &step)
  }

  /// The weight at another rank, its moments seen from the new bases.
  static func change(
    _ change: ExtentChange, inner: any DirectionalUpdate, in builder: inout Builder
  ) throws(IRError) -> ChangedPart {
    guard let old = change.old.weight, let new = change.new.weight else { throw IRError("\(change.new.name) is no weight") }
    let request = RankChange(
      direction: change.direction, parameters: change.parameters, shape: new.shape, from: old.rank, to: new.rank, name: change.new.name,
      key: change.key)
    guard let changed = try new.form.changeRank(request, in: &builder)?.parameters, changed.count == 3 else {
      throw IRError("\(change.new.name) cannot change its rank")
    }
    let left = try builder.matmul(changed[0], change.parameters[0], transposeLeft: true)
    let right = try builder.matmul(change.parameters[2], changed[2], transposeRight: true)
    var state: [String: Value] = [:]
    for slot in inner.slots {
      for (index, factors) in [(0, (nil, right)), (1, (left, right)), (2, (left, nil))] as [(Int, (Value?, Value?))] {
        let name = "\(change.new.tensors[index].name)/\(slot.name)"
        guard let moment = change.state[name] else { continue }
        state[name] = try builder.turned(moment, slot.law, left: factors.0, right: factors.1)
      }
    }
    let wanted = wanted(change.new).name
    state[wanted] = change.state[wanted]
    return ChangedPart(parameters: changed, state: state)
  }
}

extension Builder {
  /// 1 for each singular value that a truncation keeps, else 0: the least number at which the norm of those after it is below the share
  /// `tolerance` of the norm of all, though at least so many. `singularValues` descend.
  fileprivate mutating func kept(_ singularValues: Value, tolerance: Double, atLeast least: Int) throws(IRError) -> Value {
    let count = type(of: singularValues).shape[0]
    let squares = try square(singularValues)
    // The squared norm of the j-th and those after it, as a sum over those that are not above it.
    let above = try greater(
      try broadcast(singularValues, to: [count, count], axes: [1]), try broadcast(singularValues, to: [count, count], axes: [0]))
    let notAbove = try subtract(try constant(1), above)
    let tail = try sum(try multiply(notAbove, try broadcast(squares, to: [count, count], axes: [1])), axes: [1])
    let limit = try scale(try sumAll(squares), by: tolerance * tolerance)
    let isOver = try subtract(try constant(1), try greater(limit, tail))
    let isKept = try multiply(isOver, try greater(singularValues, try constant(0)))
    let floor = try pad(try constant(1, shape: [Dimension(least)]), starts: [0], shape: [count])
    return try maximum(isKept, floor)
  }
}
