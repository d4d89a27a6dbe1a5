import DrnData
import DrnJSON
import DrnMethods

/// Mean 0 and standard deviation 1 over the training split.
public struct Standardize: DataPreparation {
  public static let spec = MethodSpec(
    "standardize", summary: "Subtracts the mean of the training split and divides by its standard deviation.",
    options: [
      OptionSpec("per", .word(Preparation.Sharing.allCases.map(\.rawValue)), required: true, "What has statistics of its own.")
    ])
  public let options: Options
  private let sharing: Preparation.Sharing
  public init(options: Options) {
    self.options = options
    sharing = options.word("per").flatMap(Preparation.Sharing.init) ?? .all
  }

  public func fitted(to data: DataSet, indices: [Int]) -> Preparation? { .standardize(data, indices: indices, per: sharing) }

  /// One mean and one inverse deviation for each group of values that share them.
  public func description(of map: Preparation, shape: [Int]) -> JSON? {
    let (run, count) = sharing.groups(of: shape)
    let starts = (0..<count).map { $0 * run }.filter(map.mean.indices.contains)
    return .make([
      "per": .string(sharing.rawValue), "mean": .array(starts.map { .number(map.mean[$0]) }),
      "inverse_deviation": .array(starts.map { .number(map.inverseDeviation[$0]) }),
    ])
  }
}
