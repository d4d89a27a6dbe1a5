/// Text of HTML and SVG.
enum Markup {
  /// A text with everything escaped that markup would read, in content and within quotes. Characters that no document may hold become U+FFFD.
  static func escaped(_ text: some StringProtocol) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value & 0xFFFE == 0xFFFE:
        result.unicodeScalars.append("\u{FFFD}")
      case _: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A text cut to a number of characters, with an ellipsis where it was longer.
  static func short(_ text: String, _ most: Int) -> String { text.count > most ? text.prefix(max(1, most - 1)) + "\u{2026}" : text }

  /// A text of which the middle is left out, since the names of layers differ at both ends.
  static func middle(_ text: String, _ most: Int) -> String {
    guard text.count > most, most > 4 else { return short(text, most) }
    let tail = (most - 1) * 2 / 3
    return text.prefix(most - 1 - tail) + "\u{2026}" + text.suffix(tail)
  }

  /// A coordinate with one decimal.
  static func coordinate(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e7 else { return "0" }
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? String(tenths / 10) : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }

  /// A table; numbers are aligned to the right by its style.
  static func table(_ table: DataTable) -> String {
    var html = "<div class=\"scroll\"><table><thead><tr>"
    for header in table.headers { html += "<th scope=\"col\">\(escaped(header))</th>" }
    html += "</tr></thead><tbody>"
    for row in table.rows {
      html += "<tr>"
      for cell in row { html += "<td>\(escaped(cell))</td>" }
      html += "</tr>"
    }
    html += "</tbody></table></div>"
    if let note = table.note { html += "<p class=\"note\">\(escaped(note))</p>" }
    return html
  }
}

/// Rows of text under headers.
struct DataTable {
  let headers: [String]
  let rows: [[String]]
  /// What was left out.
  var note: String?

  /// Of more rows than `most` those at equal distances and the last.
  init(_ headers: [String], _ rows: [[String]], most: Int = 300) {
    self.headers = headers
    guard rows.count > most, most > 1 else {
      self.rows = rows
      return
    }
    self.rows = (0..<most).map { rows[$0 * (rows.count - 1) / (most - 1)] }
    note = "\(most) of \(rows.count) rows, at equal distances."
  }
}
