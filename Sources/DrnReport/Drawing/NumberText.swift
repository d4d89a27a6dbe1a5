import Foundation

/// How numbers are written for people.
enum NumberText {
  /// Three or four significant digits, with the name of what is no finite number.
  static func short(_ value: Double?) -> String {
    guard let value else { return "" }
    if value.isNaN { return "nan" }
    guard value.isFinite else { return value > 0 ? "inf" : "-inf" }
    if value == 0 { return "0" }
    if value == value.rounded(), abs(value) < 1e5 { return String(Int(value)) }
    return String(format: abs(value) >= 1e5 || abs(value) < 1e-4 ? "%.2e" : "%.4g", value)
  }

  /// A share as a percentage.
  static func percent(_ value: Double?) -> String {
    guard let value else { return "" }
    return value.isFinite ? String(format: "%.2f", value * 100) + "\u{202F}%" : short(value)
  }

  /// A count with groups of three digits.
  static func count(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { text += "\u{202F}" }
      text.append(digit)
    }
    return (value < 0 ? "-" : "") + text
  }

  /// A count in thousands, millions or billions.
  static func compact(_ value: Double) -> String {
    for (size, unit) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where abs(value) >= size {
      return String(format: "%.3g", value / size) + "\u{202F}" + unit
    }
    return short(value)
  }

  /// Bytes in the unit that fits.
  static func bytes(_ value: Double) -> String {
    for (size, unit) in [(1073741824.0, "GiB"), (1048576, "MiB"), (1024, "KiB")] where abs(value) >= size {
      return String(format: "%.3g", value / size) + "\u{202F}" + unit
    }
    return "\(short(value))\u{202F}B"
  }

  /// Seconds in the unit that fits.
  static func seconds(_ value: Double) -> String {
    if value >= 7200 { return String(format: "%.1f h", value / 3600) }
    if value >= 120 { return String(format: "%.1f min", value / 60) }
    return value >= 1 ? String(format: "%.1f s", value) : String(format: "%.3g ms", value * 1e3)
  }

  /// Which of `count` equal parts a share between 0 and 1 lies in; the first for what is no number, the nearest for what is out of range.
  static func part(_ share: Double, of count: Int) -> Int {
    share > 0 ? min(count - 1, Int(min(share, 1) * Double(count))) : 0
  }

  /// `3 layers`, `1 layer`.
  static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
