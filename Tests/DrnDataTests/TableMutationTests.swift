import DrnData
import DrnTestSupport
import Testing

/// A plain reading of a table after RFC 4180, one byte at a time and without a word of the readers: what a table says, or nil where it says
/// nothing that is allowed.
private struct PlainTable {
  var features: [Float] = []
  var labels: [Int32] = []

  init?(_ bytes: [UInt8], classes: Int32) {
    var rows: [[(text: String, isQuoted: Bool)]] = []
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      let line = line.last == 0x0D ? line.dropLast() : line
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
      guard let row = Self.fields(Array(line)) else { return nil }
      rows.append(row)
    }
    guard let first = rows.first, rows.allSatisfy({ $0.count == first.count }), first.count > 1 else { return nil }
    let missing = ["", "NA", "N/A", "NaN", "nan", "NULL", "null", "?"]
    let filled = first.filter { !missing.contains($0.text) || $0.isQuoted && !$0.text.isEmpty }
    let numbers = filled.filter { Self.number($0.text) != nil || Self.number($0.text.replacing(",", with: ".", maxReplacements: 1)) != nil }
    if numbers.isEmpty, !filled.isEmpty { rows.removeFirst() } else if numbers.count < filled.count { return nil }
    guard !rows.isEmpty else { return nil }
    for row in rows {
      let values = row.map { Self.number($0.text) }
      for value in values.dropLast() {
        guard let value, Float(value).isFinite else { return nil }
        features.append(Float(value))
      }
      guard let last = values.last, let label = last.flatMap({ Int32(exactly: $0) }), (0..<classes).contains(label) else { return nil }
      labels.append(label)
    }
  }

  /// Decimal digits with a point and an exponent, nothing else.
  private static func number(_ text: String) -> Double? {
    guard text.wholeMatch(of: /[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?/) != nil else { return nil }
    let value = Double(text) ?? Double(text.replacing(".e", with: "e").replacing(/\.$/, with: ""))
    return value.flatMap { $0.isFinite ? $0 : nil }
  }

  private static func fields(_ line: [UInt8]) -> [(text: String, isQuoted: Bool)]? {
    var fields: [(text: String, isQuoted: Bool)] = []
    var position = 0
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    while true {
      while position < line.count, isBlank(line[position]) { position += 1 }
      var text: [UInt8] = []
      let isQuoted = position < line.count && line[position] == 0x22
      if isQuoted {
        position += 1
        while true {
          guard position < line.count else { return nil }
          if line[position] == 0x22 {
            if position + 1 < line.count, line[position + 1] == 0x22 { position += 1 } else { break }
          }
          text.append(line[position])
          position += 1
        }
        position += 1
        while position < line.count, isBlank(line[position]) { position += 1 }
        guard position == line.count || line[position] == 0x2C else { return nil }
      } else {
        while position < line.count, line[position] != 0x2C {
          text.append(line[position])
          position += 1
        }
        while let last = text.last, isBlank(last) { text.removeLast() }
      }
      fields.append((String(decoding: text, as: UTF8.self), isQuoted))
      if position == line.count { return fields }
      position += 1
    }
  }
}

/// Tables drawn from the number of a case: whole ones, then with a few bytes changed, dropped or doubled.
private struct DrawnTable {
  private var state: UInt64

  init(_ number: Int) { state = UInt64(number) &* 0x9E37_79B9_7F4A_7C15 | 1 }

  private mutating func below(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 33) % bound
  }

  private mutating func field() -> String {
    let number = ["0", "1", "-2.5", "3e2", ".5", "7.", "1e-3", "+4", "16777217", "123456789.125"][below(10)]
    switch below(6) {
    case 0: return "\"\(number)\""
    case 1: return " \(number) "
    case _: return number
    }
  }

  mutating func bytes() -> [UInt8] {
    let columns = 1 + below(4)
    let end = below(2) == 0 ? "\n" : "\r\n"
    var lines = below(3) > 0 ? [(0..<columns).map { "c\($0)" }.joined(separator: ",") + ",\"y, z\""] : []
    for _ in 0..<(1 + below(6)) {
      var fields: [String] = []
      for _ in 0..<columns { fields.append(field()) }
      lines.append((fields + ["\(below(3))"]).joined(separator: ","))
      if below(5) == 0 { lines.append("") }
    }
    var bytes = Array(lines.joined(separator: end).utf8) + (below(2) == 0 ? Array(end.utf8) : [])
    for _ in 0..<below(4) {
      let place = below(bytes.count)
      switch below(3) {
      case 0: bytes[place] = Array(",\"\n\r .-+e0129aNA\u{0}".utf8)[below(17)]
      case 1: if bytes.count > 1 { bytes.remove(at: place) }
      case _: bytes.insert(bytes[place], at: place)
      }
    }
    return bytes
  }
}

@Suite("Drawn tables")
struct TableMutationTests {
  @Test("a table is read as a plain reading of RFC 4180 has it, or refused as there, with a place", arguments: 0..<50)
  func drawn(number: Int) throws {
    let folder = try TemporaryFolder()
    // Forty tables a case.
    for part in 0..<40 {
      var table = DrawnTable(number * 40 + part + 1)
      let bytes = table.bytes()
      let reader = CSVReader(path: try folder.write("t.csv", bytes), options: CSVOptions(classes: 3, separator: UInt8(ascii: ",")))
      let expected = PlainTable(bytes, classes: 3)
      let text = String(decoding: bytes, as: UTF8.self).debugDescription
      do throws(DataError) {
        let data = try reader.load()
        #expect(data.features == expected?.features && data.labels == expected?.labels, "\(text)")
        #expect(try reader.header().examples == data.count, "\(text)")
      } catch {
        #expect(expected == nil, "\(text): \(error)")
        let isWhole = [.empty, .options].contains(error.kind) || error.message.contains("one column")
        #expect(error.line != nil && error.column != nil || isWhole, "\(text): \(error)")
      }
    }
  }

  @Test("most drawn tables are read")
  func drawnTablesAreRead() {
    let read = (1...2000).filter { number in
      var table = DrawnTable(number)
      return PlainTable(table.bytes(), classes: 3) != nil
    }.count
    #expect((800...1900).contains(read), "\(read) of 2000")
  }
}
