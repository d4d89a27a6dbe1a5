import DrnData
import DrnMethods

/// The image turned left to right, in one case of two.
public struct FlipHorizontal: DataAugmentation {
  public static let spec = MethodSpec("flip_horizontal", summary: "Turns the image left to right, in one case of two.")
  public let options: Options
  public init(options: Options) { self.options = options }

  public static let subject = AugmentationSubject.images
  public var reach: AugmentationReach { .none }

  public func apply(to image: AugmentedExample, stream: RandomStream) {
    guard stream.block(0).0 >> 31 == 1 else { return }
    let width = image.width
    for row in 0..<image.channels * image.height {
      let values = image.values + row * width
      for x in 0..<width / 2 {
        let value = values[x]
        values[x] = values[width - 1 - x]
        values[width - 1 - x] = value
      }
    }
  }
}
