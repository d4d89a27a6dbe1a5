import DrnIR
import DrnTestSupport
import Testing

@testable import DrnReference

@Suite("The reference interpreter: random numbers")
struct ReferenceRandomTests {
  @Test(
    "Philox4x32-10 gives the known answers of Random123 (kat_vectors)",
    arguments: [
      ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      (
        [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func philox(counter: [UInt32], key: [UInt32], expected: [UInt32]) {
    #expect(Philox.block(counter: counter, key: key) == expected)
  }

  @Test("The stream name enters as its FNV-1a 64 hash")
  func streamHash() {
    #expect(PhiloxStream(key: 0, name: "").key == 0xcbf2_9ce4_8422_2325)
    #expect(PhiloxStream(key: 0, name: "foobar").key == 0x8594_4171_f739_67e8)
    let hash: UInt64 = 0xaf63_dc4c_8601_ec8c
    #expect(PhiloxStream(key: 0xffff, name: "a").key == hash ^ 0xffff)
  }

  private func run(_ opcode: Opcode, _ attributes: Attributes) throws -> [Double] {
    var sample = OpSample("", opcode == .dropout ? [ReferenceTensor(shape: [8], repeating: 6)] : [], attributes)
    sample.insert(ReferenceTensor(key: 0x1234_5678_9ABC_DEF0), TensorType(.u64, []), at: sample.operands.count)
    return try evaluateOp(opcode, sample)[0].values
  }

  /// The numbers below come from a separate Python program that follows the definition.
  @Test("Uniform, normal and dropout follow the shared definition element by element")
  func values() throws {
    let stream = AttributeValue.string("fc1")
    let uniform = try run(.randomUniform, ["limit": .number(2), "shape": .dimensions([8]), "stream": stream])
    expectEqual(
      uniform,
      [
        -1.801051378250122, -1.816795825958252, 0.6569466590881348, -1.9388251304626465, -0.9904091358184814, -1.5873656272888184,
        0.7663335800170898, -0.29842615127563477,
      ])
    let normal = try run(.randomNormal, ["deviation": .number(1), "shape": .dimensions([2, 4]), "stream": stream])
    expectEqual(
      normal,
      [
        2.349152189185858, 0.6953329152141557, 0.9003894955221301, 0.08678878480395531,
        1.3228359059003763, 1.0018001407096941, -0.7661609437404663, 0.3879954486628878,
      ])
    let kept = try run(.dropout, ["rate": .number(0.4), "stream": stream])
    expectEqual(kept, [0, 0, 10, 0, 0, 0, 10, 10])
  }

  @Test("An odd count ends in the first half of a pair, and another stream gives other numbers")
  func tails() throws {
    func normal(_ count: Dimension, _ stream: String) throws -> [Double] {
      try run(.randomNormal, ["deviation": .number(1), "shape": .dimensions([count]), "stream": .string(stream)])
    }
    #expect(try normal(7, "fc1") == Array(try normal(8, "fc1").prefix(7)))
    #expect(try normal(7, "fc2") != normal(7, "fc1"))
  }

  @Test("Four thousand normal numbers have mean 0 and deviation 3")
  func moments() throws {
    let values = try run(.randomNormal, ["deviation": .number(3), "shape": .dimensions([4000]), "stream": .string("m")])
    let mean = values.reduce(0, +) / 4000
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
    // Four standard errors: 3 / sqrt(4000) for the mean, 9 sqrt(2 / 4000) for the variance.
    #expect(mean.magnitude < 4 * 0.0475)
    #expect((variance - 9).magnitude < 4 * 0.2013)
  }
}
