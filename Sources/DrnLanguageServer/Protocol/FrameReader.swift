import DrnJSON

/// Cuts the bytes of a stream into message bodies: `Content-Length: n`, a blank line, then n bytes.
///
/// Never fails for good: what is no frame is reported once and skipped up to the next `Content-Length`.
public struct FrameReader: Sendable {
  /// One step of the stream.
  public enum Piece: Hashable, Sendable {
    case body([UInt8])
    /// Bytes that are no frame were skipped.
    case fault(String)
  }
  /// A longer body is refused before it is read.
  public static let largestBody = 64 << 20
  /// A longer header is no header.
  public static let largestHeader = 4096

  private var buffer: [UInt8] = []
  private var start = 0
  /// Whether bytes are being skipped after a fault.
  private var isLost = false

  public init() {}

  /// Adds bytes as they come from the stream.
  public mutating func append(_ bytes: some Collection<UInt8>) {
    if start > 0, start * 2 > buffer.count {
      buffer.removeFirst(start)
      start = 0
    }
    buffer += bytes
  }

  /// The next body or fault; `nil` until more bytes come.
  public mutating func next() -> Piece? {
    if isLost, !findHeader() { return nil }
    guard let end = headerEnd() else {
      return buffer.count - start > Self.largestHeader ? lose("a header of more than \(Self.largestHeader) bytes") : nil
    }
    switch contentLength(buffer[start..<end]) {
    case .failure(let fault): return lose(fault.message)
    case .success(let length):
      let body = end + 4
      guard buffer.count - body >= length else { return nil }
      start = body + length
      return .body(Array(buffer[body..<start]))
    }
  }

  // MARK: Headers

  private struct HeaderFault: Error { let message: String }

  /// Where the blank line after the header begins.
  private func headerEnd() -> Int? {
    let blank: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
    let limit = min(buffer.count, start + Self.largestHeader + 4)
    guard limit - start >= 4 else { return nil }
    return (start...(limit - 4)).first { buffer[$0] == 0x0D && buffer[$0..<($0 + 4)].elementsEqual(blank) }
  }

  private func contentLength(_ header: ArraySlice<UInt8>) -> Result<Int, HeaderFault> {
    var length: Int?
    for line in String(decoding: header, as: UTF8.self).split(separator: "\r\n") {
      guard let colon = line.firstIndex(of: ":") else { return .failure(HeaderFault(message: "a header line without a colon")) }
      let value = line[line.index(after: colon)...].split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
      switch line[..<colon].lowercased() {
      case "content-length":
        guard let number = Int(value), number >= 0, value.first != "+" else {
          return .failure(HeaderFault(message: "Content-Length is no number of bytes"))
        }
        length = number
      case _: continue
      }
    }
    guard let length else { return .failure(HeaderFault(message: "a header without Content-Length")) }
    guard length <= Self.largestBody else { return .failure(HeaderFault(message: "a message of more than \(Self.largestBody) bytes")) }
    return .success(length)
  }

  // MARK: Recovery

  private mutating func lose(_ message: String) -> Piece {
    isLost = true
    start += 1
    return .fault(message)
  }

  /// Skips to the next `Content-Length`, keeping a tail that may be its beginning.
  private mutating func findHeader() -> Bool {
    let mark = Array("content-length:".utf8)
    while buffer.count - start >= mark.count {
      if (0..<mark.count).allSatisfy({ lowercased(buffer[start + $0]) == mark[$0] }) {
        isLost = false
        return true
      }
      start += 1
    }
    return false
  }

  private func lowercased(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
}

/// A message as it goes over the stream.
public func frame(_ message: JSON) -> [UInt8] {
  let body = message.bytes
  return Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body
}
