/// The fields of one line of a table, as ranges of its bytes.
///
/// Source: RFC 4180, except that a quoted field does not span lines and that blanks around a field are dropped.
struct CSVRow {
  let bytes: [UInt8]
  /// The bytes of each field without quotes and surrounding blanks.
  let fields: [Range<Int>]
  /// What stands between them.
  private let separator: UInt8

  private static let quote = UInt8(ascii: "\"")

  /// A field whose quote is not closed, or whose closing quote is followed by text, by its offset in the line.
  struct Fault: Error {
    var offset: Int
  }

  /// Splits a line.
  init(_ bytes: [UInt8], separator: UInt8) throws(Fault) {
    var fields: [Range<Int>] = []
    var position = 0
    while true {
      guard let (field, end) = Self.field(bytes, from: position, separator: separator) else { throw Fault(offset: position) }
      fields.append(field)
      if end == bytes.count { break }
      position = end + 1
    }
    (self.bytes, self.fields, self.separator) = (bytes, fields, separator)
  }

  /// The text of a field; a doubled quote stands for one.
  func text(_ index: Int) -> String {
    String(decoding: bytes[fields[index]], as: UTF8.self).replacing("\"\"", with: "\"")
  }

  /// The number in a field, or nil.
  func number(_ index: Int) -> Double? { parseDecimal(bytes, fields[index]) }

  /// Whether nothing stands in a field, or a word that stands for nothing; quotes make a word a value.
  func isMissing(_ index: Int) -> Bool {
    let field = fields[index]
    guard !field.isEmpty else { return true }
    // Most fields are numbers, none of which begins so.
    guard bytes[field.lowerBound] >= UInt8(ascii: "?"), field.count <= 4, field.lowerBound == 0 || bytes[field.lowerBound - 1] != Self.quote
    else { return false }
    return missingWords.contains { $0.elementsEqual(bytes[field]) }
  }

  /// Whether a field is a number but for its commas.
  func isNumberWithCommas(_ index: Int) -> Bool { hasThousandsSeparators(index) || hasDecimalComma(index) }

  /// Whether a field is a number but for a comma where its point should be.
  func hasDecimalComma(_ index: Int) -> Bool {
    let field = fields[index]
    guard !hasThousandsSeparators(index), let comma = bytes[field].firstIndex(of: UInt8(ascii: ",")) else { return false }
    var changed = Array(bytes[field])
    changed[comma - field.lowerBound] = UInt8(ascii: ".")
    return parseDecimal(changed, changed.indices) != nil
  }

  /// Whether a field is a number whose digits before the point are in threes, with a comma between them: `1,000`. Of `0,125` the comma is a point, and
  /// of `1,000` too where semicolons stand between fields, as spreadsheets write them that have commas for points.
  func hasThousandsSeparators(_ index: Int) -> Bool {
    var digits = bytes[fields[index]]
    if let sign = digits.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { digits = digits.dropFirst() }
    let whole = digits.prefix { $0 != UInt8(ascii: ".") }
    let groups = whole.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard groups.count > (separator == UInt8(ascii: ";") ? 2 : 1), let first = groups.first, (1...3).contains(first.count),
      first.first != UInt8(ascii: "0"),
      groups.dropFirst().allSatisfy({ $0.count == 3 })
    else { return false }
    let joined = Array(bytes[fields[index]].filter { $0 != UInt8(ascii: ",") })
    return parseDecimal(joined, joined.indices) != nil
  }

  /// Whether a field is a number, and too large even for double precision.
  func isNumberBeyondRange(_ index: Int) -> Bool {
    guard let exponent = bytes[fields[index]].firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return false }
    return parseDecimal(bytes, fields[index].lowerBound..<exponent) != nil && number(index) == nil
      && bytes[(exponent + 1)..<fields[index].upperBound].allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "+") }
  }

  /// The column of the first byte of a field, from 1; for a field past the last, the column after the line.
  func column(_ index: Int) -> Int { (index < fields.count ? fields[index].lowerBound : bytes.count) + 1 }

  /// One field from `start`, and where the separator or the end of the line follows it.
  private static func field(_ bytes: [UInt8], from start: Int, separator: UInt8) -> (Range<Int>, end: Int)? {
    let first = skipBlanks(bytes, from: start, separator: separator)
    if first < bytes.count, bytes[first] == quote { return quotedField(bytes, from: first + 1, separator: separator) }
    var end = first
    while end < bytes.count, bytes[end] != separator { end += 1 }
    var last = end
    while last > first, isBlank(bytes[last - 1]) { last -= 1 }
    return (first..<last, end)
  }

  private static func quotedField(_ bytes: [UInt8], from start: Int, separator: UInt8) -> (Range<Int>, end: Int)? {
    var position = start
    while position < bytes.count {
      if bytes[position] == quote {
        guard position + 1 < bytes.count, bytes[position + 1] == quote else { break }
        position += 1
      }
      position += 1
    }
    guard position < bytes.count else { return nil }
    let end = skipBlanks(bytes, from: position + 1, separator: separator)
    return end == bytes.count || bytes[end] == separator ? (start..<position, end) : nil
  }

  private static func skipBlanks(_ bytes: [UInt8], from start: Int, separator: UInt8) -> Int {
    var position = start
    while position < bytes.count, bytes[position] != separator, isBlank(bytes[position]) { position += 1 }
    return position
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

/// What tables write for a missing value beside nothing at all.
let missingWords: [[UInt8]] = ["NA", "N/A", "NaN", "nan", "NULL", "null", "?"].map { Array($0.utf8) }
