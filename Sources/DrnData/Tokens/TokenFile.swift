import DrnSystem
import DrnTensorFile

/// An open file of tokens: whole numbers of two or four bytes without a sign, one after another. They stay in the file.
///
/// It is read by position and not mapped: a file that is cut short or whose device fails while it is in use is then an error, where touching
/// a mapping would end the process. The system keeps in memory what is read, as it would of a mapping.
final class TokenFile: Sendable {
  typealias Element = TokenReader.Element

  let path: String
  let element: Element
  /// How many tokens there are.
  let count: Int
  private let isBigEndian: Bool
  /// Where the first begins.
  private let offset: Int
  private let file: PlainFile

  /// A file of nothing but tokens, least significant byte first.
  init(path: String, element: Element) throws(DataError) {
    guard Path.fileExtension(of: path) != "gz" else {
      throw DataError(kind: .unsupported, path: path, message: "is compressed, and tokens are read in their place", help: "unpack it")
    }
    file = try PlainFile(path: path)
    let start = try file.read(at: 0, count: min(file.size, Self.numpyMagic.count))
    guard start != Self.numpyMagic else {
      throw DataError(
        kind: .wrongMagic, path: path, message: "is a .npy file by its first bytes",
        help: "give it a name that ends in `.npy`: it says itself what it holds")
    }
    guard file.size > 0 else { throw DataError(kind: .empty, path: path, message: "is empty") }
    guard file.size % element.byteCount == 0 else {
      throw DataError(
        kind: .corrupt, path: path,
        message: "is \(file.size) bytes long, not a multiple of the \(element.byteCount) of a \(element.rawValue)",
        help: "copy or download it again, or state another `type`")
    }
    (self.path, self.element, offset, isBigEndian) = (path, element, 0, false)
    count = file.size / element.byteCount
  }

  /// A `.npy` file of one dimension.
  init(numpy path: String) throws(DataError) {
    let header = try NumpySource.file(path).header()
    switch header.elementType {
    case .u16: element = .uint16
    case .u32: element = .uint32
    case let type:
      throw DataError(
        kind: .unsupported, path: path, message: "holds elements of type \(type.rawValue), where tokens are U16 or U32",
        help: "save it with astype(\"uint16\"), or astype(\"uint32\") for more than 65536 tokens")
    }
    guard header.shape.count == 1, let count = header.shape.first else {
      throw DataError(
        kind: .sizeMismatch, path: path, message: "has the shape \(header.shape); tokens are one after another, in one dimension",
        help: "save it with reshape(-1), if its rows follow each other")
    }
    guard count > 0 else { throw DataError(kind: .empty, path: path, message: "holds no token") }
    file = try PlainFile(path: path)
    // The file may be another since its header was read.
    let (bytes, overflow) = count.multipliedReportingOverflow(by: element.byteCount)
    guard !overflow, header.dataOffset <= file.size, bytes <= file.size - header.dataOffset else {
      throw DataError(kind: .truncated, path: path, message: "has become shorter while it was read")
    }
    (self.path, self.count, offset, isBigEndian) = (path, count, header.dataOffset, header.isBigEndian)
  }

  private static let numpyMagic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Where a token begins in the file.
  func byte(of token: Int) -> Int { offset + token * element.byteCount }

  /// Reads the tokens of a range through a buffer that holds some thousands, and hands over each portion with the place of its first.
  func read(
    _ range: Range<Int>, _ body: (_ first: Int, _ tokens: UnsafeBufferPointer<UInt32>) throws(DataError) -> Void
  ) throws(DataError) {
    let portion = 1 << 16
    var bytes = [UInt8](repeating: 0, count: min(range.count, portion) * element.byteCount)
    var tokens = [UInt32](repeating: 0, count: min(range.count, portion))
    var first = range.lowerBound
    while first < range.upperBound {
      let count = min(portion, range.upperBound - first)
      var failure: DataError?
      bytes.withUnsafeMutableBytes { buffer in
        do throws(DataError) {
          try file.read(at: byte(of: first), into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<(count * element.byteCount)]))
        } catch { failure = error }
      }
      if let failure { throw failure }
      bytes.withUnsafeBytes { source in
        tokens.withUnsafeMutableBufferPointer { target in decode(source, count: count, into: target) }
      }
      tokens.withUnsafeBufferPointer { buffer in
        do throws(DataError) { try body(first, UnsafeBufferPointer(rebasing: buffer[..<count])) } catch { failure = error }
      }
      if let failure { throw failure }
      first += count
    }
  }

  private func decode(_ source: UnsafeRawBufferPointer, count: Int, into target: UnsafeMutableBufferPointer<UInt32>) {
    switch (element, isBigEndian) {
    case (.uint16, false):
      for index in 0..<count {
        target[index] = UInt32(UInt16(littleEndian: source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)))
      }
    case (.uint16, true):
      for index in 0..<count { target[index] = UInt32(UInt16(bigEndian: source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))) }
    case (.uint32, false):
      for index in 0..<count { target[index] = UInt32(littleEndian: source.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)) }
    case (.uint32, true):
      for index in 0..<count { target[index] = UInt32(bigEndian: source.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)) }
    }
  }
}

/// A part of a file of tokens, as a text that stays there.
public struct TokenStretch: Equatable, Sendable {
  private let file: TokenFile
  private let range: Range<Int>
  /// The largest token.
  public let largest: Int32
  /// A checksum of the tokens.
  public let fingerprint: UInt64

  /// Reads the part through once, in little memory; throws for the first token that is not below `bound`.
  init(_ file: TokenFile, _ range: Range<Int>, bound: Int) throws(DataError) {
    var hash = Fingerprint()
    var largest: UInt32 = 0
    let bound = UInt32(min(max(bound, 0), Int(Int32.max)))
    try file.read(range) { first, tokens throws(DataError) in
      hash.absorb(UnsafeRawBufferPointer(tokens))
      guard let most = tokens.max() else { return }
      largest = max(largest, most)
      guard most >= bound, let index = tokens.firstIndex(where: { $0 >= bound }) else { return }
      throw DataError(
        kind: .labelOutOfRange, path: file.path,
        message:
          "its token \(first + index), counted from 0, is \(tokens[index]), at byte \(file.byte(of: first + index)); tokens go from 0 to \(Int(bound) - 1)",
        help: "declare more tokens, if they are of this vocabulary, or state another `type`")
    }
    (self.file, self.range, self.largest, fingerprint) = (file, range, Int32(truncatingIfNeeded: largest), hash.value)
  }

  /// How many tokens it has.
  public var count: Int { range.count }

  /// Writes tokens from a place in it; throws where they cannot be read, or are not those that were there before.
  func copy(from place: Int, count: Int, into destination: UnsafeMutablePointer<Int32>) throws(DataError) {
    let start = range.lowerBound + place
    try file.read(start..<start + count) { first, tokens throws(DataError) in
      for (index, token) in tokens.enumerated() {
        guard token <= UInt32(largest) else {
          throw DataError(
            kind: .corrupt, path: file.path,
            message: "its token \(first + index), at byte \(file.byte(of: first + index)), has become \(token) since training began",
            help: "leave the file as it is while it is trained on")
        }
        destination[first - start + index] = Int32(bitPattern: token)
      }
    }
  }

  public static func == (left: TokenStretch, right: TokenStretch) -> Bool {
    left.file.path == right.file.path && left.range == right.range && left.fingerprint == right.fingerprint
  }
}
