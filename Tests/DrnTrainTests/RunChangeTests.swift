import DrnMethods
import DrnProgram
import DrnSema
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("Going on with a changed program") struct RunChangeTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Six steps an epoch; ranks, rates and an event before and after epoch 3, where the run is stopped.
  private static let source = trainSource(
    """
    length: 6 epochs  batch: 16  optimizer: sgd(momentum: 0.9)  state: carry
    rate: step(0.05, factor: 0.1, at: [epoch 1, epoch 4])
    loss { from epoch 0: cross_entropy  from epoch 5: cross_entropy(smoothing: 0.1) }
    weights fc1 { from epoch 0: dense  from epoch 2: factored(rank: 4)  from epoch 4: factored(rank: 3) by svd(error: 90%) }
    weights head { from epoch 0: core(bases: frozen, rank: 4)  at epoch 5: trim(below: 0.9, relative_to: largest, state: carry) }
    """
  ).replacing("loss: cross_entropy\n", with: "\n")

  @discardableResult
  private func run(
    _ text: String, _ name: String, stopAfter: Duration? = nil, every: Int = 1, resumes: Bool = false, version: String = "test"
  ) throws -> RunRecorder {
    let recorder = RunRecorder()
    try runInFolder(
      text, folder(name), stopAfter: stopAfter, checkpoints: .epochs(every), resumes: resumes, version: version, observer: recorder)
    return recorder
  }

  @Test(
    "what concerns only steps to come is allowed and said, and the run ends with the weights of one that was so from the start",
    arguments: [
      ("length: 6 epochs", "length: 8 epochs", "`length: step 36` is now `length: step 48`"),
      ("from epoch 4: factored(rank: 3)", "from epoch 4: factored(rank: 2)", "form of fc1"),
      ("from epoch 4: factored(rank: 3)", "from epoch 5: factored(rank: 3)", "is gone"),
      ("[epoch 1, epoch 4]", "[epoch 1, epoch 5]", "`rate: "), ("from epoch 5: cross", "from epoch 4: cross", "loss from"),
      ("at epoch 5: trim(below: 0.9", "at epoch 4: trim(below: 0.8", "event at"), ("svd(error: 90%)", "svd(error: 95%)", ""),
      ("  at epoch 5: trim(below: 0.9, relative_to: largest, state: carry)", "", "is gone"),
    ])
  func allowed(part: String, replacement: String, name: String) throws {
    let text = try Self.source.changing(part, to: replacement)
    try run(text, "whole")
    try run(Self.source, "part", stopAfter: Duration(.epoch, 3))
    let recorder = try run(text, "part", resumes: true)
    let notes = recorder.description?.resumed?.notes ?? []
    #expect(recorder.description?.resumed?.step == 18)
    #expect(name.isEmpty ? notes == [] : notes.contains { $0.hasPrefix("allowed: ") && $0.contains(name) }, "\(notes)")
    // The log says that what stands before is of another program.
    #expect(recorder.records("changed").count == notes.count)
    #expect(try folder.bytes("whole/weights.safetensors") == folder.bytes("part/weights.safetensors"))
  }

  @Test(
    "what the steps done depend on is not, and every difference is named with why",
    arguments: [
      ("from epoch 2: factored(rank: 4)", "from epoch 2: factored(rank: 5)", "it holds from step 12 on, and 18 are done"),
      ("[epoch 1, epoch 4]", "[epoch 2, epoch 4]", "the learning rates of the 18 steps done would have been others"),
      ("batch: 16", "batch: 12", "it holds from the first step on"), ("seed: 5", "seed: 6", "`seed: 5` is now `seed: 6`"),
    ])
  func refused(part: String, replacement: String, reason: String) throws {
    let text = try Self.source.changing(part, to: replacement).changing("rank: 3)", to: "rank: 2)")
    try run(Self.source, "part", stopAfter: Duration(.epoch, 3))
    let before = try folder.bytes("part/log.jsonl")
    let error = try #require(trainError { try run(text, "part", resumes: true) })
    #expect(error.kind == .checkpointDiffers && (error.message + error.notes.joined()).contains(reason), "\(error)")
    // Steps of another size are others in every time; that follows from the batch, and is not told.
    let isOtherBatch = part.hasPrefix("batch")
    #expect(error.notes.contains { $0.hasPrefix("allowed: ") } == !isOtherBatch, "\(error)")
    #expect(isOtherBatch || error.notes.contains { $0.hasPrefix("not allowed: ") }, "\(error)")
    #expect(!(error.message + error.notes.joined()).contains("recalibrate") && !error.message.contains(".0)"), "\(error)")
    #expect(try folder.bytes("part/log.jsonl") == before)
  }

  @Test("another version of drnc reads a checkpoint of the same format, says so, and ends with the same weights")
  func otherVersion() throws {
    try run(Self.source, "whole", version: "0.1.0")
    try run(Self.source, "part", stopAfter: Duration(.epoch, 3), version: "0.1.0")
    let recorder = try run(Self.source, "part", resumes: true, version: "0.2.0")
    #expect(recorder.description?.resumed?.step == 18)
    #expect(recorder.description?.resumed?.notes == ["allowed: the run was begun by drnc 0.1.0 and goes on with drnc 0.2.0"])
    #expect(try folder.bytes("whole/weights.safetensors") == folder.bytes("part/weights.safetensors"))
    // What the later version wrote is its own.
    let again = try #require(try lastCheckpoint("part"))
    #expect(again.identity.version == "0.2.0")
  }

  @Test("a checkpoint of another format is not read, whatever version wrote it")
  func otherFormat() throws {
    try run(Self.source, "part", stopAfter: Duration(.epoch, 3))
    let checkpoint = try #require(try lastCheckpoint("part"))
    func read(format: String) -> Checkpoint? {
      let file = checkpoint.file()
      var metadata =
        file.metadata.filter { $0.0 != "checkpoint.format" && $0.0 != Checkpoint.checksumKey } + [("checkpoint.format", format)]
      metadata.append((Checkpoint.checksumKey, "\(Checkpoint.checksum(file.tensors, metadata))"))
      return Checkpoint(TensorFile(tensors: file.tensors, metadata: metadata))
    }
    #expect(read(format: Checkpoint.format) != nil)
    #expect(read(format: "\(Checkpoint.format)1") == nil)
  }

  private func lastCheckpoint(_ name: String) throws -> Checkpoint? {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder(name + "/checkpoints")).sorted()
    return Checkpoint(try TensorFile.read(path: folder(name + "/checkpoints/" + (names.last ?? ""))))
  }

  @Test("a longer cosine has other rates from the start, and is refused") func cosine() throws {
    let text = try Self.source.changing("step(0.05, factor: 0.1, at: [epoch 1, epoch 4])", to: "cosine(0.05)")
    try run(text, "part", stopAfter: Duration(.epoch, 3))
    let longer = try text.changing("length: 6 epochs", to: "length: 8 epochs")
    let error = trainError { try run(longer, "part", resumes: true) }
    #expect(error?.kind == .checkpointDiffers && error?.message.contains("learning rates") == true, "\(String(describing: error))")
  }

  @Test("a truncation past its bound leaves weights and a checkpoint; with a wider bound the run goes on from there")
  func truncation() throws {
    let narrow = try Self.source.changing("svd(error: 90%)", to: "svd(error: 0.001%)")
    try run(Self.source, "whole", every: 100)
    let error = try #require(trainError { try run(narrow, "part", every: 100) })
    #expect(error.kind == .truncation && error.notes.last?.contains("--resume \(folder("part"))") == true, "\(error)")
    #expect(try folder.bytes("part/weights.safetensors").isEmpty == false)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder("part/checkpoints"))
    #expect(names == ["epoch-000004.safetensors"])
    let recorder = try run(Self.source, "part", every: 100, resumes: true)
    #expect(recorder.description?.resumed?.step == 24)
    for file in ["weights.safetensors", "log.jsonl", "summary.json"] {
      #expect(try folder.bytes("whole/" + file) == folder.bytes("part/" + file), "\(file)")
    }
  }

  @Test("the parts of the data stay with another seed, and follow split_seed")
  func splitSeed() throws {
    func split(_ text: String) throws -> [Int] {
      let program = try checkedProgram(text)
      return try TrainingData(program.data, seed: program.training.seed).validationIndices
    }
    let source = trainSource("length: 2 epochs  \(plainSettings)", data: "validation: 20%", noise: 0)
    // Labels of made-up data follow the number of the example, not the seed.
    let first = try split(source)
    #expect(try split(source.changing("seed: 5", to: "seed: 6")) == first)
    #expect(try split(source.changing("validation: 20%", to: "validation: 20%  split_seed: 0")) == first)
    #expect(try split(source.changing("validation: 20%", to: "validation: 20%  split_seed: 1")) != first)
  }
}
