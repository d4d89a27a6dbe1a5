/// A text whose lines are broken at spaces where they are wider than `width`; a word that alone is wider stays whole.
package func wrapped(_ text: String, width: Int) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { $0.count <= width ? [String($0)] : wrapLine($0, width) }
    .joined(separator: "\n")
}

/// Breaks text at spaces so that no line is wider than `width`, but for words that alone are wider. Line breaks in the text stay.
func wrap(_ text: String, width: Int) -> [String] {
  text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { wrapLine($0, width) }
}

private func wrapLine(_ text: Substring, _ width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ") {
    if line.isEmpty {
      line = String(word)
    } else if line.count + 1 + word.count > width {
      lines.append(line)
      line = String(word)
    } else {
      line += " " + word
    }
  }
  return lines + [line]
}
