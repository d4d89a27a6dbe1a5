import Foundation
import Testing

/// The layers of Sources/README.md, lowest first. An import only goes down.
private let layers: [[String]] = [
  ["DrnSource", "DrnJSON", "DrnSystem", "DrnNumbers", "CDNNL", "COpenBLAS", "CZlib", "CImages", "CKernels"],
  ["DrnDiagnostics"],
  ["DrnSyntax", "DrnIR", "DrnTensorFile", "DrnData"],
  ["DrnMethods", "DrnPasses", "DrnPlan", "DrnReference"],
  ["DrnSema"],
  ["DrnLowering", "DrnCPU"],
  ["DrnAnalysis", "DrnTrain", "DrnLanguageServer"],
  ["DrnDriver"],
  ["drnc"],
]

/// Edges inside one layer that are allowed all the same.
private let sideways: Set<String> = [
  "DrnData->DrnTensorFile", "DrnTrain->DrnAnalysis", "DrnLanguageServer->DrnAnalysis", "CKernels->CDNNL", "CKernels->COpenBLAS",
]

@Suite struct LayeringTests {
  private func layer(_ module: String) -> Int? { layers.firstIndex { $0.contains(module) } }

  private func edges() throws -> [(from: String, to: String, file: String)] {
    var edges: [(String, String, String)] = []
    for path in Repository.files("Sources", extension: "swift") {
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
    for edge in try edges() where edge.to == "ArgumentParser" { #expect(edge.from == "drnc", "\(edge.file)") }
  }

  @Test("the test sees the imports that exist")
  func edgesAreFound() throws { #expect(try edges().contains { $0.from == "DrnSyntax" && $0.to == "DrnSource" }) }
}
