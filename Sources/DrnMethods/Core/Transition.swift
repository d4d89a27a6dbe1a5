/// How a weight gets from one form into the next: what stands behind `by`. One file each under `Transitions/`, listed in
/// `Transitions.all`.
public protocol Transition: Method {
  /// What becomes of the optimizer state; `nil` leaves it to `state:` of `train`.
  var state: StatePolicy? { get }
  /// The largest relative Frobenius error of a truncation, or `nil` for any.
  var error: Double? { get }
  /// The warm-up of the learning rate after it; `nil` leaves it to `rewarm:` of `train`.
  var rewarm: Duration? { get }
  /// Batches of the training split over which running statistics are computed anew; 0 for none.
  var recalibrationBatches: Int { get }
}
