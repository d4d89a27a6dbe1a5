import DrnJSON

/// A decoded safetensors header: where each tensor lies in the data that follows it.
struct SafetensorsHeader {
  /// One tensor: its type and shape, and its bytes as a half-open range relative to the start of the data.
  struct Record {
    var name: String
    var elementType: StoredElement
    var shape: [Int]
    var begin: Int
    var end: Int
  }

  /// In the order of the data.
  private(set) var records: [Record] = []
  private(set) var metadata: [(String, String)] = []
  /// The ranges of tensors that were not kept, by begin and end.
  private var otherRanges: [(begin: Int, end: Int)] = []

  /// Decodes the JSON text of a header; `more` gives its next portion, an empty one at its end.
  ///
  /// Where a header has more tensors than `mostRecords`, only those that `isWanted` are kept beside the first ones, so that a hostile one
  /// takes little memory; the others are held to the format all the same.
  init(mostRecords: Int = .max, isWanted: (String) -> Bool = { _ in true }, more: () throws(SafetensorsHeaderError) -> [UInt8])
    throws(SafetensorsHeaderError)
  {
    var members = JSONMembers(surrogates: .refused, maximumDepth: 64)
    var header = (records: [Record](), metadata: [(String, String)]?.none)
    // `names` holds hashes of the names that are not kept, 64 bits with a seed of this process.
    var (ranges, names) = ([(begin: Int, end: Int)](), Set<Int>())
    try members.read(
      more: more,
      malformed: { error in
        SafetensorsHeaderError(reason: "the header is not JSON: \(error.message) (byte \(error.offset) of the header)")
      }
    ) { member throws(SafetensorsHeaderError) in
      let (name, value) = (member.name, member.value)
      if sameBytes(name, metadataName) {
        guard header.metadata == nil else { throw Self.doubled(name) }
        header.metadata = try Self.decodeMetadata(value)
        return
      }
      let record = try Self.decodeRecord(name, value)
      if header.records.count < mostRecords || isWanted(name) {
        header.records.append(record)
      } else {
        ranges.append((record.begin, record.end))
        guard names.insert(Array(name.utf8).hashValue).inserted else { throw Self.doubled(name) }
      }
    }
    let kept = header.records.map(\.name)
    if let name = firstDuplicate(kept) ?? kept.first(where: { names.contains(Array($0.utf8).hashValue) }) { throw Self.doubled(name) }
    records = header.records.sorted { ($0.begin, $0.end) < ($1.begin, $1.end) }
    metadata = header.metadata ?? []
    otherRanges = ranges
  }

  private static func doubled(_ name: String) -> SafetensorsHeaderError {
    SafetensorsHeaderError(reason: "the header names \"\(name)\" twice")
  }

  /// The tensors, with those that are not kept.
  var recordCount: Int { records.count + otherRanges.count }

  /// Checks that the ranges follow each other without gap or overlap and end with the data.
  func checkCoverage(dataCount: Int) throws(SafetensorsHeaderError) {
    var position = 0
    let kept = records.enumerated().map { (begin: $1.begin, end: $1.end, record: $0 as Int?) }
    let all = (kept + otherRanges.map { (begin: $0.begin, end: $0.end, record: nil) }).sorted { ($0.begin, $0.end) < ($1.begin, $1.end) }
    for range in all {
      guard range.begin == position else {
        let fault = range.begin > position ? "leaves a gap before" : "overlaps the data before"
        let tensor = range.record.map { "tensor \"\(records[$0].name)\"" } ?? "a tensor"
        throw SafetensorsHeaderError(reason: "\(tensor) \(fault) its first byte, \(range.begin)")
      }
      position = range.end
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

  private static func decodeElementType(_ value: JSON?, name: String) throws(SafetensorsHeaderError) -> StoredElement {
    guard case .string(let text) = value else { throw SafetensorsHeaderError(reason: "tensor \"\(name)\" has no dtype") }
    guard let type = StoredElement(rawValue: text) else {
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
  /// Why its bytes could not be read.
  var reading: TensorFileError?
  /// Whether the file is merely too short for an otherwise good header.
  var isTruncation = false
}

extension [JSON.Member] {
  fileprivate func value(of name: String) -> JSON? { first { sameBytes($0.name, name) }?.value }
}
