import DrnSystem

/// Reads `.npy` files of versions 1.0, 2.0 and 3.0 in either order of bytes and of axes, and writes them little-endian and in C order.
///
/// Source: the NumPy documentation, numpy.lib.format.
public enum NumpyFile {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// The header alone; also checks that the length of the file is exactly what the header announces.
  public static func header(path: String) throws(TensorFileError) -> NumpyHeader {
    let file = try FileReader(path: path)
    return try readHeader(of: file)
  }

  /// The array, named after the file without its folder and extension.
  public static func read(path: String) throws(TensorFileError) -> TensorEntry {
    let file = try FileReader(path: path)
    let header = try readHeader(of: file)
    let bytes = try file.bytes(at: header.dataOffset, count: file.size - header.dataOffset)
    let fileName = Path.name(of: path)
    let suffix = Path.fileExtension(of: path)
    let name = suffix.isEmpty ? fileName : String(decoding: fileName.utf8.dropLast(suffix.utf8.count + 1), as: UTF8.self)
    return try entry(name, header, bytes, path: path)
  }

  /// Rows of the array of a file, as its first index counts them, without the others where they lie one after another in the file; `header` is
  /// that of the file.
  public static func read(rows: Range<Int>, path: String, header: NumpyHeader) throws(TensorFileError) -> TensorEntry {
    guard let count = header.shape.first, count > 0, (0...count).contains(rows.lowerBound), rows.upperBound <= count else {
      throw .corrupt("has no rows \(rows.lowerBound) to \(rows.upperBound)", path: path)
    }
    var part = header
    part.shape = [rows.count] + header.shape.dropFirst()
    let file = try FileReader(path: path)
    let width = (file.size - header.dataOffset) / count
    guard !header.isFortranOrder else {
      let whole = try read(path: path)
      guard whole.shape == header.shape else { throw .corrupt("has changed while it was read", path: path) }
      let bytes = Array(whole.bytes[(rows.lowerBound * width)..<(rows.upperBound * width)])
      return TensorEntry(name: whole.name, elementType: whole.elementType, shape: part.shape, bytes: bytes)
    }
    let bytes = try file.bytes(at: header.dataOffset + rows.lowerBound * width, count: rows.count * width)
    return try entry("", part, bytes, path: path)
  }

  /// What a file of `count` rows of some shape begins with, of values in single precision; as long for every count.
  public static func headerOfRows(count: Int, shape: [Int]) -> [UInt8] {
    let literal = NumpyHeader.literal(description: "<f4", shape: [count] + shape)
    // The digits of the largest count there can be.
    let room = String(repeating: " ", count: max(0, 19 - String(count).count))
    return encodedHeader(literal + room)
  }

  /// Writes the tensor without its name; the data starts at a multiple of 64, as `numpy.save` has it.
  ///
  /// The file appears whole or not at all. Throws `unsupported` for an element type that NumPy does not have.
  public static func write(_ tensor: TensorEntry, path: String) throws(TensorFileError) {
    let chunks = try encoded(tensor, path: path)
    do { try Files.replace(path, with: chunks) } catch { throw .writing(path, code: error.code) }
  }

  /// The bytes of that file, header and elements; `path` is for messages. Throws as `write` does.
  public static func encoded(_ tensor: TensorEntry, path: String) throws(TensorFileError) -> [[UInt8]] {
    guard let description = NumpyHeader.description(of: tensor.elementType) else {
      throw TensorFileError(
        kind: .unsupported, path: path, message: "elements of type \(tensor.elementType.rawValue) cannot be written as .npy")
    }
    guard tensor.bytes.count == tensor.expectedByteCount else {
      throw .corrupt("the tensor holds \(tensor.bytes.count) bytes, which does not match its shape \(tensor.shape)", path: path)
    }
    return [encodedHeader(NumpyHeader.literal(description: description, shape: tensor.shape)), tensor.bytes]
  }

  private static func encodedHeader(_ literal: String) -> [UInt8] {
    // Version 2.0 differs only in four bytes instead of two for the length.
    let isLong = literal.utf8.count > 65_000
    let fixedCount = magic.count + 2 + (isLong ? 4 : 2)
    let padding = (64 - (fixedCount + literal.utf8.count + 1) % 64) % 64
    let text = Array(literal.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: padding) + [UInt8(ascii: "\n")]
    let length = isLong ? littleEndianBytes([UInt32(truncatingIfNeeded: text.count)]) : littleEndianBytes([UInt16(text.count)])
    return magic + [isLong ? 2 : 1, 0] + length + text
  }

  /// An array from the bytes of a whole `.npy` file, such as an entry of an archive; `path` is for messages.
  public static func read(_ bytes: [UInt8], path: String) throws(TensorFileError) -> TensorEntry {
    let header = try readHeader(Contents(path: path, size: bytes.count) { offset, count in Array(bytes[offset..<offset + count]) })
    return try entry("", header, Array(bytes[header.dataOffset...]), path: path)
  }

