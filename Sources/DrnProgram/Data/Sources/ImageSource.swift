import DrnData
import DrnMethods
import DrnNumbers

/// A folder of images for each class.
public struct ImageSource: DataSource {
  public static let spec = MethodSpec(
    "images", summary: "PNG and JPEG images of one size, a folder for each class, in folders `train` and `test` or directly.",
    options: [
      .text("folder", required: true, "The folder."),
      OptionSpec("test_share", .number(0...0.9), "The share held back for the test where there is no folder `train`; 20% unless given."),
      .text("validation", "The folder beside `train` with the images for validation, in place of a share of those in `train`."),
    ], positional: 1)
  public let options: Options
  private let folder: String
  /// What is held back for the test where there is no folder `train`; `nil` where the source does not say.
  private let testShare: Rational?
  private let validation: String?

  public init(options: Options) {
    folder = options.text("folder") ?? ""
    testShare = options.share("test_share")
    validation = options.text("validation")
    self.options = testShare.map { options.replacing(["test_share": OptionValue(decimalOrQuotient: $0)]) } ?? options
  }

  public func readers(_ request: DataRequest, _ seeds: SourceSeeds) throws(DataError) -> SourceReaders {
    .images(
      ImageFolderReader(
        path: request.path(folder), shape: request.shape, testShare: testShare, seed: seeds.split, validation: validation))
  }

  public var namesValidation: Bool { validation != nil }
  public var places: SourcePlaces { .folder(folder) }
}
