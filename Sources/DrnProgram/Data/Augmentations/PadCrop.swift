import DrnData
import DrnMethods

/// A window of the original size at a random place of the image with zeros on every side.
public struct PadCrop: DataAugmentation {
  public static let spec = MethodSpec(
    "pad_crop", summary: "Adds zeros on every side and cuts a window of the original size from a random place.",
    options: [OptionSpec("padding", Augmentations.extent, required: true, "Pixels added on each side.")], positional: 1)
  public let options: Options
  private let padding: Int
  public init(options: Options) {
    self.options = options
    padding = options.integer("padding") ?? 0
  }

  public static let subject = AugmentationSubject.images
  public var reach: AugmentationReach { AugmentationReach(rows: padding, columns: padding) }

  public func apply(to image: AugmentedExample, stream: RandomStream) {
    let words = stream.block(0)
    let choices = 2 * padding + 1
    image.shift(
      down: AugmentationPipeline.scaled(words.0, below: choices) - padding,
      right: AugmentationPipeline.scaled(words.1, below: choices) - padding)
  }
}

extension AugmentedExample {
  /// The value at (y, x) becomes that at (y + down, x + right), or 0 where that is outside.
  func shift(down: Int, right: Int) {
    guard down != 0 || right != 0 else { return }
    scratch.update(from: values, count: channels * height * width)
    let columns = max(0, -right)..<max(max(0, -right), min(width, width - right))
    for channel in 0..<channels {
      for y in 0..<height {
        let target = values + (channel * height + y) * width
        guard (0..<height).contains(y + down), !columns.isEmpty else {
          target.update(repeating: 0, count: width)
          continue
        }
        let source = scratch + (channel * height + y + down) * width + columns.lowerBound + right
        target.update(repeating: 0, count: columns.lowerBound)
        (target + columns.lowerBound).update(from: source, count: columns.count)
        (target + columns.upperBound).update(repeating: 0, count: width - columns.upperBound)
      }
    }
  }
}
