import DrnDiagnostics
import DrnSema
import DrnSource
import DrnTestSupport
import Foundation
import Testing

/// Every fix-it of every failing example and golden file, applied and checked again.
@Suite("Fixes") struct FixTests {
  /// A faulty program with the conditions it is checked under.
  struct Faulty: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    var testDescription: String { name }

    static let pages = PageTests.pages.map { Faulty(name: $0.code.name, text: $0.failingExample) }
    static let goldens = GoldenTests.files.compactMap { name -> Faulty? in
      let url = Repository.url("Tests/Golden/check/\(name)")
      return (try? String(contentsOf: url, encoding: .utf8)).map { Faulty(name: name, text: $0) }
    }
    static let all = pages + goldens

    func check() -> Checked {
      let golden = Golden(text)
      return Checked(text, options: golden.options, headers: golden.headers, files: ["main.drn": text])
    }

    /// The program with one fix-it applied.
    func applying(_ fixIt: FixIt) -> Faulty {
      let source = SourceFile(id: FileID(0), name: "main.drn", bytes: Array(text.utf8))
      return Faulty(name: name, text: String(decoding: apply([fixIt], to: source), as: UTF8.self))
    }
  }

  @Test("a fix removes its problem", arguments: Faulty.all)
  func removesItsProblem(_ faulty: Faulty) {
    let before = faulty.check().result.diagnostics
    for diagnostic in before {
      for fixIt in diagnostic.fixIts {
        let fixed = faulty.applying(fixIt)
        let after = fixed.check()
        let same = after.result.diagnostics.filter { $0.code == diagnostic.code && $0.message == diagnostic.message }
        let earlier = before.filter { $0.code == diagnostic.code && $0.message == diagnostic.message }
        #expect(
          same.count < earlier.count,
          "\(fixIt.message) leaves \(diagnostic.message)\n\(fixed.text)\n\(after.result.diagnostics.map(\.message))")
      }
    }
  }

  @Test("a safe fix adds no problem, and an unsafe one no fault of syntax", arguments: Faulty.all)
  func addsNoProblem(_ faulty: Faulty) {
    let before = faulty.check()
    let known = Set(before.codes)
    for (diagnostic, fixIt) in before.result.diagnostics.flatMap({ diagnostic in diagnostic.fixIts.map { (diagnostic, $0) } }) {
      let added = faulty.applying(fixIt).check().result.diagnostics.filter { !known.contains($0.code.id) }
      let isSyntax = added.contains { $0.code.traits.contains(.syntax) }
      let isClean = fixIt.confidence == .unsafe || !added.contains { $0.severity == .error }
      #expect(!isSyntax && isClean, "\(diagnostic.code.id): \(fixIt.message) adds \(added.map(\.message))")
    }
  }

  @Test("an import that is near the name of a file has a fix")
  func imports() throws {
    let text = "import \"parts/comon.drn\"\n" + program()
    var sources = SourceMap()
    let file = sources.add(name: "main.drn", text: text)
    let result = check(
      file: file, sources: &sources, options: CheckOptions(), nearestFile: { $0 == "parts/comon.drn" ? "parts/common.drn" : nil }
    ) {
      _ in nil
    }
    let source = try #require(sources[file])
    #expect(result.diagnostics.map(\.code) == [.importNotFound] && result.programs.isEmpty)
    #expect(result.diagnostics.first?.notes.contains("the nearest name is `parts/common.drn`") == true)
    let fixed = apply(result.diagnostics.flatMap(\.fixIts), to: source)
    #expect(String(decoding: fixed, as: UTF8.self).hasPrefix("import \"parts/common.drn\"\n"))
  }

  @Test("a near miss has no safe fix to offer", arguments: Faulty.goldens.filter { $0.name.hasSuffix("-ok.drn") })
  func nearMisses(_ faulty: Faulty) {
    #expect(faulty.check().result.diagnostics.flatMap(\.fixIts).filter { $0.confidence == .safe } == [])
  }
}
