import DrnData
import DrnMethods

/// Arrays of one NumPy archive.
public struct NPZSource: DataSource {
  public static let spec = MethodSpec(
    "npz", summary: "Arrays of one NumPy archive, stored or compressed, by their names in it.",
    options: [
      .text("file", required: true, "The archive."), .text("features", required: true, "The training features."),
      .text("labels", required: true, "Their labels or targets."), .text("test_features", "The test features."),
      .text("test_labels", "Their labels or targets."),
    ], positional: 1)
  public let options: Options
  private let file: String
  public init(options: Options) {
    self.options = options
    file = options.text("file") ?? ""
  }

  public static func fault(in options: Options) -> SourceFault? { .unpaired("test_features", "test_labels", in: options) }

  public func readers(_ request: DataRequest, _ seeds: SourceSeeds) throws(DataError) -> SourceReaders {
    let path = request.path(file)
    return .pairs("features", "labels", of: options) { request.numpy(.entry($0, in: path), .entry($1, in: path)) }
  }

  public var places: SourcePlaces { .files(file) }
}
