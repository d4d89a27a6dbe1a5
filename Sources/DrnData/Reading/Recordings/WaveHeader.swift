/// What a WAV file says of its samples, and where they stand in it.
///
/// Sources: IBM and Microsoft, "Multimedia Programming Interface and Data Specifications 1.0", 1991 (RIFF, WAVE); `WAVEFORMATEXTENSIBLE` in
/// Microsoft's `mmreg.h`.
struct WaveHeader: Equatable {
  /// How a sample is stored, least significant byte first.
  enum Encoding: Equatable {
    /// Whole numbers of 8 bits without a sign around 128, or of more bits in two's complement.
    case integer(bytes: Int)
    /// IEEE single precision.
    case float

    /// The bytes of a sample.
    var bytes: Int { if case .integer(let bytes) = self { bytes } else { 4 } }
  }

  let encoding: Encoding
  /// Samples a second.
  let rate: Int
  /// Where the first sample stands.
  let offset: Int
  /// The number of samples.
  let count: Int

  /// More chunks than a recording has any use for: a file of nothing else is not walked through.
  private static let mostChunks = 4096

  /// Reads the header of each chunk, and nothing of the samples. What the file announces is held against its length.
  init(_ file: borrowing PlainFile) throws(DataError) {
    let end = try Self.end(of: file)
    var format: Format?
    var data: Chunk?
    var offset = 12
    var chunks = 0
    while offset < end {
      let chunk = try Chunk(file, at: offset, before: end)
      switch chunk.name {
      case "fmt ":
        guard format == nil else { throw Self.twice(chunk, file.path) }
        format = try Format(file, chunk)
      case "data":
        guard data == nil else { throw Self.twice(chunk, file.path) }
        data = chunk
      case _: break
      }
      offset = chunk.body + chunk.size + chunk.size % 2
      chunks += 1
      guard chunks <= Self.mostChunks else {
        throw DataError(kind: .corrupt, path: file.path, message: "has more than \(Self.mostChunks) chunks")
      }
    }
    guard let format else { throw Self.missing("fmt ", file.path) }
    guard let data else { throw Self.missing("data", file.path) }
    guard data.size > 0 else { throw DataError(kind: .empty, path: file.path, message: "has no sample") }
    guard data.size % format.encoding.bytes == 0 else {
      throw DataError(
        kind: .corrupt, path: file.path,
        message: "holds \(data.size) bytes of samples, which are no whole number of samples of \(format.encoding.bytes)", help: again)
    }
    (encoding, rate) = (format.encoding, format.rate)
    (self.offset, count) = (data.body, data.size / format.encoding.bytes)
  }

  /// Where the file ends by its own account, after the 12 bytes that say what it is.
  private static func end(of file: borrowing PlainFile) throws(DataError) -> Int {
    let start = try file.read(at: 0, count: min(12, file.size))
    switch start.prefix(4) {
    case Array("RIFF".utf8)[...]: break
    case Array("RIFX".utf8)[...]:
      throw DataError(
        kind: .unsupported, path: file.path, message: "stores its numbers most significant byte first (RIFX)", help: "save it as RIFF")
    case Array("RF64".utf8)[...]:
      throw DataError(kind: .unsupported, path: file.path, message: "is of the form RF64, for files over 4 GB", help: "save it as RIFF")
    case _:
      throw file.size < 4 && "RIFF".utf8.starts(with: start) && !start.isEmpty
        ? tooShort(file)
        : DataError(
          kind: file.size == 0 ? .truncated : .wrongMagic, path: file.path,
          message: file.size == 0 ? "is empty" : "does not start with `RIFF`, as a WAV file does")
    }
    guard start.count == 12 else { throw tooShort(file) }
    guard start[8...] == Array("WAVE".utf8)[...] else {
      throw DataError(kind: .wrongMagic, path: file.path, message: "is a RIFF file, but of `\(name(start[8...]))` and not of `WAVE`")
    }
    let announced = 8 + number(start[4..<8])
    // The byte that fills up an odd size may be left out at the end of a file.
    guard announced <= file.size + announced % 2 else {
      throw DataError(
        kind: .truncated, path: file.path, message: "announces \(announced) bytes, and has \(file.size)", help: again)
    }
    return min(announced, file.size)
  }

  private static func tooShort(_ file: borrowing PlainFile) -> DataError {
    DataError(kind: .truncated, path: file.path, message: "is \(file.size) bytes long, too short for a WAV file", help: again)
  }

  private static func twice(_ chunk: Chunk, _ path: String) -> DataError {
    DataError(kind: .corrupt, path: path, message: "has a second chunk `\(chunk.name)`, at byte \(chunk.body - 8)")
  }

  private static func missing(_ name: String, _ path: String) -> DataError {
    DataError(kind: .corrupt, path: path, message: "has no chunk `\(name)`", help: again)
  }

  /// A piece of the file with its four letters.
  private struct Chunk {
    let name: String
    /// Where its content begins.
    let body: Int
    let size: Int

