import DrnSystem
import Foundation

/// Walks the fields of messages of protocol buffers in a file, by position: what a field holds is read where it is asked for, through one
/// window of fixed size, so that memory does not depend on what the file announces.
///
/// Source: the protocol buffers documentation, "Encoding".
final class ProtobufFields {
  /// What a field holds.
  enum Content {
    /// A number written by seven bits a byte.
    case varint(UInt64)
    /// Four or eight bytes at a place.
    case fixed(at: Int, count: Int)
    /// Bytes at a place: a text, a message or a list.
    case bytes(Range<Int>)
  }
  /// A number of a field and what it holds.
  struct Field {
    let number: Int
    let content: Content
  }

  let path: String
  let size: Int
  private let file: FileReader
  private var window: [UInt8] = []
  private var windowStart = 0
  private static let windowSize = 1 << 16

  /// Opens a file; nothing is read.
  init(path: String) throws(TensorFileError) {
    file = try FileReader(path: path)
    self.path = path
    size = file.size
  }

  /// The next field of a message that ends at `end`, from `position` on, which is moved behind it; `nil` at the end.
  func next(at position: inout Int, end: Int) throws(TensorFileError) -> Field? {
    guard position < end else { return nil }
    let start = position
    let key = try varint(at: &position, end: end)
    guard key >> 3 > 0, key >> 3 < 1 << 29 else { throw malformed("the field at byte \(start) has no number", start) }
    let number = Int(key >> 3)
    switch key & 7 {
    case 0: return Field(number: number, content: .varint(try varint(at: &position, end: end)))
    case 1: return Field(number: number, content: .fixed(at: try skip(8, from: &position, end: end), count: 8))
    case 5: return Field(number: number, content: .fixed(at: try skip(4, from: &position, end: end), count: 4))
    case 2:
      let length = try varint(at: &position, end: end)
      guard length <= UInt64(end - position) else {
        throw malformed("the field at byte \(start) announces \(length) bytes, and \(end - position) follow", start)
      }
      let first = try skip(Int(length), from: &position, end: end)
      return Field(number: number, content: .bytes(first..<position))
    case let wire: throw malformed("the field at byte \(start) has the unknown kind \(wire)", start)
    }
  }

  /// The bytes of a field.
  func bytes(_ range: Range<Int>) throws(TensorFileError) -> [UInt8] { try file.bytes(at: range.lowerBound, count: range.count) }

  /// The text of a field of at most `most` bytes; what is no UTF-8 in it is replaced.
  func text(_ range: Range<Int>, atMost most: Int = 4096) throws(TensorFileError) -> String {
    guard range.count <= most else { throw malformed("a name of \(range.count) bytes is longer than \(most)", range.lowerBound) }
    return String(decoding: try bytes(range), as: UTF8.self)
  }

  func varint(at position: inout Int, end: Int) throws(TensorFileError) -> UInt64 {
    let start = position
    var value: UInt64 = 0
    for index in 0..<10 {
      guard position < end else { throw malformed("the number at byte \(start) has no end", start) }
      let byte = try byte(at: position)
      position += 1
      guard index < 9 || byte <= 1 else { break }
      value |= UInt64(byte & 0x7F) << UInt64(7 * index)
      if byte < 0x80 { return value }
    }
    throw malformed("the number at byte \(start) has more than 64 bits", start)
  }

  private func skip(_ count: Int, from position: inout Int, end: Int) throws(TensorFileError) -> Int {
    guard count <= end - position else { throw malformed("the file ends within the field at byte \(position)", position) }
    defer { position += count }
    return position
  }

  private func byte(at position: Int) throws(TensorFileError) -> UInt8 {
    if position < windowStart || position >= windowStart + window.count {
      windowStart = position
      window = try file.bytes(at: position, count: min(Self.windowSize, size - position))
    }
    return window[position - windowStart]
  }

  func malformed(_ reason: String, _ position: Int) -> TensorFileError { .corrupt("is no model of ONNX: \(reason)", path: path) }
}
