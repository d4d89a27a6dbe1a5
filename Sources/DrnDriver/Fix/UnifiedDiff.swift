import DrnSource

/// The change from one text to another as `diff -u` prints it; empty when there is none.
///
/// One hunk reaches from the first changed line to the last, with three lines around it: fixes change a few lines, and a patch is right
/// however its hunks are cut.
func unifiedDiff(_ old: [UInt8], _ new: [UInt8], name: String) -> String {
  guard old != new else { return "" }
  let (before, after) = (lines(old), lines(new))
  let shared = min(before.count, after.count)
  let prefix = (0..<shared).first { before[$0] != after[$0] } ?? shared
  let suffix = (0..<shared - prefix).first { before[before.count - 1 - $0] != after[after.count - 1 - $0] } ?? shared - prefix
  let start = max(0, prefix - 3)
  let context = min(3, suffix)
  let (oldEnd, newEnd) = (before.count - suffix, after.count - suffix)
  var text = "--- \(name)\n+++ \(name)\n@@ -\(range(start, oldEnd + context)) +\(range(start, newEnd + context)) @@\n"
  for line in before[start..<prefix] { text += row(" ", line) }
  for line in before[prefix..<oldEnd] { text += row("-", line) }
  for line in after[prefix..<newEnd] { text += row("+", line) }
  for line in before[oldEnd..<oldEnd + context] { text += row(" ", line) }
  return text
}

/// Lines with their line breaks; the last may have none.
private func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
  var lines: [ArraySlice<UInt8>] = []
  var start = 0
  for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
    lines.append(bytes[start...offset])
    start = offset + 1
  }
  if start < bytes.count { lines.append(bytes[start...]) }
  return lines
}

/// `first line,number of lines`; an empty range is named by the line before it.
private func range(_ start: Int, _ end: Int) -> String { "\(end > start ? start + 1 : start),\(end - start)" }

private func row(_ mark: String, _ line: ArraySlice<UInt8>) -> String {
  let text = mark + String(decoding: line, as: UTF8.self)
  return line.last == UInt8(ascii: "\n") ? text : text + "\n\\ No newline at end of file\n"
}
