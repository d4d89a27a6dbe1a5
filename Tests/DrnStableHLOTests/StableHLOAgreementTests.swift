import DrnIR
import DrnReference
import DrnStableHLO
import DrnTestSupport
import Testing

@Suite("StableHLO by XLA against the reference interpreter", .serialized)
struct StableHLOAgreementTests {
  private struct Instance {
    let name: String
    let opcode: Opcode
    let label: String
    let module: Module
    let arguments: Arguments
  }

  private static func instances() throws -> [Instance] {
    try StableHLOTextTests.translated.flatMap { opcode in
      try (OpSample.samples(of: opcode) + OpSample.special(of: opcode)).enumerated().map { index, sample in
        let (module, arguments) = try sample.module(opcode)
        return Instance(
          name: "\(opcode.mnemonic).\(index)", opcode: opcode, label: "\(opcode.mnemonic), \(sample.label)", module: module,
          arguments: arguments)
      }
    }
  }

  /// Ops that compute nothing, or numbers that a float holds.
  private static func isExact(_ opcode: Opcode) -> Bool {
    switch opcode {
    case .narrow, .move, .constant, .reshape, .token(.oneHot), .token(.gatherRows), .magnitude(.largest), .unary(.negate),
      .unary(.absolute),
      .unary(.sign), .unary(.relu), .binary(.maximum), .binary(.minimum), .binary(.greater), .window(.maxPool):
      true
    case .unary, .binary, .token, .magnitude, .window, .reduce, .matmul, .product, .loss, .normalize, .random, .attend, .convolve,
      .factorize,
      .map, .valueAndGradient:
      false
    }
  }

  /// Samples have sums of at most 100 terms below 4: a share of 1e-5 of the largest element is what every kernel of drnc is held to.
  private static func agrees(_ found: Double, _ expected: Double, _ largest: Double, _ opcode: Opcode) -> Bool {
    if expected.isNaN { return found.isNaN }
    if isExact(opcode) || expected.isInfinite { return found == Double(Float(expected)) }
    return abs(found - expected) <= 1e-5 * max(1, largest)
  }

  @Test("every op gives what the reference gives", .enabled(if: JaxPython.found != nil, Comment(rawValue: JaxPython.absence)))
  func everyOp() throws {
    let instances = try Self.instances()
    let results = try StableHLOResults(
      try instances.map { try StableHLOCase($0.name, try #require($0.module.function("f")), $0.arguments) })
    var compared: Set<Opcode> = []
    for instance in instances {
      if let error = results.error(instance.name) {
        Issue.record("\(instance.label): \(error)")
        continue
      }
      let function = try #require(instance.module.function("f"))
      let reference = try evaluate(function: function, module: instance.module, arguments: instance.arguments)
      for port in function.results {
        let expected = try #require(reference[port.name]).values
        let found = try #require(results.values(instance.name, port.name))
        #expect(found.count == expected.count, "\(instance.label)")
        let largest = expected.filter(\.isFinite).reduce(0) { max($0, abs($1)) }
        for (index, pair) in zip(found, expected).enumerated() where !Self.agrees(pair.0, pair.1, largest, instance.opcode) {
          Issue.record("\(instance.label), \(port.name), element \(index): \(pair.0) for \(pair.1)")
          break
        }
        compared.insert(instance.opcode)
      }
    }
    #expect(compared == Set(StableHLOTextTests.translated))
  }

  @Test(
    "dropout keeps the very elements that drnc keeps, whatever the shape and the number of devices",
    .enabled(if: JaxPython.found != nil, Comment(rawValue: JaxPython.absence)))
  func masks() throws {
    var cases: [StableHLOCase] = []
    var expected: [String: [Bool]] = [:]
    for (index, shape) in [[64, 10], [64, 16], [64], [6, 5, 4], [2, 3, 3, 7]].enumerated() {
      for rate in [0.1, 0.5, 0.9] {
        var sample = OpSample(
          "", [ReferenceTensor(shape: shape, values: Array(repeating: 1, count: shape.reduce(1, *)))],
          ["rate": .number(rate), "stream": .string("fc\(index)")])
        sample.insert(ReferenceTensor(key: 0x9E37_79B9_7F4A_7C15 &* UInt64(index + 1)), TensorType(.u64, []), at: 1)
        let (module, arguments) = try sample.module(.dropout)
        let function = try #require(module.function("f"))
        let reference = try #require(try evaluate(function: function, module: module, arguments: arguments)["y0"])
        for devices in [1, 2] {
          let name = "dropout.\(index).\(rate).\(devices)"
          cases.append(try StableHLOCase(name, function, arguments, devices: devices))
          expected[name] = reference.values.map { $0 != 0 }
        }
      }
    }
    let results = try StableHLOResults(cases)
    for item in cases {
      #expect(results.error(item.name) == nil)
      #expect(results.values(item.name, "y0")?.map { $0 != 0 } == expected[item.name], "\(item.name)")
    }
  }
}
