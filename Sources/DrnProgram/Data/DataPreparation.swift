import DrnData
import DrnJSON
import DrnMethods

/// What `prepare:` does to every example. One file each under `Preparations/`, listed in `Preparations.all`.
public protocol DataPreparation: Method {
  /// The map of the values of an example, with statistics of the examples `indices`, those that are trained on; `nil` leaves the values as
  /// they are.
  func fitted(to data: DataSet, indices: [Int]) -> Preparation?
  /// What a fitted map does to examples of `shape`, for who uses the weights without the program.
  func description(of map: Preparation, shape: [Int]) -> JSON?
}
