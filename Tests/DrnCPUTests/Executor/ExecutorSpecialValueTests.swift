import DrnCPU
import DrnIR
import DrnReference
import DrnTestSupport
import Testing

@Suite("Executor: NaN and infinities")
struct ExecutorSpecialValueTests {
  private static let opcodes =
    Opcode.allCases.filter(\.isElementwise) + [
      .map, .dropout, .sum, .softmaxCrossEntropy, .softmaxCrossEntropyGradient, .maxPool, .maxPoolGradient, .averagePool,
      .averagePoolGradient,
      .patches, .matmul, .layerNorm, .logSoftmax, .power, .powerDerivative, .largest,
    ]

  @Test("ops, alone and fused, spread them as the reference does", arguments: opcodes)
  func opAgrees(_ opcode: Opcode) throws {
    for (rows, columns) in [(1, 1), (3, 5), (7, 17), (6, 16), (2, 1024)] where opcode != .matmul || columns < 1000 {
      for seed in 0..<4 { try expectAgreement(opcode, rows, columns, seed: UInt64(seed)) }
    }
  }

  private func expectAgreement(_ opcode: Opcode, _ rows: Int, _ columns: Int, seed: UInt64) throws {
    guard let module = try sampleModule(opcode, rows: rows, columns: columns) else { return }
    var arguments = module.sampleArguments("f", seed: seed, classes: columns)
    for name in arguments.keys.sorted() where !name.hasSuffix("labels") && arguments[name]?.key == nil {
      // Sums of many terms would all be NaN: a few special values in each argument, in some of the runs in all of its elements.
      var numbers = SplitMix64(seed: seed &+ name.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
      let share = seed % 4 == 0 ? 1 : seed % 4 == 1 ? 4 : 64
      let values = (arguments[name]?.values ?? []).map { value in
        numbers.below(share) == 0 ? [.nan, .infinity, -.infinity, value][numbers.below(4)] : value
      }
      arguments[name]?.values = values
    }
    let segment = try Segment(module: module, functions: ["f"], threads: 2)
    try segment.write(arguments)
    try segment.run("f")
    let function = try #require(module.function("f"))
    let reference = try evaluate(function: function, module: module, arguments: arguments)
    for port in function.results {
      let expected = try #require(reference[port.name]).values
      for (index, (found, right)) in zip(try segment.read(port.name), expected).enumerated() {
        let isRight = right.isNaN ? found.isNaN : Double(found) == right || abs(Double(found) - right) <= 1e-4 * max(1, abs(right))
        guard !isRight else { continue }
        Issue.record("\(opcode.mnemonic) \(rows) x \(columns), seed \(seed), \(port.name)[\(index)]: \(found), the reference \(right)")
        return
      }
    }
  }
}
