import CZlib

/// The entries of a zip archive, stored or deflated, as `numpy.savez` and `numpy.savez_compressed` write them.
///
/// Source: PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", 4.3 and 4.5.3. Archives beyond 4 GB as a whole are not read.
struct ZipArchive: ~Copyable {
  /// One file of the archive.
  struct Entry: Equatable {
    let name: String
    let method: Int
    let checksum: UInt
    let compressedCount: Int
    let count: Int
    let headerOffset: Int
  }

  let entries: [Entry]
  private let file: PlainFile

  private static let endSignature: [UInt8] = [0x50, 0x4B, 5, 6]
  private static let endCount = 22
  private static let centralSignature: [UInt8] = [0x50, 0x4B, 1, 2]
  private static let centralCount = 46
  private static let localSignature: [UInt8] = [0x50, 0x4B, 3, 4]
  private static let localCount = 30
  private static let stored = 0
  /// A hundred thousand arrays have no longer list; it is held in memory by `check` too.
  private static let longestList = 8 << 20
  private static let deflated = 8
  /// Deflate cannot shrink anything further than this (zlib's technical notes, "Maximum Compression Factor").
  private static let highestRatio = 1032

  /// Reads the list of entries.
  init(path: String) throws(DataError) {
    let file = try PlainFile(path: path)
    let tail = try file.read(at: max(0, file.size - Self.endCount - 0xFFFF), count: min(file.size, Self.endCount + 0xFFFF))
    guard let end = Self.lastEnd(in: tail) else {
      let starts = try file.read(at: 0, count: min(2, file.size)) == [0x50, 0x4B]
      throw DataError(
        kind: starts ? .truncated : .wrongMagic, path: path,
        message: starts ? "has no list of entries at its end, as a cut archive" : "is not a zip archive, as .npz files are")
    }
    let fields = Fields(tail[end...])
    let (count, size, offset) = (fields.short(10), fields.word(12), fields.word(16))
    guard offset != 0xFFFF_FFFF, count != 0xFFFF else {
      throw DataError(kind: .unsupported, path: path, message: "is a zip archive of more than 4 GB, which is not read")
    }
    guard size <= Self.longestList else {
      throw DataError(kind: .tooLarge, path: path, message: "has a list of entries of \(size) bytes; \(Self.longestList) are read")
    }
    entries = try Self.list(try file.read(at: offset, count: size), count: count, path: path)
    self.file = file
  }

  /// The bytes of an entry, whose checksum must hold; with `prefix`, at most that many from its start, unchecked.
  func read(_ entry: Entry, prefix: Int? = nil) throws(DataError) -> [UInt8] {
    let start = try dataOffset(entry)
    let wanted = min(prefix ?? entry.count, entry.count)
    try checkMemory(wanted, path: file.path)
    let bytes: [UInt8]
    switch entry.method {
    case Self.stored: bytes = try file.read(at: start, count: wanted)
    case Self.deflated:
      let (most, overflow) = entry.compressedCount.multipliedReportingOverflow(by: Self.highestRatio)
      guard overflow || entry.count <= most else { throw damaged(entry) }
      // A prefix needs no more than its own length, and a little for tables.
      let needed = prefix == nil ? entry.compressedCount : min(entry.compressedCount, wanted + (1 << 12))
      bytes = try inflate(try file.read(at: start, count: needed), count: wanted, entry)
    case let method:
      throw DataError(
        kind: .unsupported, path: file.path, message: "the entry \(entry.name) is compressed by method \(method)",
        help: "save it with numpy.savez or numpy.savez_compressed")
    }
    guard prefix != nil || Self.checksum(bytes) == entry.checksum else { throw damaged(entry) }
    return bytes
  }

  private func damaged(_ entry: Entry) -> DataError {
    DataError(kind: .corrupt, path: file.path, message: "the entry \(entry.name) is damaged", help: "copy or download it again")
  }

  private func dataOffset(_ entry: Entry) throws(DataError) -> Int {
    let local = try file.read(at: entry.headerOffset, count: Self.localCount)
    guard local.starts(with: Self.localSignature) else { throw damaged(entry) }
    let fields = Fields(local[...])
    return entry.headerOffset + Self.localCount + fields.short(26) + fields.short(28)
  }

