/// Tables in the terminal.
enum TextTable {
  /// Rows under their heads, in columns as wide as what stands in them; cells beyond the heads are left out.
  static func text(_ heads: [String], _ rows: [[String]]) -> String {
    let lines = [heads] + rows
    let widths = heads.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      let cells = heads.indices.map { line[$0] + String(repeating: " ", count: widths[$0] - line[$0].count) }
      return cells.joined(separator: "  ").replacing(#/ +$/#, with: "") + "\n"
    }.joined()
  }

  /// The sizes of a tensor, outermost first.
  static func sizes(_ shape: [Int]) -> String { shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: " x ") }
}
