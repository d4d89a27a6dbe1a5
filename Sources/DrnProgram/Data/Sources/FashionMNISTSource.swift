import DrnData
import DrnMethods

/// Fashion-MNIST where Debian's package dataset-fashion-mnist puts its files.
public struct FashionMNISTSource: DataSource {
  private static let folder = "/usr/share/datasets/fashion-mnist"

  public static let spec = MethodSpec(
    "fashion_mnist", summary: "Fashion-MNIST from Debian's package dataset-fashion-mnist, in \(folder).")
  public let options: Options
  public init(options: Options) { self.options = options }

  public func readers(_ request: DataRequest, _ seeds: SourceSeeds) throws(DataError) -> SourceReaders {
    try .idx(folder: Self.folder, request)
  }

  public var places: SourcePlaces { .folder(Self.folder) }
  public var text: String { IDXSource.text(ofFolder: Self.folder) }
}
