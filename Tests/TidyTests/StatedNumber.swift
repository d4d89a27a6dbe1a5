import DrnTestSupport
import Foundation
import Testing

/// A number in a page that is a constant of the code.
struct StatedNumber {
  /// How a page writes a number.
  enum Style {
    /// `65536`, `0.01`, `1e-5`, as short as it goes.
    case digits
    /// `3.2`
    case oneDecimal
    /// `65,536`
    case grouped
    /// `twenty`
    case word
  }

  /// Where the value is written.
  enum Source {
    /// The expression after a piece of a file's text, up to what is no part of one.
    case after(_ text: String, in: String)
    /// The same, after the first place of `text` behind `start`.
    case next(_ text: String, behind: String, in: String)
    /// The files of a folder with that extension.
    case countOfFiles(_ folder: String, extension: String)

    func value() throws -> Double {
      switch self {
      case .after(let text, let path):
        let file = try Repository.text(path)
        let places = file.ranges(of: text)
        try #require(places.count == 1, "\(path) has `\(text)` \(places.count) times")
        return try #require(StatedNumber.value(of: file[places[0].upperBound...]), "no number follows `\(text)` in \(path)")
      case .next(let text, let start, let path):
        let file = try Repository.text(path)
        let place = try #require(file.firstRange(of: start), "\(path) has no `\(start)`")
        let rest = file[place.upperBound...]
        let end = try #require(rest.firstRange(of: text), "\(path) has no `\(text)` behind `\(start)`").upperBound
        return try #require(StatedNumber.value(of: rest[end...]), "no number follows `\(text)` in \(path)")
      case .countOfFiles(let folder, let suffix): return Double(Repository.files(folder, extension: suffix).count)
      }
    }
  }

  let page: String
  /// A piece of the page that is long enough to be found, with `#` for the number.
  let sentence: String
  let source: Source
  let style: Style
  /// From the constant to what the page says of it.
  let convert: @Sendable (Double) throws -> Double

  init(
    _ page: String, _ sentence: String, _ source: Source, _ style: Style = .digits,
    convert: @escaping @Sendable (Double) throws -> Double = { $0 }
  ) {
    self.page = page
    self.sentence = sentence
    self.source = source
    self.style = style
    self.convert = convert
  }

  /// What the page has to say.
  func expected() throws -> String { sentence.replacing("#", with: Self.text(try convert(try source.value()), style)) }

  /// Whether a page says so, wherever its lines break.
  static func states(_ page: String, _ sentence: String) -> Bool {
    page.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(sentence)
  }

  /// The value of literals joined by `*` and `<<`, at the start of a text; `nil` where there is none.
  static func value(of text: Substring) -> Double? {
    let literal = /\s*(-?[0-9][0-9_]*(?:\.[0-9]+)?(?:e-?[0-9]+)?)/
    guard let first = text.prefixMatch(of: literal), var value = Double(first.1.replacing("_", with: "")) else { return nil }
    var rest = text[first.range.upperBound...]
    while let sign = rest.prefixMatch(of: /\s(\*|<<)/), let next = rest[sign.range.upperBound...].prefixMatch(of: literal),
      let operand = Double(next.1.replacing("_", with: ""))
    {
      value = sign.1 == "*" ? value * operand : value * exp2(operand)
      rest = rest[next.range.upperBound...]
    }
    return value
  }

  static func text(_ value: Double, _ style: Style) -> String {
    switch style {
    case .digits:
      return abs(value) < 0.01 && value != 0 ? String(format: "%.0e", value).replacing("e-0", with: "e-") : String(format: "%.6g", value)
    case .oneDecimal: return String(format: "%.1f", value)
    case .grouped:
      let digits = Array(String(Int(value)))
      return digits.indices.map { (($0 > 0 && (digits.count - $0) % 3 == 0) ? "," : "") + String(digits[$0]) }.joined()
    case .word:
      let words = [1: "one", 2: "two", 3: "three", 4: "four", 20: "twenty", 100: "hundred", 1e-3: "thousandth"]
      return words[value] ?? "\(value)"
    }
  }
}
