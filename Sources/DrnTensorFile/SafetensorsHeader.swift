import DrnJSON

/// A decoded safetensors header: where each tensor lies in the data that follows it.
struct SafetensorsHeader {
  /// One tensor: its type and shape, and its bytes as a half-open range relative to the start of the data.
  struct Record {
    var name: String
    var elementType: ElementType
    var shape: [Int]
    var begin: Int
    var end: Int
  }

  /// In the order of the data.
  var records: [Record] = []
  var metadata: [(String, String)] = []

  /// Decodes the JSON text of a header; the error is a plain reason.
  init(decoding text: [UInt8]) throws(SafetensorsHeaderError) {
    let root: JSON
    do { root = try JSON(reading: text, surrogates: .refused, maximumDepth: 64) } catch {
      throw SafetensorsHeaderError(reason: "the header is not JSON: \(error.message) (byte \(error.offset) of the header)")
    }
    guard case .object(let members) = root else { throw SafetensorsHeaderError(reason: "the header is not a JSON object") }
    if let name = firstDuplicate(members.map(\.name)) { throw SafetensorsHeaderError(reason: "the header names \"\(name)\" twice") }
    for member in members {
      let (name, value) = (member.name, member.value)
      if sameBytes(name, metadataName) {
        metadata = try Self.decodeMetadata(value)
      } else {
        records.append(try Self.decodeRecord(name, value))
      }
    }
    records.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
  }

  /// Checks that the ranges follow each other without gap or overlap and end with the data.
  func checkCoverage(dataCount: Int) throws(SafetensorsHeaderError) {
    var position = 0
    for record in records {
      guard record.begin == position else {
        let fault = record.begin > position ? "leaves a gap before" : "overlaps the data before"
        throw SafetensorsHeaderError(reason: "tensor \"\(record.name)\" \(fault) its first byte, \(record.begin)")
      }
      position = record.end
    }
    guard position <= dataCount else {
      throw SafetensorsHeaderError(
        reason: "ends after \(dataCount) bytes of data; its header announces \(position)", isTruncation: true)
    }
    guard position == dataCount else {
      throw SafetensorsHeaderError(reason: "\(dataCount - position) bytes follow the last tensor")
    }
  }

  private static func decodeMetadata(_ value: JSON) throws(SafetensorsHeaderError) -> [(String, String)] {
    guard case .object(let members) = value else { throw SafetensorsHeaderError(reason: "\(metadataName) is not an object") }
    if let key = firstDuplicate(members.map(\.name)) { throw SafetensorsHeaderError(reason: "the metadata names \"\(key)\" twice") }
    var metadata: [(String, String)] = []
    for member in members {
      guard case .string(let text) = member.value else {
        throw SafetensorsHeaderError(reason: "the metadata under \"\(member.name)\" is not a string")
      }
      metadata.append((member.name, text))
    }
    return metadata.sorted { precedes($0.0, $1.0) }
  }

  private static func decodeRecord(_ name: String, _ value: JSON) throws(SafetensorsHeaderError) -> Record {
    guard case .object(let members) = value else {
      throw SafetensorsHeaderError(reason: "tensor \"\(name)\" is not described by an object")
    }
    if let field = firstDuplicate(members.map(\.name)) {
      throw SafetensorsHeaderError(reason: "tensor \"\(name)\" states \"\(field)\" twice")
    }
    let elementType = try decodeElementType(members.value(of: "dtype"), name: name)
    let shape = try decodeIntegers(members.value(of: "shape"), field: "shape", name: name)
    let offsets = try decodeIntegers(members.value(of: "data_offsets"), field: "data_offsets", name: name)
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw SafetensorsHeaderError(reason: "the data_offsets of tensor \"\(name)\" are not a begin and an end")
    }
    let entry = TensorEntry(name: name, elementType: elementType, shape: shape, bytes: [])
    guard let expected = entry.expectedByteCount else {
      throw SafetensorsHeaderError(reason: "the shape \(shape) of tensor \"\(name)\" is too large to exist")
    }
    guard expected == offsets[1] - offsets[0] else {
      throw SafetensorsHeaderError(
        reason: "tensor \"\(name)\" of \(elementType.rawValue) \(shape) needs \(expected) bytes and has \(offsets[1] - offsets[0])")
    }
    return Record(name: name, elementType: elementType, shape: shape, begin: offsets[0], end: offsets[1])
  }

  private static func decodeElementType(_ value: JSON?, name: String) throws(SafetensorsHeaderError) -> ElementType {
    guard case .string(let text) = value else { throw SafetensorsHeaderError(reason: "tensor \"\(name)\" has no dtype") }
    guard let type = ElementType(rawValue: text) else {
      throw SafetensorsHeaderError(reason: "tensor \"\(name)\" has the unknown dtype \"\(text)\"")
    }
    return type
  }

  private static func decodeIntegers(_ value: JSON?, field: String, name: String) throws(SafetensorsHeaderError) -> [Int] {
    let fault = SafetensorsHeaderError(reason: "the \(field) of tensor \"\(name)\" is not a list of non-negative integers")
    guard case .array(let elements) = value else { throw fault }
    var integers: [Int] = []
    for element in elements {
      guard case .integer(let integer) = element, integer >= 0 else { throw fault }
      integers.append(integer)
    }
    return integers
  }
}

/// Why a header cannot be used.
struct SafetensorsHeaderError: Error {
  var reason: String
  /// Whether the file is merely too short for an otherwise good header.
  var isTruncation = false
}

extension [JSON.Member] {
  fileprivate func value(of name: String) -> JSON? { first { sameBytes($0.name, name) }?.value }
}
