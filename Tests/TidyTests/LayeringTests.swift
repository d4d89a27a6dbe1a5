import DrnTestSupport
import Foundation
import Testing

/// The layers of Sources/README.md, lowest first. An import only goes down.
private let layers: [[String]] = [
  ["DrnSource", "DrnJSON", "DrnSystem", "DrnNumbers", "CDNNL", "COpenBLAS", "CZlib", "CImages", "CKernels", "CPJRT"],
  ["DrnDiagnostics"],
  ["DrnSyntax", "DrnIR", "DrnTensorFile", "DrnData"],
  ["DrnMethods", "DrnKernels", "DrnReference", "DrnReport", "DrnSweep"],
  ["DrnProgram", "DrnPasses", "DrnPlan", "DrnStableHLO"],
  ["DrnSema", "DrnLowering", "DrnCPU"],
  ["DrnCompiler", "DrnEngines"],
  ["DrnAnalysis"],
  ["DrnTrain", "DrnLanguageServer"],
  ["DrnInference", "DrnExport", "DrnImport"],
  ["DrnDriver"],
  ["DrncCommand", "Drnc"],
]

/// Edges inside one layer that are allowed all the same.
private let sideways: Set<String> = [
  "DrnData->DrnTensorFile", "CKernels->CDNNL", "CKernels->COpenBLAS",
]

@Suite struct LayeringTests {
  private func layer(_ module: String) -> Int? { layers.firstIndex { $0.contains(module) } }

  private func edges(in folder: String = "Sources") throws -> [(from: String, to: String, file: String)] {
    var edges: [(String, String, String)] = []
    for path in Repository.files(folder, extension: "swift") {
      for line in try Repository.text(path).split(separator: "\n") where line.hasPrefix("import ") || line.contains(" import ") {
        let words = line.split(separator: " ")
        guard let position = words.firstIndex(of: "import"), position + 1 < words.count, position <= 1 else { continue }
        edges.append((Repository.module(of: path), String(words[position + 1]), path))
      }
    }
    return edges
  }

  @Test("every import between modules of drnc goes to a lower layer")
  func importsGoDown() throws {
    for edge in try edges() {
      guard let from = layer(edge.from), let to = layer(edge.to) else { continue }
      #expect(to < from || sideways.contains("\(edge.from)->\(edge.to)"), "\(edge.file) imports \(edge.to)")
    }
  }

  @Test("what a target of Package.swift declares is what its files import")
  func packageMatchesImports() throws {
    let manifest = try Repository.text("Package.swift")
    var found = 0
    for match in manifest.matches(of: #/ {4}(library|tests|support)\(\s*"(\w+)"(?:,\s*\[([^\]]*)\])?\),/#) {
      let (folder, module) = (match.1 == "library" ? "Sources" : "Tests", String(match.2))
      let declared = Set((match.3 ?? "").matches(of: /"(\w+)"/).map { String($0.1) })
      let imported = Set(
        try edges(in: "\(folder)/\(module)").map(\.to).filter { (layer($0) != nil || $0 == "DrnTestSupport") && $0 != module })
      #expect(declared == imported, "\(module): declared \(declared.sorted()), imported \(imported.sorted())")
      found += 1
    }
    #expect(found > 30)
  }

  @Test("every library has a target of tests of its name, which imports it, and there is no other but that of this target")
  func testsAreNamedAfterModules() throws {
    let modules = try Repository.text("Package.swift").matches(of: #/ {4}library\(\s*"(\w+)"/#).map { String($0.1) }
    #expect(modules.count > 20)
    for module in modules { #expect(try edges(in: "Tests/\(module)Tests").contains { $0.to == module }, "\(module)") }
    let targets = Repository.names("Tests").filter { $0.hasSuffix("Tests") }
    #expect(Set(targets) == Set(modules.map { $0 + "Tests" } + ["TidyTests"]))
  }

  @Test("the checkout is found in one place")
  func oneRoot() throws {
    let users = try Repository.files("Tests", extension: "swift").filter { try Repository.text($0).contains("#" + "filePath") }
    #expect(users == ["Tests/DrnTestSupport/Repository.swift"])
  }

  @Test(
    "nothing behind the checker knows the checker or syntax",
    arguments: ["DrnLowering", "DrnCPU", "DrnCompiler", "DrnAnalysis", "DrnTrain"])
  func backEnd(module: String) throws {
    for edge in try edges(in: "Sources/\(module)") { #expect(!["DrnSema", "DrnSyntax"].contains(edge.to), "\(edge.file)") }
  }

  @Test("every source module has a layer and is described in Sources/README.md")
  func modulesAreListed() throws {
    let readme = try Repository.text("Sources/README.md")
    let folders = Set(Repository.files("Sources", extension: "swift").map(Repository.module))
    for module in folders.sorted() {
      #expect(layer(module) != nil, "\(module) is in no layer")
      #expect(readme.contains("`\(module)`"), "\(module) is not described in Sources/README.md")
    }
  }

  @Test("only the driver's command-line target imports ArgumentParser")
  func argumentParserStaysInTheTool() throws {
    for edge in try edges() where edge.to == "ArgumentParser" { #expect(edge.from == "DrncCommand", "\(edge.file)") }
  }

  @Test("the test sees the imports that exist")
  func edgesAreFound() throws { #expect(try edges().contains { $0.from == "DrnSyntax" && $0.to == "DrnSource" }) }
}
