/// The header of an IDX file of unsigned bytes: its sizes, outermost first.
///
/// Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits", section "File formats".
struct IDXHeader: Equatable {
  var sizes: [Int]

  /// The length of the header in the file.
  var byteCount: Int { 4 + 4 * sizes.count }

  private static let unsignedByte: UInt8 = 0x08

  /// Reads the header and checks that the file can hold what it announces, exactly when it is not compressed.
  init(_ file: borrowing DataFile) throws(DataError) {
    let magic = try Self.readMagic(file)
    let dimensions = Int(magic[3])
    try file.checkRoom(for: 4 * dimensions, after: 4, what: "\(dimensions) dimensions")
    let bytes = try file.read(count: 4 * dimensions)
    sizes = (0..<dimensions).map { index in
      bytes[4 * index..<4 * index + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    let described = sizes.map(String.init).joined(separator: " x ")
    guard let count = checkedProduct(sizes) else {
      throw DataError(kind: .corrupt, path: file.path, message: "announces \(described) values, more than can exist")
    }
    try file.checkRoom(for: count, after: byteCount, what: "\(described) values")
    guard file.isCompressed || count == file.longestContent - byteCount else {
      throw DataError(
        kind: .sizeMismatch, path: file.path,
        message: "announces \(described) values, but \(file.longestContent - byteCount) bytes follow the header")
    }
    guard let examples = sizes.first, examples > 0, count > 0 else {
      throw DataError(kind: .empty, path: file.path, message: "holds no values (\(described))")
    }
  }

  private static func readMagic(_ file: borrowing DataFile) throws(DataError) -> [UInt8] {
    let magic = try file.readUp(to: 4)
    guard magic.prefix(2).allSatisfy({ $0 == 0 }) else {
      throw DataError(kind: .wrongMagic, path: file.path, message: "does not start with two zero bytes, as an IDX file does")
    }
    guard magic.count == 4 else {
      throw DataError(kind: .truncated, path: file.path, message: "is \(magic.count) bytes long, too short for an IDX file")
    }
    guard magic[2] == unsignedByte else {
      throw DataError(
        kind: .unsupported, path: file.path,
        message: "holds IDX elements of type 0x\(String(magic[2], radix: 16)); unsigned bytes (0x8) are read")
    }
    return magic
  }
}