    init(_ file: borrowing PlainFile, at offset: Int, before end: Int) throws(DataError) {
      guard end - offset >= 8 else {
        throw DataError(
          kind: .truncated, path: file.path, message: "ends in the first bytes of a chunk, at byte \(offset)", help: again)
      }
      let bytes = try file.read(at: offset, count: 8)
      (name, size, body) = (WaveHeader.name(bytes[..<4]), number(bytes[4...]), offset + 8)
      guard size <= end - body else {
        throw DataError(
          kind: .truncated, path: file.path,
          message: "its chunk `\(name)` at byte \(offset) announces \(size) bytes, and \(end - body) are left", help: again)
      }
    }
  }

  /// What a chunk `fmt ` says.
  private struct Format {
    let encoding: Encoding
    let rate: Int

    /// The last 14 bytes of the identifier of a format that has a number as well.
    private static let rest: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
    private static let extensible = 0xFFFE
    private static let names = [
      2: "ADPCM", 6: "A-law", 7: "mu-law", 0x11: "IMA ADPCM", 0x31: "GSM 6.10", 0x50: "MPEG", 0x55: "MP3", 0xFF: "AAC",
    ]

    init(_ file: borrowing PlainFile, _ chunk: Chunk) throws(DataError) {
      let path = file.path
      func damaged(_ message: String) -> DataError { DataError(kind: .corrupt, path: path, message: message, help: again) }
      guard chunk.size >= 16 else { throw damaged("its chunk `fmt ` has \(chunk.size) bytes, and needs 16") }
      let bytes = try file.read(at: chunk.body, count: min(chunk.size, 40))
      var tag = number(bytes[0..<2])
      let (channels, rate, frame, bits) = (number(bytes[2..<4]), number(bytes[4..<8]), number(bytes[12..<14]), number(bytes[14..<16]))
      if tag == Self.extensible {
        guard bytes.count == 40 else { throw damaged("its chunk `fmt ` has \(chunk.size) bytes, and needs 40 for an extended format") }
        guard bytes[26...] == Self.rest[...] else {
          throw DataError(kind: .unsupported, path: path, message: "is of a format without a number", help: Self.advice)
        }
        tag = number(bytes[24..<26])
        let valid = number(bytes[18..<20])
        guard valid <= bits else { throw damaged("says that \(valid) of \(bits) bits of a sample are in use") }
      }
      switch (tag, bits) {
      case (1, 8), (1, 16), (1, 24), (1, 32): encoding = .integer(bytes: bits / 8)
      case (3, 32): encoding = .float
      case (1, _), (3, _):
        throw DataError(
          kind: .unsupported, path: path,
          message: "has samples of \(bits) bits, \(tag == 1 ? "which are no whole numbers that are read" : "in floating point")",
          help: Self.advice)
      case _:
        throw DataError(
          kind: .unsupported, path: path, message: "is compressed by \(Self.names[tag] ?? "format \(tag)")", help: Self.advice)
      }
      guard channels > 0 else { throw damaged("has no channel") }
      guard channels == 1 else {
        throw DataError(
          kind: .unsupported, path: path, message: "has \(channels) channels, and a recording has one", help: "mix it down to mono")
      }
      guard rate > 0 else { throw damaged("has a sampling rate of 0") }
      guard frame == encoding.bytes else {
        throw damaged("says that a sample of \(bits) bits takes \(frame) \(frame == 1 ? "byte" : "bytes")")
      }
      self.rate = rate
    }

    private static let advice = "save it as PCM of 8, 16, 24 or 32 bits, or as 32-bit floating point"
  }

  /// The four letters of a chunk, as a message shows them.
  private static func name(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
  }
}

private let again = "copy or download it again"

/// A whole number without a sign, least significant byte first.
private func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reversed().reduce(0) { $0 << 8 | Int($1) } }

extension PlainFile {
  /// The first samples, at most `most`, from -1 to 1 where they are whole numbers.
  func samples(_ header: WaveHeader, atMost most: Int) throws(DataError) -> [Double] {
    let size = header.encoding.bytes
    let count = min(header.count, max(most, 0))
    let bytes = try read(at: header.offset, count: count * size)
    switch header.encoding {
    case .integer(bytes: 1): return bytes.map { (Double($0) - 128) / 128 }
    case .integer:
      let shift = UInt32(32 - 8 * size)
      return (0..<count).map { index in
        let pattern = bytes[index * size..<(index + 1) * size].reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        return Double(Int32(bitPattern: pattern << shift)) * 0x1p-31
      }
    case .float:
      let values = (0..<count).map { index in
        Double(Float(bitPattern: bytes[index * 4..<index * 4 + 4].reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) }))
      }
      if let place = values.firstIndex(where: { !$0.isFinite }) {
        throw DataError(kind: .corrupt, path: path, message: "its sample \(place), counted from 0, is not a finite number")
      }
      return values
    }
  }
}
