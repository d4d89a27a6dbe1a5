import DrnMethods
import DrnProgram
import DrnSema
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("The identity of a run") struct RunIdentityTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Every setting that changes numbers is there, with a value another can take its place of.
  private static let source = """
    data clusters {
      source: synthetic(126, test_examples: 24, noise: 1)
      x: tensor[1, 4, 4]
      label: class(4)
      validation: 20%
      prepare: standardize(per: pixel)
      augment: [pad_crop(1)]
      last_batch: keep
    }
    network net(x: tensor[1, 4, 4]) -> tensor[4] {
      return x |> flatten |> fc1: linear(8, initial: he) |> norm: batch_norm |> relu |> dropout(0.2) |> fc2: linear(8) |> head: linear(4)
    }
    train net on clusters {
      length: 4 epochs
      batch: 16
      accumulation: 1
      seed: 5
      rate: cosine(0.02, warmup: 1 epochs)
      state: carry
      rewarm: 1 epochs
      weight_decay: 0.01
      decay: factors
      clip: 1.0
      class_weights: [1, 2, 1, 1]
      allow: [rank_unaligned]
      top_k: [2]
      loss { from epoch 0: cross_entropy  from epoch 3: cross_entropy(smoothing: 0.1) }
      optimizer { from epoch 0: adam(epsilon: 1e-8) }
      trainable { from epoch 0: **  from epoch 3: fc1 }
      weights fc1, fc2 {
        from epoch 0: dense
        from epoch 1: factored(rank: 4) by svd(error: 90%, recalibrate(batch_norm, batches: 2))
        every 1 epochs: report(effective_rank)
        every 1 epochs: trim(below: 0.1, state: carry)
      }
      require: final(parameters) <= 2 * dense_cost
    }
    """

  private func identity(_ text: String, version: String = "test") throws -> RunIdentity {
    let program = try checkedProgram(text)
    return RunIdentity(program, try TrainingData(program.data, seed: program.training.seed), version: version)
  }

  private func changed(_ part: String, _ replacement: String) throws -> RunIdentity {
    try identity(try Self.source.changing(part, to: replacement))
  }

  @Test(
    "whatever changes a number changes the identity, and the message names it",
    arguments: [
      ("synthetic(126,", "synthetic(125,", "examples to train on"), ("noise: 1", "noise: 2", "examples"),
      ("validation: 20%", "validation: 30%", "examples to train on"),
      ("per: pixel", "per: channel", "prepare"), ("pad_crop(1)", "pad_crop(2)", "augment"),
      ("last_batch: keep", "last_batch: drop", "last update"),
      ("linear(8, initial: he)", "linear(9, initial: he)", "fc1"), ("initial: he", "initial: glorot", "fc1"),
      ("batch_norm", "batch_norm(momentum: 0.2)", "norm"), ("dropout(0.2)", "dropout(0.3)", "0.3"), ("|> relu", "|> tanh", "tanh"),
      ("head: linear(4)", "last: linear(4)", "last"), ("length: 4 epochs", "length: 5 epochs", "length"),
      ("batch: 16", "batch: 17", "batch"),
      ("accumulation: 1", "accumulation: 2", "accumulation"), ("seed: 5", "seed: 6", "seed: 6"), ("0.02,", "0.03,", "0.03"),
      ("warmup: 1 epochs", "warmup: 2 epochs", "rate"), ("state: carry\n", "state: reset\n", "fc1"),
      ("rewarm: 1 epochs", "rewarm: 2 epochs", "rewarm"),
      ("weight_decay: 0.01", "weight_decay: 0.02", "weight_decay"), ("decay: factors", "decay: product", "decay"),
      ("clip: 1.0", "clip: 2.0", "clip"), ("clip: 1.0", "clip: 1.0  precision: bfloat16", "precision of fc1"),
      ("class_weights: [1, 2", "class_weights: [1, 3", "class_weights"), ("smoothing: 0.1", "smoothing: 0.2", "loss"),
      ("epsilon: 1e-8", "epsilon: 1e-7", "optimizer"), ("adam(", "adamw(", "optimizer"),
      ("from epoch 3: fc1", "from epoch 3: fc2", "trainable"),
      ("from epoch 1: factored", "from epoch 2: factored", "form of fc1"), ("rank: 4)", "rank: 3)", "form of fc1"),
      ("batches: 2", "batches: 3", "recalibrate"), ("below: 0.1", "below: 0.2", "event"),
      ("every 1 epochs: trim", "every 2 epochs: trim", "event"), ("require:", "at epoch 3: restore(best)  require:", "restore(best)"),
      ("validation: 20%", "validation: 20%  examples_used: long_tail(ratio: 2)", "long_tail"),
      ("weights fc1, fc2 {", "weights fc1 {", "fc2"),
    ])
  func differs(part: String, replacement: String, name: String) throws {
    let (old, new) = (try identity(Self.source), try changed(part, replacement))
    func rate(_ identity: RunIdentity) -> RunIdentity.Field? { identity.fields.first { $0.name == "rate" } }
    let change = RunChange(from: old, to: new, at: 1_000_000, sameRates: rate(old) == rate(new))
    #expect(!change.isAllowed && change.sentences.contains { $0.contains(name) }, "\(change.sentences)")
  }

  @Test("a run does not go on with a best epoch to bring back: the optimizer's state of the best epochs was not kept")
  func restoring() throws {
    let change = RunChange(
      from: try identity(Self.source), to: try changed("require:", "at epoch 3: restore(best)  require:"), at: 7, sameRates: true)
    #expect(!change.isAllowed && change.sentences.count == 1)
  }

  @Test(
    "what changes no number changes no identity",
    arguments: [
      ("allow: [rank_unaligned]", "warn: [rank_unaligned]"), ("  allow: [rank_unaligned]\n", ""), ("top_k: [2]", "top_k: [1, 3]"),
      ("require: final(parameters) <= 2 * dense_cost", ""), ("report(effective_rank)", "report(stable_rank)"),
      ("    every 1 epochs: report(effective_rank)\n", ""), ("error: 90%", "error: 80%"), ("validation: 20%", "validation: 0.2"),
      ("data clusters", "data others"), ("seed: 5", "seed: 5 // a comment"), ("length: 4 epochs", "length: 28 steps"),
    ])
  func equal(part: String, replacement: String) throws {
    var text = try Self.source.changing(part, to: replacement)
    if part == "data clusters" { text = try text.changing("on clusters", to: "on others") }
    #expect(try identity(text) == identity(Self.source))
  }

  @Test("an identity is read back from its metadata, and another version is told and allowed") func metadata() throws {
    let identity = try identity(Self.source)
    let metadata = Dictionary(uniqueKeysWithValues: identity.metadata)
    #expect(RunIdentity { metadata[$0] } == identity)
    let other = RunChange(from: identity, to: try self.identity(Self.source, version: "other"), at: 0, sameRates: true)
    #expect(other.isAllowed && other.sentences == ["allowed: the run was begun by drnc test and goes on with drnc other"])
  }

  @Test("the content of the first weights belongs to it, and not their place") func weights() throws {
    let plain = trainSource("length: 2 epochs  \(plainSettings)")
    try train(plain, output: folder("first"))
    try train(plain.replacingOccurrences(of: "seed: 5", with: "seed: 6"), output: folder("second"))
    let files = FileManager.default
    func identity(_ name: String) throws -> RunIdentity {
      try self.identity(trainSource("length: 2 epochs  \(plainSettings)  weights_from: \"\(folder(name))\""))
    }
    let first = try identity("first/weights.safetensors")
    try files.copyItem(atPath: folder("first/weights.safetensors"), toPath: folder("copy.safetensors"))
    #expect(try identity("copy.safetensors") == first)
    let change = RunChange(from: try identity("second/weights.safetensors"), to: first, at: 1, sameRates: true)
    #expect(!change.isAllowed && change.sentences[0].contains("content of weights_from"))
    #expect(try self.identity(plain) != first)
  }

  @Test("a run goes on with another level of a lint, requirement and measurement, and ends with the same weights") func goesOn() throws {
    try runInFolder(Self.source, folder("whole"))
    try runInFolder(Self.source, folder("part"), stopAfter: Duration(.epoch, 2))
    let other = try Self.source.changing("  allow: [rank_unaligned]\n", to: "  warn: [rank_unaligned]\n")
      .changing("    every 1 epochs: report(effective_rank)\n", to: "")
      .changing("require: final(parameters) <= 2 * dense_cost", to: "every 2 epochs: report(stable_rank)")
    try runInFolder(other, folder("part"), resumes: true)
    #expect(try folder.bytes("whole/weights.safetensors") == folder.bytes("part/weights.safetensors"))
  }
}