  /// The header of a `.npy` file of `size` bytes from its first bytes, which must hold it whole; `path` is for messages.
  public static func header(prefix: [UInt8], size: Int, path: String) throws(TensorFileError) -> NumpyHeader {
    try readHeader(
      Contents(path: path, size: size) { offset, count throws(TensorFileError) in
        guard offset + count <= prefix.count else { throw .corrupt("its header is longer than \(prefix.count) bytes", path: path) }
        return Array(prefix[offset..<offset + count])
      })
  }

  /// The array as tensors are kept: little-endian and row-major.
  private static func entry(_ name: String, _ header: NumpyHeader, _ stored: [UInt8], path: String) throws(TensorFileError) -> TensorEntry {
    var bytes = stored
    let width = header.elementType.byteCount
    if header.isBigEndian {
      for start in stride(from: 0, to: bytes.count, by: width) { bytes[start..<start + width].reverse() }
    }
    if header.isFortranOrder {
      guard bytes.count <= MachineMemory.available else {
        throw TensorFileError(
          kind: .tooLarge, path: path, message: "\(bytes.count) bytes in Fortran order do not fit in memory a second time")
      }
      bytes = rowMajor(bytes, header.shape, width)
    }
    return TensorEntry(name: name, elementType: header.elementType, shape: header.shape, bytes: bytes)
  }

  /// Elements whose first index varies fastest, with the last varying fastest.
  private static func rowMajor(_ stored: [UInt8], _ shape: [Int], _ width: Int) -> [UInt8] {
    guard !stored.isEmpty else { return stored }
    // How far apart in the file two neighbours along an axis are.
    var strides: [Int] = []
    var stride = width
    for size in shape {
      strides.append(stride)
      stride *= size
    }
    var index = [Int](repeating: 0, count: shape.count)
    var source = 0
    return [UInt8](unsafeUninitializedCapacity: stored.count) { buffer, filled in
      while filled < stored.count {
        for byte in 0..<width { buffer[filled + byte] = stored[source + byte] }
        filled += width
        var axis = shape.count - 1
        while axis >= 0 {
          index[axis] += 1
          source += strides[axis]
          if index[axis] < shape[axis] { break }
          source -= strides[axis] * shape[axis]
          index[axis] = 0
          axis -= 1
        }
      }
    }
  }

  /// What a header is read from: a file or bytes in memory.
  private struct Contents {
    let path: String
    let size: Int
    /// The bytes from an offset, within `size`.
    let bytes: (_ offset: Int, _ count: Int) throws(TensorFileError) -> [UInt8]
  }

  private static func readHeader(of file: borrowing FileReader) throws(TensorFileError) -> NumpyHeader {
    let prefix = try file.bytes(at: 0, count: min(file.size, longestHeader))
    return try header(prefix: prefix, size: file.size, path: file.path)
  }

  /// Headers name one type and a few sizes.
  private static let longestHeader = 1 << 16

  private static func readHeader(_ file: Contents) throws(TensorFileError) -> NumpyHeader {
    let (start, length) = try headerRange(file)
    guard length <= file.size - start else {
      throw TensorFileError(kind: .truncated, path: file.path, message: "ends within its header of \(length) bytes")
    }
    let text = try file.bytes(start, length)
    let header: NumpyHeader
    do { header = try NumpyHeader(decoding: text, dataOffset: start + length) } catch {
      throw TensorFileError(
        kind: error.isUnsupported ? .unsupported : .corrupt(reason: error.reason), path: file.path, message: error.reason)
    }
    try checkLength(file, header)
    return header
  }

  /// Where the header text starts, and its length.
  private static func headerRange(_ file: Contents) throws(TensorFileError) -> (start: Int, length: Int) {
    let prefix = try file.bytes(0, min(12, file.size))
    guard prefix.starts(with: magic) || magic.starts(with: prefix) else {
      throw .corrupt("does not start as a .npy file does", path: file.path)
    }
    guard prefix.count >= 10 else {
      throw TensorFileError(kind: .truncated, path: file.path, message: "is \(file.size) bytes long; too short for a .npy file")
    }
    let version = (prefix[6], prefix[7])
    // Version 3.0 differs from 2.0 only in the encoding of names, which arrays of numbers have none of.
    guard version == (1, 0) || ([2, 3].contains(version.0) && version.1 == 0 && prefix.count == 12) else {
      throw TensorFileError(
        kind: .unsupported, path: file.path, message: "is of .npy version \(version.0).\(version.1); 1.0, 2.0 and 3.0 are read")
    }
    let lengthCount = version.0 == 1 ? 2 : 4
    let length = prefix[8..<8 + lengthCount].reversed().reduce(0) { $0 << 8 | Int($1) }
    return (8 + lengthCount, length)
  }

  private static func checkLength(_ file: Contents, _ header: NumpyHeader) throws(TensorFileError) {
    let entry = TensorEntry(name: "", elementType: header.elementType, shape: header.shape, bytes: [])
    guard let expected = entry.expectedByteCount else {
      throw .corrupt("the shape \(header.shape) is too large to exist", path: file.path)
    }
    let present = file.size - header.dataOffset
    guard present >= expected else {
      throw TensorFileError(
        kind: .truncated, path: file.path, message: "holds \(present) bytes of data; \(header.shape) needs \(expected)")
    }
    guard present == expected else { throw .corrupt("\(present - expected) bytes follow the array", path: file.path) }
  }
}
