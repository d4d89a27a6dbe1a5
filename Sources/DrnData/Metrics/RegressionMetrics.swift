/// The errors of real-valued predictions, accumulated batch by batch in double precision.
public struct RegressionMetrics: Equatable, Sendable {
  /// The number of predicted values.
  public private(set) var count = 0
  private var squaredErrors = 0.0
  private var absoluteErrors = 0.0
  private var targetMean = 0.0
  private var targetSpread = 0.0

  /// Empty sums.
  public init() {}

  /// The sums of an earlier evaluation, as `count` and `sums` gave them; nil where there are not four.
  public init?(count: Int, sums: [Double]) {
    guard count >= 0, sums.count == 4 else { return nil }
    self.count = count
    (squaredErrors, absoluteErrors, targetMean, targetSpread) = (sums[0], sums[1], sums[2], sums[3])
  }

  /// Everything but the count, to go on from later.
  public var sums: [Double] { [squaredErrors, absoluteErrors, targetMean, targetSpread] }

  /// Counts predictions and their targets, pair by pair; what the longer list has over is passed over.
  public mutating func add(predictions: [Float], targets: [Float]) {
    for (prediction, target) in zip(predictions, targets) { add(Double(prediction), Double(target)) }
  }

  /// One pair; the spread of the targets follows Welford, "Note on a Method for Calculating Corrected Sums of Squares", 1962.
  private mutating func add(_ prediction: Double, _ target: Double) {
    let error = prediction - target
    squaredErrors += error * error
    absoluteErrors += abs(error)
    count += 1
    let difference = target - targetMean
    targetMean += difference / Double(count)
    targetSpread += difference * (target - targetMean)
  }

  /// The mean of the squared errors; 0 without values.
  public var meanSquaredError: Double { squaredErrors / Double(max(count, 1)) }

  /// The mean of the absolute errors; 0 without values.
  public var meanAbsoluteError: Double { absoluteErrors / Double(max(count, 1)) }

  /// The coefficient of determination, 1 - squared errors / spread of the targets over all values; nil when the targets are all equal.
  public var r2: Double? { targetSpread > 0 ? 1 - squaredErrors / targetSpread : nil }
}
