/// One random change of a training image, drawn anew for every example in every epoch.
public protocol Augmentation: Sendable {
  /// The name of its random stream.
  var name: String { get }
  /// Changes the image in place, as two random words say.
  func apply(to image: AugmentedImage, words: (UInt32, UInt32))
}

/// A prepared image in memory.
public struct AugmentedImage {
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

  /// A pipeline for images of `shape` (channels, height, width), or nil for another number of sizes or where there are no steps.
  public init?(_ steps: [any Augmentation], shape: [Int], seed: UInt64) {
    guard !steps.isEmpty, shape.count == 3, shape.allSatisfy({ $0 > 0 }), checkedProduct(shape) != nil else { return nil }
    self.steps = steps
    (channels, height, width) = (shape[0], shape[1], shape[2])
    streams = steps.indices.map { index in
      let earlier = steps[..<index].count { $0.name == steps[index].name }
      return RandomStream(seed: seed, purpose: "augment", name: steps[index].name + (earlier == 0 ? "" : " \(earlier + 1)"))
    }
  }

  /// The number of values of an image.
  public var elements: Int { channels * height * width }

  /// The two random words of step `index` for an example in an epoch.
  func words(_ index: Int, epoch: Int, example: Int) -> (UInt32, UInt32) {
    let stream = streams[index].derived(UInt64(bitPattern: Int64(epoch))).derived(UInt64(bitPattern: Int64(example)))
    let block = stream.block(0)
    return (block.0, block.1)
  }

  /// Changes the prepared image at `image` (channels, height, width; `elements` values) as epoch and example say. `scratch` has room for
  /// one image and holds nothing of use afterwards.
  public func apply(
    to image: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>, epoch: Int, example: Int
  ) {
    let image = AugmentedImage(channels: channels, height: height, width: width, values: image, scratch: scratch)
    for (index, step) in steps.enumerated() { step.apply(to: image, words: words(index, epoch: epoch, example: example)) }
  }

  /// Maps a random word to 0..<bound, as (word * bound) / 2^32; for the small bounds here no value is favoured by more than 2^-32 * bound.
  public static func scaled(_ word: UInt32, below bound: Int) -> Int { Int((UInt64(word) &* UInt64(max(bound, 1))) >> 32) }
}
