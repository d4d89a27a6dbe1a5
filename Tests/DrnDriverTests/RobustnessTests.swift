import DrnDriver
import DrnTestSupport
import Foundation
import Testing

@Suite("Mutated programs") struct RobustnessTests {
  /// Small enough to be lowered and planned thousands of times, with one of everything that has a number or a time.
  static let seeds = [
    """
    data points { source: synthetic(examples: 640, test_examples: 64, noise: 0.5) point: tensor[12] label: class(4) validation: 10% last_batch: drop }
    network net(point: tensor[12]) -> tensor[4] {
      let body = point |> fc1: linear(24) |> relu |> repeat(2) { linear(24) |> tanh } |> fc2: linear(16) |> relu
      return body |> dropout(0.1) |> head: linear(4)
    }
    train net on points {
      length: 12 epochs
      batch: 32
      accumulation: 2
      seed: 3
      loss: cross_entropy(smoothing: 0.1)
      optimizer: sgd(momentum: 0.9)
      rate: step(0.1, factor: 0.1, at: [epoch 6, epoch 9], warmup: 1 epochs)
      clip: 1.0
      state: carry
      weights fc1, fc2 {
        from epoch 0: factored(rank: 1/4 of short_side)
        from epoch 4: dense
        from epoch 8: factored(rank: 3) by svd(state: carry, error: 50%, rewarm: 1 epochs)
      }
      require: average(trainable_parameters) <= 9.5 * dense_cost
      every 2 epochs: report(effective_rank, stable_rank)
    }
    """,
    """
    data points { source: synthetic(examples: 512) point: tensor[2, 3, 2] label: class(3) validation: 20% prepare: standardize(per: pixel) }
    block pair(x: tensor, width: int = 10) { return x |> a: linear(width) |> layer_norm |> gelu |> b: linear(width, bias: false) |> batch_norm }
    network net(point: tensor[2, 3, 2]) -> tensor[3] { return point |> flatten |> trunk: { pair(14) |> relu |> pair(12) } |> head: linear(3) }
    train net on points {
      length: 200 steps
      batch: 16
      seed: 1
      loss: cross_entropy
      optimizer: adamw(beta1: 0.9, beta2: 0.999)
      rate: cosine(0.001, warmup: 10 steps)
      weight_decay: 0.01
      decay: product
      state: reset
      weights trunk.** except trunk[0].a {
        from step 0: dense
        from step 50: core(bases: frozen, rank: full) by svd(rewarm: 8 steps)
        every 25 steps: trim(below: 0.15, relative_to: largest, drop_at_most: 1/2, at_least: 1%, scope: from_output(10%), state: carry)
      }
      weights head { cycle(2) { 40 steps: dense  30 steps: factored(rank: 2) } from step 140: adapter(rank: 2, alpha: 4) }
      require: maximum(memory) <= 100.0 * dense_cost
    }
    """,
  ]

  /// What became of the mutants.
  private struct Tally {
    var parsed = 0
    var accepted = 0
    var planned = 0
  }

  @Test("2000 of them end in diagnostics or in a plan, never in a trap or a defect", .timeLimit(.minutes(3)))
  func mutants() throws {
    let folder = try TemporaryFolder()
    // Another seed looks elsewhere; the default is the same in every run.
    let seed = ProcessInfo.processInfo.environment["DRNC_MUTATION_SEED"].flatMap(UInt64.init) ?? 2026
    var generator = SplitMix64(seed: seed)
    var tally = Tally()
    for index in 0..<2000 {
      var mutant = Mutant(Self.withoutRequirement(Self.seeds[index % Self.seeds.count], unless: index % 160 < 2))
      for _ in 0..<Int.random(in: 1...2, using: &generator) { mutant.mutate(&generator) }
      // On disk before it is checked: if the process ends here, the program that did it is there to be read.
      try folder.write("mutant.drn", mutant.text)
      try examine(folder.path + "/mutant.drn", mutant.text, &tally)
    }
    print("mutants: \(tally.parsed) parse, \(tally.accepted) are accepted, \(tally.planned) phases and transitions are planned")
    #expect(tally.parsed >= 1000)
    #expect(tally.accepted >= 300)
    #expect(tally.planned >= 30)
  }

  /// A `require` makes check lower, differentiate, optimize and plan every phase: a second in a debug build, so few have one.
  private static func withoutRequirement(_ text: String, unless keeps: Bool) -> String {
    keeps ? text : text.split(separator: "\n").filter { !$0.contains("require:") }.joined(separator: "\n")
  }

  private func examine(_ path: String, _ text: String, _ tally: inout Tally) throws {
    let transcript = Transcript()
    let driver = transcript.driver(.json)
    let request = ProgramRequest(path: path)
    let status = driver.check(CheckRequest(program: request, schedule: true, selectors: true))
    let errors = transcript.error.split(separator: "\n").filter { $0.contains("\"error\"") }
    if !errors.contains(where: { $0.contains("\"DRN01") }) { tally.parsed += 1 }
    // A mutated name may be that of another data file, which is then the only fault.
    if errors.isEmpty ? status != .success : ![.failure, .badData].contains(status) {
      Issue.record("status \(status) and \(errors.count) errors:\n\(transcript.error)\n\(text)")
    }
    guard status == .success else { return }
    tally.accepted += 1
    guard tally.accepted % 16 == 0 else { return }
    for dump in [DumpRequest(phase: tally.accepted / 16 % 3, stage: .plan), DumpRequest(stage: .plan, transition: "0:1")] {
      let planned = driver.dumpIR(request, dump)
      if planned == .success { tally.planned += 1 }
      if planned == .defect { Issue.record("\(transcript.error)\n\(text)") }
    }
  }

  @Test(
    "numbers at the edges of their types are refused or planned",
    arguments: ["0", "-1", "1e400", "9223372036854775807", "99999999999999999999"])
  func edges(_ number: String) throws {
    let folder = try TemporaryFolder()
    for seed in Self.seeds {
      let pieces = Mutant(Self.withoutRequirement(seed, unless: false)).pieces
      for index in pieces.indices where pieces[index].first?.isNumber == true {
        var changed = pieces
        changed[index] = number
        var tally = Tally()
        try folder.write("mutant.drn", changed.joined())
        try examine(folder.path + "/mutant.drn", changed.joined(), &tally)
      }
    }
  }
}
