import DrnIR
import DrnPasses
import DrnReference
import DrnTestSupport
import Testing

/// Holds a pass to what it promises: a sound module with the same results, twice the same.
func expectEquivalent(
  _ module: Module, function name: String = "step", seed: Int = 1, sourceLocation: SourceLocation = #_sourceLocation,
  _ pass: (Module) throws -> Module
) throws {
  let changed = try pass(module)
  #expect(verify(changed) == [], sourceLocation: sourceLocation)
  #expect(try pass(module) == changed, sourceLocation: sourceLocation)
  #expect(try readModule(print(changed)) == changed, sourceLocation: sourceLocation)
  let before = try #require(module.function(name), sourceLocation: sourceLocation)
  let after = try #require(changed.function(name), sourceLocation: sourceLocation)
  let arguments = before.sampleArguments(seed: UInt64(seed))
  let expected = try evaluate(function: before, module: module, arguments: arguments)
  let actual = try evaluate(function: after, module: changed, arguments: arguments)
  #expect(before.results.map(\.name) == after.results.map(\.name), sourceLocation: sourceLocation)
  for result in before.results {
    let (left, right) = (expected[result.name]?.values ?? [], actual[result.name]?.values ?? [])
    #expect(left.count == right.count, sourceLocation: sourceLocation)
    // Both are computed in double precision; a few hundred reordered operations stay far below 1e-9 of the largest element.
    let scale = left.map { abs($0) }.filter(\.isFinite).max() ?? 0
    let isClose = zip(left, right).allSatisfy { abs($0 - $1) <= 1e-9 * (1 + scale) || $0 == $1 || $0.isNaN && $1.isNaN }
    #expect(isClose, "\(result.name): \(left.prefix(4)) became \(right.prefix(4))", sourceLocation: sourceLocation)
  }
}

@Suite("Passes keep what programs compute")
struct EquivalenceTests {
  @Test("random programs", arguments: 0..<25)
  func random(seed: Int) throws {
    let module = try RandomModule.module(seed: seed)
    #expect(verify(module) == [])
    try expectEquivalent(module, seed: seed) { try eliminateDeadCode($0, roots: ["step"]) }
    try expectEquivalent(module, seed: seed, simplify)
    try expectEquivalent(module, seed: seed) { try chooseContractionOrder($0) }
    try expectEquivalent(module, seed: seed, fuse)
    try expectEquivalent(module, seed: seed, schedule)
    try expectEquivalent(module, seed: seed) { try optimize($0, roots: ["step"]) }
  }

  @Test("training steps", arguments: TrainingStep.Form.allCases, TrainingStep.Rule.allCases)
  func training(form: TrainingStep.Form, rule: TrainingStep.Rule) throws {
    let module = try TrainingStep(form: form, rule: rule).module()
    #expect(verify(module) == [])
    try expectEquivalent(module, simplify)
    try expectEquivalent(module) { try chooseContractionOrder($0) }
    try expectEquivalent(module, fuse)
    try expectEquivalent(module, schedule)
    try expectEquivalent(module) { try optimize($0, roots: ["step"]) }
  }
}
