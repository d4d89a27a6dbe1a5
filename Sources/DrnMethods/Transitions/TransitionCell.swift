import DrnIR

/// What a change of form does to a weight and to its optimizer state: one cell of the transition matrix.
public struct TransitionCell: Hashable, Sendable {
  /// What the change does to W.
  public enum Weights: Hashable, Sendable {
    /// The dense W is the same to rounding.
    case exact
    /// W becomes its best approximation of the new rank (Eckart and Young 1936), or for a chain one close to it.
    case truncating
    /// W is kept, and parameters are added around it.
    case additive
    case refused(String)
  }
  /// What `carry` can do for a slot.
  public enum State: Hashable, Sendable {
    /// Nothing of the slot is lost: going back would return it.
    case exact
    /// The part the new coordinates can hold, by pull-back or minimum-norm least squares; the residual is reported.
    case projected
    /// A non-negative estimate, see `docs/methods.md`.
    case heuristic
    /// Only `reset` is sound, with the reason.
    case resetOnly(String)
  }
  /// What the change does to W.
  public let weights: Weights
  /// What `carry` can do for slots that are combinations of gradients.
  public let gradient: State
  /// What `carry` can do for slots that are combinations of squared gradients.
  public let squaredGradient: State
  /// What `carry` can do for slots that live in weight space.
  public let weight: State

  /// What `carry` can do for a slot of that meaning.
  public func state(_ law: StateLaw) -> State {
    switch law {
    case .gradient: gradient
    case .squaredGradient: squaredGradient
    case .own: weight
    }
  }
}

/// The cell of the transition matrix for a weight of that shape. Ranks of forms without one are ignored.
public func transitionCell(
  from old: any Parameterization, rank oldRank: Int, to new: any Parameterization, rank newRank: Int, shape: WeightShape
) -> TransitionCell {
  if let reason = refusal(old, oldRank, shape) ?? refusal(new, newRank, shape) {
    return .refused(reason)
  }
  let change = FormChange(old: old, new: new, oldRank: oldRank, newRank: newRank, shape: shape)
  let inPoint = TransitionCell.State.resetOnly("the slot lives in the weight's own coordinates, which change")
  return TransitionCell(weights: change.weights, gradient: change.gradient, squaredGradient: change.squaredGradient, weight: inPoint)
}

extension TransitionCell {
  fileprivate static func refused(_ reason: String) -> TransitionCell {
    let state = State.resetOnly(reason)
    return TransitionCell(weights: .refused(reason), gradient: state, squaredGradient: state, weight: state)
  }
}

private func refusal(_ form: any Parameterization, _ rank: Int, _ shape: WeightShape) -> String? {
  if let obstacle = form.obstacle(shape) { return obstacle.text(form.word) }
  guard form.rank != nil else { return nil }
  if rank < 1 { return "rank \(rank) of `\(form.word)` is below 1" }
  if let second = form.secondRank, second.rule != .current {
    guard let number = second.resolve(shape) else { return "`\(second.option)` of `\(form.word)` is no number for this weight" }
    let range = 1...max(1, second.largest(shape))
    if !second.fits(shape) {
      return "`\(second.option)` of `\(form.word)` is \(number), outside \(range.lowerBound) to \(range.upperBound)"
    }
  }
  return rank > shape.shortSide ? "rank \(rank) of `\(form.word)` is above the short side, \(shape.shortSide)" : nil
}

/// A permitted change, with what follows from the two forms and ranks.
private struct FormChange {
  let old: any Parameterization
  let new: any Parameterization
  let oldRank: Int
  let newRank: Int
  let shape: WeightShape

  private var content: ContentRanks { old.content(rank: oldRank, shape: shape) }
  private var staysInForm: Bool {
    new.isSame(as: old) && (old.rank == nil || new.contains(old, rank: oldRank, at: newRank, shape: shape)) && !isAdditive
  }
  private var isAdditive: Bool { new.fidelity(rank: newRank, shape: shape) == .additive }

  var weights: TransitionCell.Weights {
    switch new.fidelity(rank: newRank, shape: shape) {
    case .exact: .exact
    case .additive: .additive
    case .truncating: staysInForm || new.holds(content, rank: newRank, shape: shape) ? .exact : .truncating
    }
  }
  var gradient: TransitionCell.State {
    if staysInForm { return .exact }
    if let reason = old.reasonToReset(shape) { return .resetOnly(reason) }
    guard old.hasConsistentMoments, weights == .exact else { return .projected }
    if !new.isReparameterized { return .exact }
    let isFull = content.matrix >= shape.shortSide
    return isFull && new.determinesDenseMoment(rank: newRank, shape: shape) ? .exact : .projected
  }
  var squaredGradient: TransitionCell.State {
    if staysInForm { return .exact }
    return old.reasonToReset(shape).map { .resetOnly($0) } ?? .heuristic
  }
}

extension Parameterization {
  /// Why optimizer state cannot leave this form; `nil` where it can. Found by asking for the form's equations over arguments of its shapes.
  fileprivate func reasonToReset(_ shape: WeightShape) -> String? {
    var module = Module(name: "probe")
    let rank = Dimension(module.addSymbol(SymbolInfo(name: "rank", bounds: 1...max(1, shape.shortSide))))
    var builder = Builder(function: "probe", in: module)
    let arguments = parameters(shape, rank: rank).map { builder.argument($0.name, role: .plain, .f32($0.shape)) }
    let equations = try? gradientEquations(arguments, shape: shape, rank: rank, in: &builder)
    return equations == nil ? "the gradients of `\(word)` do not determine a dense one" : nil
  }
}

extension FormObstacle {
  /// The reason, for a form of that word.
  public func text(_ word: String) -> String {
    switch self {
    case .noKernel: "`\(word)` splits the kernel of a convolution, and a linear layer has none"
    case .grouped(let groups): "a convolution in \(groups) groups has one matrix for each group, and `\(word)` factors a single one"
    }
  }
}
