import DrnData
import DrnMethods

/// A random change that `augment:` lists. One file each under `Augmentations/`, listed in `Augmentations.all`.
public protocol DataAugmentation: Method, Augmentation {
  /// In pixels, what has to be less than both sides of an image so that it never leaves nothing of it; `nil` where any image does.
  var reach: Int? { get }
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
