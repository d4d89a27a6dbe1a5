import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSema
import DrnSource
import DrnTestSupport
import Foundation
import Testing

/// Golden files state what is expected in comments on the offending line: `// error DRN0301, hint DRN0502`. A first line may state
/// conditions: `// with --set train.length=3epochs`, `// with --shorten 1/50`, `// with data 60000 [1, 28, 28] 10`,
/// `// with absent data pictuers near pictures`, and problems without a place as `// nowhere error DRN0003`.
@Suite struct GoldenTests {
  static let files: [String] = {
    let folder = Repository.url("Tests/Golden/check")
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".drn") }.sorted()
  }()

  @Test("reports exactly what the golden file expects", arguments: files)
  func golden(_ name: String) throws {
    let url = Repository.url("Tests/Golden/check/\(name)")
    let text = try String(contentsOf: url, encoding: .utf8)
    let golden = Golden(text)
    var sources = SourceMap()
    let file = sources.add(name: "Tests/Golden/check/\(name)", text: text)
    let result = check(file: file, sources: &sources, options: golden.options, headers: golden.headers) { path in
      (try? Data(contentsOf: Repository.url(path))).map { Array($0) }
    }
    let found = result.diagnostics.map { diagnostic in
      let line = diagnostic.primary.flatMap { label in
        label.span.file == file ? sources[file]?.lineColumn(at: label.span.start).line : 0
      }
      return "line \(line ?? 0): \(diagnostic.severity.rawValue) \(diagnostic.code.id)"
    }
    #expect(found.sorted() == golden.expected.sorted(), "\(renderPlain(result.diagnostics, sources: sources))")
    #expect(result.programs.isEmpty == result.diagnostics.contains { $0.severity == .error } || golden.hasNoProgram)
  }

  @Test("finds golden files") func discovery() { #expect(Self.files.count > 30) }

  @Test("every code has a golden file that fires and a near miss")
  func coverage() throws {
    let texts = try Self.files.map {
      try String(contentsOf: Repository.url("Tests/Golden/check/\($0)"), encoding: .utf8)
    }
    let expected = Set(texts.flatMap { Golden($0).expected.compactMap { $0.split(separator: " ").last.map(String.init) } })
    let mine = Code.ofPrograms
    #expect(mine.map(\.id).filter { !expected.contains($0) } == [])
    let nearMisses = Self.files.filter { $0.hasSuffix("-ok.drn") }
    #expect(mine.map(\.id).filter { id in !nearMisses.contains { $0.hasPrefix(id) } } == [])
  }
}

/// The expectations and conditions of one golden file.
struct Golden {
  var options = CheckOptions()
  var headers: any DataHeaders = NoDataHeaders()
  var expected: [String] = []
  var hasNoProgram = false

  init(_ text: String) {
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard let comment = line.range(of: "// ") else { continue }
      let words = String(line[comment.upperBound...])
      if words.hasPrefix("with ") { addCondition(String(words.dropFirst(5))) }
      if words.hasPrefix("no program") { hasNoProgram = true }
      if words.hasPrefix("nowhere ") { expect(String(words.dropFirst(8)), line: 0) } else { expect(words, line: index + 1) }
    }
  }

  private mutating func expect(_ words: String, line: Int) {
    for part in words.split(separator: ",") {
      let pair = part.split(separator: " ")
      guard pair.count == 2, ["error", "warning", "hint"].contains(pair[0]), pair[1].hasPrefix("DRN") else { return }
      expected.append("line \(line): \(pair[0]) \(pair[1])")
    }
  }

  private mutating func addCondition(_ condition: String) {
    if condition.hasPrefix("--set "), let override = CheckOptions.Override(String(condition.dropFirst(6))) {
      options.overrides.append(override)
    }
    if condition.hasPrefix("--shorten ") { options.shorten = CheckOptions.Share(String(condition.dropFirst(10))) }
    let problems: [(String, DataProblem)] = [
      ("damaged data", .damaged), ("mixed data", .mixedSizes), ("empty data", .empty), ("data of other labels", .labelRange),
    ]
    for (name, problem) in problems where condition == name {
      headers = FixedHeaders(finding: .unusable("pictures/a.png: cannot be used", help: nil, problem: problem))
    }
    let words = condition.split(separator: " ").map(String.init)
    if words.count == 5, words.starts(with: ["absent", "data"]) {
      let correction = DataCorrection(written: words[2], meant: words[4])
      headers = MisnamedHeaders(correction: correction)
    }
    if condition == "broken data" { headers = FixedHeaders(finding: .unusable("train.gz: is cut short", help: "copy it again")) }
    if condition.hasPrefix("data ") {
      let numbers = condition.split { !$0.isNumber }.compactMap { Int($0) }
      guard numbers.count >= 3, let examples = numbers.first, let classes = numbers.last else { return }
      headers = FixedHeaders(finding: .found(DataFacts(examples: examples, shape: Array(numbers.dropFirst().dropLast()), classes: classes)))
    }
  }
}
