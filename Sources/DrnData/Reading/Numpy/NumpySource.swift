import DrnTensorFile

/// Where one NumPy array is: a `.npy` file, or an entry of an `.npz` archive.
public enum NumpySource: Hashable, Sendable {
  /// A file of its own.
  case file(String)
  /// The array of that name in an archive.
  case entry(String, in: String)

  /// The file concerned.
  public var path: String {
    switch self {
    case .file(let path): path
    case .entry(_, in: let path): path
    }
  }

  /// What messages call it.
  var text: String {
    switch self {
    case .file(let path): path
    case .entry(let name, in: let path): "`\(name)` in \(path)"
    }
  }

  /// Headers are shorter than this.
  private static let headerCount = 1 << 12

  func header() throws(DataError) -> NumpyHeader {
    switch self {
    case .file(let path): return try Self.restated(path) { () throws(TensorFileError) in try NumpyFile.header(path: path) }
    case .entry(let name, in: let path):
      let archive = try ZipArchive(path: path)
      let entry = try Self.find(name, in: archive.entries, path)
      let prefix = try archive.read(entry, prefix: Self.headerCount)
      return try Self.restated(path) { () throws(TensorFileError) in
        try NumpyFile.header(prefix: prefix, size: entry.count, path: path)
      }
    }
  }

  func read() throws(DataError) -> TensorEntry {
    switch self {
    case .file(let path): return try Self.restated(path) { () throws(TensorFileError) in try NumpyFile.read(path: path) }
    case .entry(let name, in: let path):
      let archive = try ZipArchive(path: path)
      let bytes = try archive.read(try Self.find(name, in: archive.entries, path))
      return try Self.restated(path) { () throws(TensorFileError) in try NumpyFile.read(bytes, path: path) }
    }
  }

  private static func find(_ name: String, in entries: [ZipArchive.Entry], _ path: String) throws(DataError) -> ZipArchive.Entry {
    if let entry = entries.first(where: { $0.name == name + ".npy" }) { return entry }
    let known = entries.map { $0.name.hasSuffix(".npy") ? String($0.name.dropLast(4)) : $0.name }
    let names = known.prefix(8)
    throw DataError(
      kind: .options, path: path, message: "has no array `\(name)`",
      help: names.isEmpty ? "the archive is empty" : "it holds " + names.joined(separator: ", ") + (entries.count > 8 ? ", ..." : ""),
      missing: .init(name: name, known: known))
  }

  /// Runs a function of `DrnTensorFile` and restates its error.
  static func restated<T>(_ path: String, _ body: () throws(TensorFileError) -> T) throws(DataError) -> T {
    do { return try body() } catch { throw DataError(error, path: path) }
  }
}
