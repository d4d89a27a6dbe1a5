import DrnData
import DrnMethods

/// A random change that `augment:` lists. One file each under `Augmentations/`, listed in `Augmentations.all`.
public protocol DataAugmentation: Method, Augmentation {
  /// What it changes.
  static var subject: AugmentationSubject { get }
  /// What has to be less than the sizes of an example, so that it never leaves nothing of it.
  var reach: AugmentationReach { get }
}

/// What an augmentation takes.
public enum AugmentationSubject: String, Sendable {
  /// Examples of three sizes: channels, height and width.
  case images
  /// Examples of two sizes: positions and features.
  case sequences

  /// The number of sizes.
  public var sizeCount: Int { self == .images ? 3 : 2 }
}

/// How far an augmentation moves or hides at most, in pixels, or in positions and features.
public struct AugmentationReach: Sendable {
  /// Along the height, or the positions; 0 where any size will do.
  public let rows: Int
  /// Along the width, or the features; 0 where any size will do.
  public let columns: Int
  /// Any size will do.
  public static let none = AugmentationReach(rows: 0, columns: 0)
}

extension DataAugmentation {
  /// The word of the language, also the name of its random stream.
  public var name: String { Self.spec.name }

  /// `pad_crop(4)`: as it is written, leading options without their names.
  public var text: String {
    let given = Self.spec.options.enumerated().compactMap { index, option in
      options[option.name].map { index < Self.spec.positional ? $0.text : "\(option.name): \($0.text)" }
    }
    return given.isEmpty ? name : "\(name)(\(given.joined(separator: ", ")))"
  }
}
