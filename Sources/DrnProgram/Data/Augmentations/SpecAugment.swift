import DrnData
import DrnMethods

/// Bands of features and stretches of positions set to 0, which `standardize` has made the mean of the training split. Time is not warped.
///
/// Source: Park et al., "SpecAugment: A Simple Data Augmentation Method for Automatic Speech Recognition", arXiv 1904.08779, section 2.
public struct SpecAugment: DataAugmentation {
  public static let spec = MethodSpec(
    "spec_augment",
    summary: "Sets random bands of features and random stretches of positions of a sequence to zero; time is not warped.",
    source: "Park et al. 2019, arXiv 1904.08779",
    options: [
      OptionSpec("frequency", .integer(0...4096), required: true, "The most features of a band."),
      OptionSpec("time", .integer(0...4096), required: true, "The most positions of a stretch."),
      OptionSpec("masks", .integer(1...64), default: .integer(1), "How many bands there are, and how many stretches."),
    ])
  public static let subject = AugmentationSubject.sequences
  public let options: Options
  private let frequency: Int
  private let time: Int
  private let masks: Int
  public init(options: Options) {
    self.options = options
    frequency = options.integer("frequency") ?? 0
    time = options.integer("time") ?? 0
    masks = options.integer("masks") ?? 1
  }

  public var reach: AugmentationReach { AugmentationReach(rows: time, columns: frequency) }

  /// The four words of block i draw the i-th band and stretch: its length from 0 to the most there may be, then its start among those at which it
  /// ends within the sequence.
  public func apply(to sequence: AugmentedExample, stream: RandomStream) {
    let (positions, features) = (sequence.height, sequence.width)
    for mask in 0..<masks {
      let words = stream.block(UInt64(mask))
      let band = stretch(words.0, words.1, atMost: frequency, of: features)
      for position in 0..<positions { (sequence.values + position * features + band.lowerBound).update(repeating: 0, count: band.count) }
      // Of a short example one position at least stays.
      let silence = stretch(words.2, words.3, atMost: min(time, positions - 1), of: positions)
      (sequence.values + silence.lowerBound * features).update(repeating: 0, count: silence.count * features)
    }
  }

  private func stretch(_ first: UInt32, _ second: UInt32, atMost most: Int, of extent: Int) -> Range<Int> {
    let length = min(AugmentationPipeline.scaled(first, below: most + 1), extent)
    let start = AugmentationPipeline.scaled(second, below: extent - length + 1)
    return start..<start + length
  }
}