  private func inflate(_ compressed: [UInt8], count: Int, _ entry: Entry) throws(DataError) -> [UInt8] {
    guard count > 0 else { return [] }
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = compressed.withUnsafeBufferPointer { Self.inflate($0, into: buffer) }
    }
    guard bytes.count == count else { throw damaged(entry) }
    return bytes
  }

  /// The number of bytes that came out; fewer than there is room for where the stream is damaged or ends.
  private static func inflate(_ compressed: UnsafeBufferPointer<UInt8>, into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var stream = z_stream()
    // A negative window size means a stream without header or trailer.
    guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return 0 }
    defer { inflateEnd(&stream) }
    var (read, written) = (0, 0)
    var status = Z_OK
    while status == Z_OK, written < buffer.count {
      let (input, room) = (min(compressed.count - read, 1 << 30), min(buffer.count - written, 1 << 30))
      stream.next_in = compressed.baseAddress.map { UnsafeMutablePointer(mutating: $0 + read) }
      stream.avail_in = UInt32(input)
      stream.next_out = buffer.baseAddress.map { $0 + written }
      stream.avail_out = UInt32(room)
      status = CZlib.inflate(&stream, Z_NO_FLUSH)
      let (taken, given) = (input - Int(stream.avail_in), room - Int(stream.avail_out))
      guard taken + given > 0 else { break }
      read += taken
      written += given
    }
    return written
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt {
    bytes.withUnsafeBufferPointer { bytes in
      var sum = crc32(0, nil, 0)
      var start = 0
      while start < bytes.count {
        let count = min(bytes.count - start, 1 << 30)
        sum = crc32(sum, bytes.baseAddress.map { $0 + start }, UInt32(count))
        start += count
      }
      return UInt(sum)
    }
  }

  // MARK: The list

  private static func lastEnd(in tail: [UInt8]) -> Int? {
    guard tail.count >= endCount else { return nil }
    return (0...tail.count - endCount).reversed().first { tail[$0...].starts(with: endSignature) }
  }

  private static func list(_ bytes: [UInt8], count: Int, path: String) throws(DataError) -> [Entry] {
    var entries: [Entry] = []
    var rest = bytes[...]
    for _ in 0..<count {
      let fields = Fields(rest)
      let length = centralCount + fields.short(28) + fields.short(30) + fields.short(32)
      guard rest.starts(with: centralSignature), length <= rest.count else {
        throw DataError(kind: .corrupt, path: path, message: "its list of entries is damaged", help: "copy or download it again")
      }
      let nameStart = rest.startIndex + centralCount
      let extraStart = nameStart + fields.short(28)
      var wide = wideSizes(rest[extraStart..<extraStart + fields.short(30)])
      func size(_ offset: Int) -> Int? {
        let short = fields.word(offset)
        return short == 0xFFFF_FFFF ? wide.popFirst() : short
      }
      // In the order in which the extra field lists those that do not fit.
      guard let whole = size(24), let compressed = size(20), let offset = size(42) else {
        throw DataError(kind: .corrupt, path: path, message: "an entry lacks its sizes", help: "copy or download it again")
      }
      entries.append(
        Entry(
          name: String(decoding: rest[nameStart..<extraStart], as: UTF8.self), method: fields.short(10), checksum: UInt(fields.word(16)),
          compressedCount: compressed, count: whole, headerOffset: offset))
      rest = rest.dropFirst(length)
    }
    return entries
  }

  /// The 64-bit numbers of the extra field with the identifier 1.
  private static func wideSizes(_ extra: ArraySlice<UInt8>) -> ArraySlice<Int> {
    var rest = extra
    while rest.count >= 4 {
      let fields = Fields(rest)
      let length = fields.short(2)
      guard length + 4 <= rest.count else { return [] }
      if fields.short(0) == 1 { return (0..<length / 8).map { fields.long(4 + 8 * $0) }[...] }
      rest = rest.dropFirst(4 + length)
    }
    return []
  }

  /// Little-endian numbers at offsets; 0 past the end, where the signature before it has already failed.
  private struct Fields {
    private let bytes: ArraySlice<UInt8>
    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }
    private func number(_ offset: Int, _ count: Int) -> UInt64 {
      guard offset + count <= bytes.count else { return 0 }
      let start = bytes.startIndex + offset
      return bytes[start..<start + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    func short(_ offset: Int) -> Int { Int(number(offset, 2)) }
    func word(_ offset: Int) -> Int { Int(number(offset, 4)) }
    /// A number beyond `Int` becomes the largest, which no file holds.
    func long(_ offset: Int) -> Int { Int(clamping: number(offset, 8)) }
  }
}
