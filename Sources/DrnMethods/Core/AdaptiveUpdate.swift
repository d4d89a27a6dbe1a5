import DrnIR

/// An update that changes the rank or another extent of its weights while training: decided between two steps from state that it keeps, by a
/// function of numbers alone, and done in IR, weights and state together.
public protocol AdaptiveUpdate: Update {
  /// The updates from one adjustment to the next, counted since the state of the weight began; none comes before the first update. `nil` for a
  /// weight or vector that it leaves alone.
  func adjustmentPeriod(of part: UpdatedPart) -> AdjustmentPeriod?
  /// The ranks that adjustments may leave a weight at that begins at one of some ranks, for pricing.
  func bounds(rank: ClosedRange<Int>, of form: any Parameterization, shape: WeightShape) -> ClosedRange<Int>
  /// The largest rank at which it can move a weight, whatever raised it; `nil` for any.
  func largestRank(of form: any Parameterization, shape: WeightShape) -> Int?
  /// The extents that a weight goes through, one after the other; empty where all stay. `measured` has the values of the slots named in
  /// `measurements`.
  func adjusted(_ part: UpdatedPart, at extents: WeightExtents<Int>, measured: [String: [Float]]) -> [WeightExtents<Int>]
  /// The names of the state that `adjusted` reads.
  func measurements(of part: UpdatedPart) -> [String]
  /// What is left of a weight's extents where the update ends: of bases that are held wider than the weight's rank, the rank. By default all.
  func settled(_ extents: WeightExtents<Int>, of form: any Parameterization, _ shape: WeightShape) -> WeightExtents<Int>
  /// Whether wider extents need the renewal once more, at the same weights and batch. By default not.
  var renewsWider: Bool { get }
  /// The parameters and the state at other extents of the same form, as the update has them that is bound to the new ones; state that is not in
  /// the answer begins anew.
  func change(_ change: ExtentChange, in builder: inout Builder) throws(IRError) -> ChangedPart
}

extension AdaptiveUpdate {
  public var renewsWider: Bool { false }
  public func largestRank(of form: any Parameterization, shape: WeightShape) -> Int? { nil }
  public func settled(_ extents: WeightExtents<Int>, of form: any Parameterization, _ shape: WeightShape) -> WeightExtents<Int> { extents }
}

/// When an adjustment is due.
public enum AdjustmentPeriod: Hashable, Sendable {
  /// After so many updates, again and again.
  case every(Duration)
  /// After every renewal of the same update, whose measurements it reads.
  case renewal
}

/// A weight that goes from some extents to others in the same form.
public struct ExtentChange: Sendable {
  /// The weight before and after; extents may be symbols.
  public let old: UpdatedPart
  public let new: UpdatedPart
  /// The old form's parameters, in its order, and the update's state by name.
  public let parameters: [Value]
  public let state: [String: Value]
  /// Which of the extents of `AdaptiveUpdate.adjusted` this goes to, from 0.
  public let stage: Int
  /// Which way the extents go, as far as one word can say.
  public let direction: RankChange.Direction
  /// The random key of the change.
  public let key: Value
  public init(
    old: UpdatedPart, new: UpdatedPart, parameters: [Value], state: [String: Value], stage: Int, direction: RankChange.Direction, key: Value
  ) {
    self.old = old
    self.new = new
    self.parameters = parameters
    self.state = state
    self.stage = stage
    self.direction = direction
    self.key = key
  }
}

/// What a change of extents leaves.
public struct ChangedPart: Sendable {
  /// In the order of the form.
  public let parameters: [Value]
  /// By name.
  public let state: [String: Value]
  public init(parameters: [Value], state: [String: Value]) {
    self.parameters = parameters
    self.state = state
  }
}
