import Foundation

/// How far the probabilities of predicted classes are from how often they are right, in bins of equal width.
///
/// Source: Guo et al. 2017, "On calibration of modern neural networks", ICML.
public struct CalibrationMetrics: Equatable, Sendable {
  /// The predictions whose probability lies in one bin.
  public struct Bin: Equatable, Sendable {
    /// How many there are.
    public var count = 0
    /// How many of them are right.
    public var correct = 0
    /// The sum of their probabilities.
    public var confidence = 0.0
  }

  /// From the lowest probabilities to the highest; a bin holds its upper edge and not its lower one.
  public private(set) var bins: [Bin]

  /// Empty counts of so many bins, at least 1.
  public init(bins: Int = 15) { self.bins = [Bin](repeating: Bin(), count: max(1, bins)) }

  /// Counts a prediction of a probability from 0 to 1; what is none is passed over.
  public mutating func add(confidence: Double, isRight: Bool) {
    guard confidence >= 0, confidence <= 1 else { return }
    let place = min(bins.count - 1, max(0, Int((confidence * Double(bins.count)).rounded(.up)) - 1))
    bins[place].count += 1
    bins[place].correct += isRight ? 1 : 0
    bins[place].confidence += confidence
  }

  /// The number of predictions counted.
  public var count: Int { bins.reduce(0) { $0 + $1.count } }

  /// The mean distance of confidence and accuracy over the bins, each with the share of predictions in it; 0 without predictions.
  public var expectedError: Double {
    let total = Double(max(1, count))
    return bins.reduce(0) { $0 + abs($1.confidence - Double($1.correct)) / total }
  }

  /// The largest such distance of a bin that holds predictions.
  public var largestError: Double {
    bins.reduce(0) { $1.count > 0 ? max($0, abs($1.confidence - Double($1.correct)) / Double($1.count)) : $0 }
  }
}
