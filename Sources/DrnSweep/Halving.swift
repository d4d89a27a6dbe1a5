/// Successive halving (Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", AISTATS 2016): at
/// stated epochs the settings that do best go on, the others are stopped.
public struct Halving: Hashable, Sendable {
  /// The share that goes on is a quotient between 0 and 1.
  private let numerator, denominator: Int
  /// After how many epochs, ascending.
  public let epochs: [Int]

  /// Reads `1/2` and `2,4`.
  public init(share: String, epochs: String) throws(SweepFault) {
    let quotient = share.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard quotient.count == 2, let numerator = quotient[0], let denominator = quotient[1], numerator > 0, numerator < denominator,
      denominator <= Self.largestNumber
    else {
      throw SweepFault("--halving takes a quotient between 0 and 1, not `\(share)`", help: "for example --halving 1/2")
    }
    let numbers = epochs.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    let known = numbers.compactMap { $0 }
    guard known.count == numbers.count, zip(known, known.dropFirst()).allSatisfy(<), let first = known.first, first > 0,
      known.allSatisfy({ $0 <= Self.largestNumber })
    else {
      throw SweepFault("--at takes numbers of epochs, ascending, not `\(epochs)`", help: "for example --at 2,4")
    }
    (self.numerator, self.denominator, self.epochs) = (numerator, denominator, known)
  }

  private static let largestNumber = 1_000_000

  /// How many of so many settings go on: the share, rounded up.
  public func kept(of count: Int) -> Int {
    (count * numerator + denominator - 1) / denominator
  }

  /// By what settings are compared.
  public enum Measure: String, Sendable {
    case accuracy = "validation accuracy"
    case loss = "validation loss"
    case trainLoss = "training loss"
  }

  /// What was decided at one epoch; settings by their place in the sweep.
  public struct Decision: Hashable, Sendable {
    /// After so many epochs.
    public let epoch: Int
    public let measure: Measure
    /// In the order of the sweep.
    public let kept: [Int]
    /// In the order of the sweep.
    public let stopped: [Int]
  }

  /// Decides between settings by the scores of their runs; `nil` is a run without one, because it failed, and its setting comes last. Equal
  /// settings are in the order of the sweep.
  public func decide(epoch: Int, _ scores: [(setting: Int, runs: [SweepScore?])]) -> Decision {
    let known = scores.flatMap(\.runs).compactMap { $0 }
    let measure: Measure =
      known.allSatisfy { $0.accuracy != nil } ? .accuracy : known.allSatisfy { $0.loss != nil } ? .loss : .trainLoss
    func cost(_ score: SweepScore) -> (Double, Double) {
      let loss = score.loss ?? .infinity
      return switch measure {
      case .accuracy: (-(score.accuracy ?? 0), loss)
      case .loss: (loss, 0)
      case .trainLoss: (score.trainLoss ?? .infinity, 0)
      }
    }
    let order = scores.map { entry -> (Int, Double, Double) in
      let costs = entry.runs.map { $0.map(cost) ?? (.infinity, .infinity) }
      func mean(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        return mean.isNaN ? .infinity : mean
      }
      return (entry.setting, mean(costs.map(\.0)), mean(costs.map(\.1)))
    }.sorted { ($0.1, $0.2, $0.0) < ($1.1, $1.2, $1.0) }
    let count = kept(of: order.count)
    return Decision(
      epoch: epoch, measure: measure, kept: order.prefix(count).map(\.0).sorted(), stopped: order.dropFirst(count).map(\.0).sorted())
  }
}

/// How well a run does at some moment.
public struct SweepScore: Hashable, Sendable {
  /// On validation, as a share.
  public let accuracy: Double?
  /// On validation.
  public let loss: Double?
  /// The mean over the epoch.
  public let trainLoss: Double?
  public init(accuracy: Double?, loss: Double?, trainLoss: Double?) {
    (self.accuracy, self.loss, self.trainLoss) = (accuracy, loss, trainLoss)
  }
}
