import DrnMethods

/// The random changes that `augment:` can list. A new augmentation is one file in this folder and one entry here.
public enum Augmentations {
  /// In the order in which they are listed.
  public static let all: [any DataAugmentation.Type] = [PadCrop.self, FlipHorizontal.self, Cutout.self, SpecAugment.self, TimeShift.self]

  /// What a length in pixels, positions or features can be.
  static let extent = OptionKind.integer(1...4096)
}
