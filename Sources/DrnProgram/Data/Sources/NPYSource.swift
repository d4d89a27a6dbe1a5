import DrnData
import DrnMethods

/// NumPy arrays, each in a file of its own.
public struct NPYSource: DataSource {
  public static let spec = MethodSpec(
    "npy", summary: "NumPy arrays whose first size is the number of examples.",
    options: [
      .text("features", required: true, "The training features."), .text("labels", required: true, "Their labels or targets."),
      .text("test_features", "The test features."), .text("test_labels", "Their labels or targets."),
    ])
  public let options: Options
  public init(options: Options) { self.options = options }

  public static func fault(in options: Options) -> SourceFault? { .unpaired("test_features", "test_labels", in: options) }

  public func readers(_ request: DataRequest, _ seeds: SourceSeeds) throws(DataError) -> SourceReaders {
    .pairs("features", "labels", of: options) { request.numpy(.file(request.path($0)), .file(request.path($1))) }
  }

  public var places: SourcePlaces {
    .files(options.text("features"), options.text("labels"), options.text("test_features"), options.text("test_labels"))
  }
}
