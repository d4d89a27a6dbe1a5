import DrnCPU
import DrnIR
import Foundation
import Testing

@Suite("ResNet-20 on one thread and on two")
struct ResidualThreadsTests {
  private static let batch = 20

  /// The repository's ResNet-20, its blocks in that form.
  private func program(_ form: String) throws -> OracleProgram {
    let network = try String(contentsOf: TorchPython.residualSource, encoding: .utf8)
    return try OracleProgram.compile(
      """
      data pictures { source: synthetic(examples: 1200)  image: tensor[3, 32, 32]  label: class(10) }
      \(network)
      train resnet20 on pictures {
        length: 1 epochs  batch: \(Self.batch)  loss: cross_entropy  optimizer: sgd(momentum: 0.9)  rate: 0.1
        weights stage*.**.conv* { from epoch 0: \(form) }
      }
      """)
  }

  /// Numbers in [-1/4, 1/4) that look random: a linear congruence by Knuth's multiplier.
  private func numbers(_ count: Int, seed: Int) -> [Float] {
    var state = UInt64(seed + 1)
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) * 0x1p-25 - 0.25
    }
  }

  /// Every tensor that lives across steps, and the loss, after three steps.
  private func tensors(_ program: OracleProgram, threads: Int) throws -> [String: [Float]] {
    let segment = try program.segment(threads: threads)
    for (index, name) in program.persistent.enumerated() {
      let count = try segment.read(name).count
      // Variances, slots and scales are kept from below zero.
      let isWeight = program.names(.weight).contains(name) || program.names(.frozen).contains(name)
      try segment.write(name, isWeight ? numbers(count, seed: index) : [Float](repeating: 1, count: count))
    }
    try segment.write("features", numbers(Self.batch * 3 * 32 * 32, seed: 1000))
    try segment.writeLabels("labels", (0..<Self.batch).map { Int32($0 % 10) })
    try segment.setScalar("rate", 0.01)
    for _ in 0..<3 { try segment.run("step") }
    var found: [String: [Float]] = [:]
    for name in program.persistent + ["loss", "logits"] { found[name] = try segment.read(name) }
    return found
  }

  @Test(
    "three steps leave the same bits in every tensor",
    arguments: ["dense", "factored(rank: 1/4 of outputs)", "tucker(rank: 1/4 of outputs)", "adapter(rank: 1/4 of outputs)"])
  func sameBits(form: String) throws {
    let program = try program(form)
    let (one, two) = (try tensors(program, threads: 1), try tensors(program, threads: 2))
    #expect(try #require(one["loss"]?.first).isFinite)
    for (name, values) in one {
      #expect(values.map(\.bitPattern) == two[name]?.map(\.bitPattern), "\(name)")
    }
  }
}
