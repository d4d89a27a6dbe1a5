/// Reads the members of one JSON object one after the other, from text that comes in portions: an object of a hundred million bytes takes
/// the memory of its largest member.
public struct JSONMembers {
  /// Longer members are refused, so that a hostile text cannot take memory either.
  public static let longestMember = 16 << 20

  private let options: (surrogates: JSON.LoneSurrogates, maximumDepth: Int)
  /// What was read and not used up yet; `place` is where the next byte is.
  private var window: [UInt8] = []
  private var place = 0
  /// The offset of the window in the text.
  private var base = 0
  private var isEnded = false
  private var count = 0

  /// Strict as `JSON.init(reading:)` is.
  public init(surrogates: JSON.LoneSurrogates = .replaced, maximumDepth: Int = 200) { options = (surrogates, maximumDepth) }

  /// Calls `take` with each member; `more` gives the next portion of the text, an empty one at its end.
  public mutating func read<Failure: Error>(
    more: () throws(Failure) -> [UInt8], malformed: (JSONError) -> Failure, take: (JSON.Member) throws(Failure) -> Void
  ) throws(Failure) {
    var first = try nextByte(more)
    while let byte = first, isSpace(byte) { first = try nextByte(more) }
    guard first == UInt8(ascii: "{") else { throw malformed(fault("the text is not a JSON object")) }
    while true {
      let start = base + place
      guard let end = try readMember(more, malformed) else { throw malformed(fault("an object has no end")) }
      let isEmpty = end.text.allSatisfy(isSpace)
      if isEmpty, end.isLast, count == 0 { break }
      let object: JSON
      do throws(JSONError) {
        if isEmpty { throw JSONError(message: "expected a name", offset: end.text.count + 1) }
        object = try JSON(
          reading: [UInt8(ascii: "{")] + end.text + [UInt8(ascii: "}")], surrogates: options.surrogates, maximumDepth: options.maximumDepth)
      } catch { throw malformed(JSONError(message: error.message, offset: start + max(0, error.offset - 1))) }
      guard case .object(let members) = object, members.count == 1 else { throw malformed(fault("expected `,` or `}`")) }
      count += 1
      try take(members[0])
      if end.isLast { break }
    }
    while let byte = try nextByte(more) {
      guard isSpace(byte) else { throw malformed(fault("something follows the value")) }
    }
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
  private func fault(_ message: String) -> JSONError { JSONError(message: message, offset: base + place) }

  /// The text up to the comma or brace that ends a member of the object; `nil` where the text ends before.
  private mutating func readMember<Failure: Error>(
    _ more: () throws(Failure) -> [UInt8], _ malformed: (JSONError) -> Failure
  ) throws(Failure) -> (text: [UInt8], isLast: Bool)? {
    var text: [UInt8] = []
    var (depth, isInString, isEscaped) = (0, false, false)
    while let byte = try nextByte(more) {
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
      } else {
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["):
          depth += 1
          guard depth < options.maximumDepth else {
            throw malformed(fault("values are nested more than \(options.maximumDepth) deep"))
          }
        case UInt8(ascii: "}") where depth == 0: return (text, true)
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        case UInt8(ascii: ",") where depth == 0: return (text, false)
        case _: break
        }
      }
      text.append(byte)
      guard text.count <= Self.longestMember else { throw malformed(fault("a member is longer than \(Self.longestMember) bytes")) }
    }
    return nil
  }

  private mutating func nextByte<Failure: Error>(_ more: () throws(Failure) -> [UInt8]) throws(Failure) -> UInt8? {
    if place == window.count {
      guard !isEnded else { return nil }
      (base, place) = (base + window.count, 0)
      window = try more()
      isEnded = window.isEmpty
      if isEnded { return nil }
    }
    defer { place += 1 }
    return window[place]
  }
}
