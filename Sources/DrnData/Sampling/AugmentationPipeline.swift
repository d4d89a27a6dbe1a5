/// One random change of a training example, drawn anew for every example in every epoch.
public protocol Augmentation: Sendable {
  /// The name of its random stream.
  var name: String { get }
  /// Changes the example in place, as the first words of a stream of its own say.
  func apply(to example: AugmentedExample, stream: RandomStream)
}

/// A prepared example in memory: an image, or a sequence, which is one of a single channel with a row for each position and a column for each
/// feature.
public struct AugmentedExample {
  public let channels: Int
  public let height: Int
  public let width: Int
  /// `channels * height * width` values, row-major.
  public let values: UnsafeMutablePointer<Float>
  /// Room for as many, which holds nothing of use before and afterwards.
  public let scratch: UnsafeMutablePointer<Float>
}

/// The augmentations of a data set, in the order in which they are applied, with the stream of random numbers of each.
///
/// An example's numbers are those of the stream (seed, "augment", name), derived by the epoch and then by the example's number in the
/// training files: no other example, epoch, batch size or augmentation has a part in them. A name that occurs again is numbered.
public struct AugmentationPipeline: Sendable {
  /// The steps, first to last.
  public let steps: [any Augmentation]
  private let streams: [RandomStream]
  let channels: Int
  let height: Int
  let width: Int

  /// A pipeline for images of `shape` (channels, height, width) or sequences (positions, features), or nil for another number of sizes or where
  /// there are no steps.
  public init?(_ steps: [any Augmentation], shape: [Int], seed: UInt64) {
    let sizes = shape.count == 2 ? [1] + shape : shape
    guard !steps.isEmpty, sizes.count == 3, sizes.allSatisfy({ $0 > 0 }), checkedProduct(sizes) != nil else { return nil }
    self.steps = steps
    (channels, height, width) = (sizes[0], sizes[1], sizes[2])
    streams = steps.indices.map { index in
      let earlier = steps[..<index].count { $0.name == steps[index].name }
      return RandomStream(seed: seed, purpose: "augment", name: steps[index].name + (earlier == 0 ? "" : " \(earlier + 1)"))
    }
  }

  /// The number of values of an example.
  public var elements: Int { channels * height * width }

  /// The stream of step `index` for an example in an epoch.
  private func stream(_ index: Int, epoch: Int, example: Int) -> RandomStream {
    streams[index].derived(UInt64(bitPattern: Int64(epoch))).derived(UInt64(bitPattern: Int64(example)))
  }

  /// The first two random words of step `index` for an example in an epoch.
  func words(_ index: Int, epoch: Int, example: Int) -> (UInt32, UInt32) {
    let block = stream(index, epoch: epoch, example: example).block(0)
    return (block.0, block.1)
  }

  /// Changes the prepared example at `values` (`elements` of them) as epoch and number of the example say; of a sequence that is shorter the
  /// first `length` positions alone. `scratch` has room for one example and holds nothing of use afterwards.
  public func apply(
    to values: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>, epoch: Int, example: Int, length: Int? = nil
  ) {
    let prepared = AugmentedExample(
      channels: channels, height: length ?? height, width: width, values: values, scratch: scratch)
    for (index, step) in steps.enumerated() { step.apply(to: prepared, stream: stream(index, epoch: epoch, example: example)) }
  }

  /// Maps a random word to 0..<bound, as (word * bound) / 2^32; for the small bounds here no value is favoured by more than 2^-32 * bound.
  public static func scaled(_ word: UInt32, below bound: Int) -> Int { Int((UInt64(word) &* UInt64(max(bound, 1))) >> 32) }
}
