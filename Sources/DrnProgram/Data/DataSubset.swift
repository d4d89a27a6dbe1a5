import DrnMethods

/// A choice among the training examples of each class. One file each under `Subsets/`, listed in `Subsets.all`.
public protocol DataSubset: Method {
  /// How many examples of each class are trained on, of so many that the training split has of it.
  func counts(of available: [Int]) -> [Int]
}
