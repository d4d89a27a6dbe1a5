import DrnData
import DrnMethods

/// A sequence moved forwards or backwards; what comes in at an end is 0, which `standardize` has made the mean of the training split.
public struct TimeShift: DataAugmentation {
  public static let spec = MethodSpec(
    "time_shift", summary: "Moves a sequence forwards or backwards by a random number of positions, and fills with zeros.",
    options: [OptionSpec("positions", Augmentations.extent, required: true, "The most positions it is moved by.")], positional: 1)
  public static let subject = AugmentationSubject.sequences
  public let options: Options
  private let positions: Int
  public init(options: Options) {
    self.options = options
    positions = options.integer("positions") ?? 0
  }

  public var reach: AugmentationReach { AugmentationReach(rows: positions, columns: 0) }

  /// Position t becomes that of t + d, with d from -positions to positions; of an example that is no longer than that, at most so far that one of
  /// its positions stays.
  public func apply(to sequence: AugmentedExample, stream: RandomStream) {
    let most = min(positions, sequence.height - 1)
    sequence.shift(down: AugmentationPipeline.scaled(stream.block(0).0, below: 2 * most + 1) - most, right: 0)
  }
}
