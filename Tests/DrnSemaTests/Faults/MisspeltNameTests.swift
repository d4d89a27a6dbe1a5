import DrnDiagnostics
import DrnSema
import DrnSource
import DrnSyntax
import DrnTestSupport
import Foundation
import Testing

/// Models in which one name is misspelt. `DRNC_ALL_FAULTS=1` takes every name of every model instead of every fifth.
@Suite("Misspelt names") struct MisspeltNameTests {
  private static var stride: Int { ProcessInfo.processInfo.environment["DRNC_ALL_FAULTS"] == nil ? 5 : 1 }

  @Test("one is one error, where it is")
  func single() throws {
    var (wrong, errors, near) = (0, 0, 0)
    var several: [String] = []
    for text in try Models.texts() {
      let source = FaultySource(text)
      let names = source.pieces.indices.filter { isName(source.pieces[$0].text) }
      for index in Swift.stride(from: 0, to: names.count, by: Self.stride).map({ names[$0] }) {
        let faulty = source.misspelling(index)
        let checked = Checked(faulty.text, files: Models.shared)
        guard let first = checked.errors.first?.primary?.span else { continue }
        wrong += 1
        errors += checked.errors.count
        if faulty.neighbourhoods(of: source.pieces[index].declaration).contains(where: {
          first.start <= $0.upperBound && first.end >= $0.lowerBound
        }) {
          near += 1
        }
        if checked.errors.count > 1 { several.append(renderPlain(checked.errors, sources: checked.sources)) }
      }
    }
    let mean = Double(errors) / Double(max(1, wrong))
    let share = Double(near) / Double(max(1, wrong))
    print("\(wrong) misspelt names: \(mean) errors each, the first where it is for \(share) of them")
    if Self.stride == 1 { for text in several { print(text) } }
    #expect(wrong > 100 && mean <= 1.1 && share >= 0.8)
  }

  private func isName(_ text: String) -> Bool {
    text.count > 3 && Keyword(rawValue: text) == nil && text.allSatisfy { $0.isLetter || $0 == "_" || $0.isNumber }
      && text.first?.isLetter == true
  }

  @Test("a misspelt setting is not missing too", arguments: ["source", "label", "length", "batch", "loss", "optimizer", "rate"])
  func settings(_ name: String) throws {
    for misspelt in [String(name.dropLast()), name + "s", String(name.first.map { "\($0)\($0)" } ?? "") + name.dropFirst()] {
      let checked = Checked(program().replacing("  \(name):", with: "  \(misspelt):"))
      #expect(checked.codes == ["DRN0225"], "\(misspelt): \(checked.codes)")
      #expect(checked.result.diagnostics.first?.fixIts.first?.edits.first?.replacement == name)
    }
  }

  @Test("a data set without its tensor still has its other entries looked at")
  func withoutTensor() {
    let text = program().replacing("image: tensor[1, 28, 28]\n", with: "\n").replacing("source:", with: "sorce:")
    #expect(Checked(text).codes == ["DRN0227", "DRN0225"])
  }
}

extension FaultySource {
  /// With two letters of a name changed about.
  func misspelling(_ index: Int) -> FaultySource {
    var letters = Array(pieces[index].text)
    let place = letters.indices.dropFirst().dropLast().first { letters[$0] != letters[$0 + 1] } ?? 1
    letters.swapAt(place, place + 1)
    var changed = self
    changed.replace(index, by: String(letters))
    changed.mark(index)
    return changed
  }
}
