import DrnDiagnostics
import DrnSema
import DrnTestSupport
import Foundation
import Testing

/// The code on the pages: what is not marked `drn sketch` is accepted by the checker. The pages of errors have tests of their own.
@Suite("Code on pages") struct SnippetTests {
  private static func pages() throws -> [(name: String, text: String)] {
    let folders = ["docs", "docs/contributing", "docs/results"].map(Repository.url)
    let pages = try folders.flatMap { folder in
      try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".md") }.sorted().map(
        folder.appendingPathComponent)
    }
    let files = pages + ["README.md", "CONTRIBUTING.md", "Sources/README.md"].map(Repository.url)
    return try files.map { ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) }
  }

  /// The words after the three marks that open a block, and its lines.
  private static func blocks(_ text: String) -> [(info: String, code: String)] {
    var blocks: [(info: String, code: String)] = []
    var open: (info: String, lines: [Substring])?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("```") else {
        open?.lines.append(line)
        continue
      }
      if let block = open {
        blocks.append((block.info, block.lines.joined(separator: "\n")))
        open = nil
      } else {
        open = (String(line.dropFirst(3)), [])
      }
    }
    return blocks
  }

  private static func errors(_ text: String) -> [String] {
    Checked(text).result.diagnostics.filter { $0.severity == .error }.map { "\($0.code.id) \($0.message)" }
  }

  @Test("a block of code is accepted, with the model it names, or says that it is a sketch") func blocks() throws {
    var checked = 0
    for page in try Self.pages() {
      for block in Self.blocks(page.text) where block.info.split(separator: " ").first == "drn" {
        let note = block.info.split(separator: " ").dropFirst().first.map(String.init)
        if note == "sketch" { continue }
        checked += 1
        #expect(Self.errors(try Self.whole(block.code, of: note)) == [], "\(page.name):\n\(block.code)")
      }
    }
    #expect(checked >= 2)
  }

  /// The code, with what stands before the training of a model where it is a training of that model.
  private static func whole(_ code: String, of model: String?) throws -> String {
    guard let model else { return code }
    let text = try String(contentsOf: Repository.url(model), encoding: .utf8)
    let training = try #require(text.range(of: "\ntrain "))
    return text[..<training.lowerBound] + "\n" + code
  }

  @Test("an entry of a schedule in the text is accepted in some program") func entries() throws {
    var checked = 0
    for page in try Self.pages() {
      for match in page.text.matches(of: /`((?:from|every|at|by) [^`\n]+)`/) {
        let entry = String(match.1)
        // The page about new methods makes one up; dots leave something out; `value` stands for any.
        guard !entry.contains("..."), !entry.hasSuffix(": value"), !entry.contains("column_gain"),
          entry.hasPrefix("by svd(") || entry.contains(": ")
        else { continue }
        checked += 1
        // In a clause of weights, or in `train` itself.
        let tries =
          ["dense", "factored(rank: 4)", "core(rank: full)"].flatMap { form in
            ["", "state: carry"].map { state in Self.errors(Self.program(form, entry, state)) }
          } + (entry.hasPrefix("at ") ? [Self.errors(Self.program("dense", "", entry))] : [])
        #expect(tries.contains([]), "\(page.name): `\(entry)`: \(tries.first ?? [])")
      }
    }
    #expect(checked >= 6)
  }

  private static func program(_ form: String, _ entry: String, _ state: String) -> String {
    let change = entry.hasPrefix("by ") ? "from epoch 5: factored(rank: 3) \(entry)" : entry
    return """
      data d { source: synthetic(1000)  x: tensor[64]  label: class(10)  validation: 10% }
      network mlp(x: tensor[64]) -> tensor[10] { return x |> hidden: linear(64) |> norm: batch_norm |> relu |> head: linear(10) }
      train mlp on d {
        length: 100 epochs  batch: 100  loss: cross_entropy  optimizer: sgd(momentum: 0.9)  rate: 0.1  \(state)
        weights hidden { from epoch 0: \(form)  \(change) }
      }
      """
  }
}
