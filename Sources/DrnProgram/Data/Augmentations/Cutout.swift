import DrnData
import DrnMethods

/// A square around a random centre set to 0; what lies outside the image is cut off.
///
/// Source: DeVries and Taylor, "Improved Regularization of Convolutional Neural Networks with Cutout", arXiv 1708.04552.
public struct Cutout: DataAugmentation {
  public static let spec = MethodSpec(
    "cutout", summary: "Sets a square around a random centre to zero.", source: "DeVries and Taylor 2017, arXiv 1708.04552",
    options: [OptionSpec("size", Augmentations.extent, required: true, "The side of the square in pixels.")], positional: 1)
  public let options: Options
  private let size: Int
  public init(options: Options) {
    self.options = options
    size = options.integer("size") ?? 1
  }

  public static let subject = AugmentationSubject.images
  public var reach: AugmentationReach { AugmentationReach(rows: size, columns: size) }

  /// Zeros rows `row - size / 2 ..< row - size / 2 + size`, and columns likewise.
  public func apply(to image: AugmentedExample, stream: RandomStream) {
    let words = stream.block(0)
    let rows = clipped(AugmentationPipeline.scaled(words.0, below: image.height), image.height)
    let columns = clipped(AugmentationPipeline.scaled(words.1, below: image.width), image.width)
    for channel in 0..<image.channels {
      for y in rows {
        let row = image.values + (channel * image.height + y) * image.width
        (row + columns.lowerBound).update(repeating: 0, count: columns.count)
      }
    }
  }

  private func clipped(_ centre: Int, _ extent: Int) -> Range<Int> {
    let start = centre - size / 2
    return max(0, start)..<max(0, min(extent, start + size))
  }
}
