import DrnTestSupport
import Foundation
import Testing

/// Figures that one page quotes from another.
@Suite struct FigureTests {
  /// The column of a table in `benchmarks/README.md`: the table whose heading line has all of `words`.
  private func column(_ name: String, ofTableWith words: [String]) throws -> [Double] {
    let lines = try Repository.text("benchmarks/README.md").split(separator: "\n", omittingEmptySubsequences: false)
    let head = try #require(
      lines.firstIndex { line in line.hasPrefix("|") && words.allSatisfy { line.contains($0) } }, "no table with \(words)")
    func cells(_ line: Substring) -> [String] { line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    let place = try #require(cells(lines[head]).firstIndex(of: name), "no column \(name)")
    return lines[(head + 2)...].prefix { $0.hasPrefix("|") }.compactMap { Double(cells($0)[place]) }
  }

  @Test("the README quotes the least and the greatest of the medians in benchmarks/README.md")
  func benchmarks() throws {
    let readme = try Repository.text("README.md")
    let ratio = "best peer / drnc, median of rounds"
    let quoted: [(name: String, words: [String], sentence: String)] = [
      (ratio, ["threads", "jax jit", "share of peak"], "times as fast as the fastest of PyTorch"),
      (ratio, ["torch channels_last", "memory growth, MiB: drnc, peers"], "times as fast as the faster of PyTorch"),
      ("drnc / PyTorch", ["drnc arena, MiB"], "of PyTorch's"),
    ]
    for (name, words, sentence) in quoted {
      let values = try column(name, ofTableWith: words)
      #expect(values.count >= 5)
      let range = String(format: "%.2f to %.2f", values.min() ?? .nan, values.max() ?? .nan)
      #expect(readme.contains("\(range) \(sentence)"), "the README does not say \"\(range) \(sentence)\"")
    }
  }
}
