import DrnDiagnostics
import DrnSource
import DrnTestSupport
import Foundation
import Testing

/// A model with one token dropped, doubled or swapped with the next. `DRNC_ALL_FAULTS=1` takes every token of every model instead of
/// every seventh.
@Suite("Seeded faults") struct SeededFaultTests {
  private static var stride: Int { ProcessInfo.processInfo.environment["DRNC_ALL_FAULTS"] == nil ? 7 : 1 }

  /// What the checker made of faults.
  private struct Tally {
    var seeded = 0
    /// Faults that make the program wrong: some, such as a doubled label of a list, leave a right one.
    var wrong = 0
    var errors = 0
    var near = 0
    var far: [String] = []
  }

  @Test("one fault is reported about once, within a token of where it is")
  func single() throws {
    var tally = Tally()
    for text in try Models.texts() {
      let source = FaultySource(text)
      for fault in Fault.allCases {
        for index in Swift.stride(from: 0, to: source.pieces.count - 1, by: Self.stride) {
          let seeded = "\(fault) `\(source.pieces[index].text)` after `\(index > 0 ? source.pieces[index - 1].text : "")`"
          examine(source.with(fault, at: index), seeded, source.pieces[index].declaration, &tally)
        }
      }
    }
    let mean = Double(tally.errors) / Double(max(1, tally.wrong))
    let near = Double(tally.near) / Double(max(1, tally.wrong))
    print("\(tally.seeded) faults, \(tally.wrong) make an error: \(mean) errors each, the first within one token for \(near) of them")
    if Self.stride == 1 { for line in tally.far { print(line) } }
    #expect(tally.wrong * 10 > tally.seeded * 7)
    #expect(mean <= 1.3)
    #expect(near >= 0.97)
  }

  private func examine(_ source: FaultySource, _ seeded: String, _ declaration: Int, _ tally: inout Tally) {
    tally.seeded += 1
    let checked = Checked(source.text, files: Models.shared)
    guard let first = checked.errors.first else { return }
    tally.wrong += 1
    tally.errors += checked.errors.count
    if isNear(first, source, declaration) {
      tally.near += 1
    } else {
      let place = checked.sources[FileID(0)]?.lineColumn(at: source.neighbourhoods(of: declaration).first?.lowerBound ?? 0)
      tally.far.append("far: \(seeded), line \(place?.line ?? 0): \(renderPlain([first], sources: checked.sources))")
    }
    if checked.errors.count > 2 {
      tally.far.append("\(checked.errors.count): \(seeded): \(renderPlain(checked.errors, sources: checked.sources))")
    }
  }

  /// Whether a report touches the neighbourhood of the fault and is no longer than a line, so that it shows where the fault is.
  private func isNear(_ diagnostic: Diagnostic, _ source: FaultySource, _ declaration: Int) -> Bool {
    guard let span = diagnostic.primary?.span, span.length <= 80 else { return false }
    return source.neighbourhoods(of: declaration).contains { span.start <= $0.upperBound && span.end >= $0.lowerBound }
  }

  @Test("faults in several declarations are each reported where they are")
  func several() throws {
    var dice = SplitMix64(seed: 5)
    var seeded = 0
    var reported = 0
    for text in try Models.texts() {
      let source = FaultySource(text)
      for _ in 0..<(Self.stride == 1 ? 200 : 12) {
        let (faulty, declarations) = oneInEach(source, &dice)
        let errors = Checked(faulty.text, files: Models.shared).errors
        seeded += declarations.count
        reported += declarations.filter { declaration in errors.contains { isNear($0, faulty, declaration) } }.count
      }
    }
    let share = Double(reported) / Double(max(1, seeded))
    print("\(seeded) faults, one in each declaration of a model: \(share) reported within one token")
    #expect(seeded > 200)
    #expect(share >= 0.9)
  }

  /// A fault in every declaration, each of a kind and at a place that alone make an error.
  private func oneInEach(_ source: FaultySource, _ dice: inout SplitMix64) -> (FaultySource, [Int]) {
    var faulty = source
    let declarations = Set(source.pieces.map(\.declaration)).sorted(by: >)
    // From the last to the first, so that earlier tokens keep their indices.
    for declaration in declarations {
      let indices = source.pieces.indices.dropLast().filter { source.pieces[$0].declaration == declaration }
      for _ in 0..<20 {
        guard let index = indices.randomElement(using: &dice), let fault = Fault.allCases.randomElement(using: &dice) else { continue }
        guard !Checked(source.with(fault, at: index).text, files: Models.shared).errors.isEmpty else { continue }
        faulty = faulty.with(fault, at: index)
        break
      }
    }
    return (faulty, declarations)
  }
}
