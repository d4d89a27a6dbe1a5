/// Writes files without compression into one zip archive, which depends on nothing but them.
///
/// Source: PKWARE, .ZIP File Format Specification (APPNOTE), sections 4.3.7 to 4.3.16; without its extension to 64 bits.
struct ZipArchiveWriter {
  private(set) var chunks: [[UInt8]] = []
  private var size = 0
  private var directory: [UInt8] = []
  private var count = 0
  /// What four bytes of a size and two of a number hold.
  private static let (mostBytes, mostFiles) = (Int(UInt32.max), Int(UInt16.max))

  /// Appends a file; `false`, and nothing appended, where it would no longer fit.
  mutating func append(_ name: String, _ contents: [[UInt8]]) -> Bool {
    let bytes = contents.reduce(0) { $0 + $1.count }
    let text = Array(name.utf8)
    let needed = size + bytes + directory.count + 2 * text.count + 200
    guard count < Self.mostFiles, text.count < 1 << 16, needed < Self.mostBytes else { return false }
    var checksum = Checksum()
    for chunk in contents { checksum.absorb(chunk) }
    // Version 2.0, names in UTF-8, stored; the first day that the format knows.
    let common =
      fields16([20, 1 << 11, 0, 0, 0x21]) + fields32([checksum.value, UInt32(bytes), UInt32(bytes)]) + fields16([UInt16(text.count), 0])
    let header = fields32([0x0403_4b50]) + common + text
    directory += fields32([0x0201_4b50]) + fields16([20]) + common + fields16([0, 0, 0]) + fields32([0, UInt32(size)]) + text
    chunks += [header] + contents
    size += header.count + bytes
    count += 1
    return true
  }

  /// The archive.
  var bytes: [[UInt8]] {
    let numbers = [0, 0, UInt16(count), UInt16(count)]
    let end = fields32([0x0605_4b50]) + fields16(numbers) + fields32([UInt32(directory.count), UInt32(size)]) + fields16([0])
    return chunks + [directory, end]
  }

  private func fields16(_ values: [UInt16]) -> [UInt8] { values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] } }
  private func fields32(_ values: [UInt32]) -> [UInt8] {
    values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  }
}

/// The cyclic redundancy check of zip, of the polynomial 0xedb88320.
private struct Checksum {
  private var state = UInt32.max
  var value: UInt32 { ~state }
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
  }

  mutating func absorb(_ bytes: [UInt8]) {
    var state = state
    Self.table.withUnsafeBufferPointer { table in
      for byte in bytes { state = table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] ^ state >> 8 }
    }
    self.state = state
  }
}
