import DrnData
import DrnJSON
import DrnMethods

/// What `prepare:` does to every example. One file each under `Preparations/`, listed in `Preparations.all`.
///
/// It changes numbers that are there, by `fitted`, or makes them of a recording, by `frames`.
public protocol DataPreparation: Method {
  /// The map of the values of an example, with statistics of the examples `indices`, those that are trained on; `nil` leaves the values as
  /// they are.
  func fitted(to data: DataSet, indices: [Int]) -> Preparation?
  /// What a fitted map does to examples of `shape`, for who uses the weights without the program.
  func description(of map: Preparation, shape: [Int]) -> JSON?
  /// Whether it takes recordings and not numbers.
  static var takesRecordings: Bool { get }
  /// How it makes frames of a recording of `rate` samples a second; `nil` where it takes numbers.
  func frames(rate: Int) -> LogMelFrames?
}

extension DataPreparation {
  public static var takesRecordings: Bool { false }
  public func frames(rate: Int) -> LogMelFrames? { nil }
}
