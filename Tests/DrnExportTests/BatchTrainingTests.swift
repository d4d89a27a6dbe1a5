import DrnTensorFile
import DrnTestSupport
import DrnTrain
import Foundation
import Testing

@Suite("drnc batches") struct BatchTrainingTests {
  /// The loss of every step, from the means over the epoch that a run tells of.
  private final class StepLosses: TrainingObserver {
    private(set) var losses: [Double] = []
    private var (epoch, steps, sum) = (-1, 0, 0.0)
    func started(_ description: RunDescription) {}
    func logged(_ record: LogRecord) {}
    func stepped(_ progress: StepProgress) {
      if progress.epoch != epoch { (epoch, steps, sum) = (progress.epoch, 0, 0) }
      steps += 1
      losses.append(progress.loss * Double(steps) - sum)
      sum = progress.loss * Double(steps)
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let name, data, network: String
    var settings = ""
    var testDescription: String { name }
    /// 96 examples in batches of 16 for 10 epochs.
    var source: String {
      """
      data points { \(data) }
      network net(x: \(network)
      train net on points {
        length: 10 epochs
        batch: 16
        seed: 5
        loss: cross_entropy(smoothing: 0.1)
        optimizer: sgd(momentum: 0.9)
        rate: cosine(0.05)
        \(settings)
      }

      """
    }
  }

  private static let clusters = "source: synthetic(examples: 96)  x: tensor[6]  label: class(4)"
  private static let cases = [
    Case(
      name: "factors and batch norm", data: clusters + "  prepare: standardize(per: channel)",
      network:
        "tensor[6]) -> tensor[4] { return x |> fc1: linear(16) |> norm: batch_norm |> relu |> fc2: linear(12) |> tanh |> head: linear(4) }",
      settings: "weights fc1, fc2 { from epoch 0: factored(rank: 3) }"),
    Case(
      name: "augmented images",
      data: "source: synthetic(examples: 96)  x: tensor[3, 8, 8]  label: class(4)  augment: [pad_crop(2), flip_horizontal]",
      network:
        "tensor[3, 8, 8]) -> tensor[4] { return x |> c1: conv2d(6, kernel: 3, bias: false) |> n1: batch_norm |> relu |> c2: conv2d(8, kernel: 3, stride: 2) |> relu |> global_average_pool |> head: linear(4) }",
      settings: "weights c2 { from epoch 0: factored(rank: 4) }"),
    Case(
      name: "mixed examples", data: clusters, network: "tensor[6]) -> tensor[4] { return x |> fc1: linear(16) |> gelu |> head: linear(4) }",
      settings: "mix: mixup(0.4)"),
    Case(
      name: "tokens", data: "source: text(\"letters.txt\")  x: tokens[6]  label: next_token(6)",
      network: "tokens[6]) -> tensor[6, 6] { return x |> embed: embedding(6, width: 8) |> up: linear(16) |> relu |> head: linear(6) }"),
  ]

  /// Checks and trains as `drnc train` does; gives the losses of the first 50 steps.
  private func losses(_ folder: TemporaryFolder, _ source: String) throws -> [Double] {
    let program = try checkedProgram(source, named: folder("main.drn"))
    let observer = StepLosses()
    let options = TrainOptions(threads: 1, output: folder("whole"))
    let trainer = try Trainer(
      program: program, source: RunSource(text: Array(source.utf8), configuration: "", version: "test"), options: options,
      observer: observer)
    _ = try trainer.run()
    return Array(observer.losses.prefix(50))
  }

  private func prepared(_ item: Case) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("letters.txt", String(repeating: "abcdefabcadefbcfdeabdcfe", count: 24))
    try folder.write("main.drn", item.source)
    return folder
  }

  private func drnc(_ folder: TemporaryFolder, _ arguments: String...) throws {
    let outcome = try Tool.run(arguments, folder: folder.path)
    #expect(outcome.status == 0, "\(arguments): \(outcome.error)")
  }

  @Test(
    "an exported module that PyTorch trains on the batches has the 50 losses of the run", arguments: cases.map(\.name))
  func pyTorch(name: String) throws {
    let item = try #require(Self.cases.first { $0.name == name })
    let folder = try prepared(item)
    try drnc(folder, "train", "main.drn", "--stop-after", "0 steps", "--quiet", "--threads", "1", "-o", "run")
    try drnc(folder, "export", "run", "--to", "pytorch", "--no-preparation", "-o", "net.py")
    try drnc(folder, "batches", "main.drn", "--steps", "50", "-o", "batches.safetensors")
    guard let python = ExportPython.found else { return print("skipped: \(ExportPython.absence)") }
    let outcome = try ExportPython.run(python + ["-B", Repository.url("Tests/Oracle/train_on_batches.py").path, folder.path])
    let found = outcome.output.split(separator: "\n").compactMap { Double($0) }
    let wanted = try losses(folder, item.source)
    #expect(outcome.status == 0 && found.count == 50 && wanted.count == 50)
    for (step, (theirs, ours)) in zip(found, wanted).enumerated() {
      #expect(abs(theirs - ours) <= 1e-4, "step \(step): \(theirs), \(ours)")
    }
    // The losses change, so that agreement says something.
    #expect(abs(wanted[0] - wanted[49]) > 1e-2)
  }

  @Test("a batch is the examples of the program, each once in an epoch, and the same when it is written again")
  func contents() throws {
    let folder = try prepared(Self.cases[2])
    try drnc(folder, "batches", "main.drn", "--steps", "6")
    let bytes = try folder.bytes("net.batches.safetensors")
    try drnc(folder, "batches", "main.drn", "--steps", "6", "-o", "again.safetensors")
    #expect(try folder.bytes("again.safetensors") == bytes)
    let file = try TensorFile.read(path: folder("net.batches.safetensors"))
    #expect(file.tensor(named: "rate")?.shape == [6] && file.tensor(named: "features.6") == nil)
    var labels: [Int64] = []
    for step in 0..<6 {
      #expect(file.tensor(named: "features.\(step)")?.shape == [16, 6])
      let own = try #require(try file.tensor(named: "labels.\(step)")?.integers())
      #expect(try file.tensor(named: "partner_labels.\(step)")?.integers() == own.reversed())
      let share = try #require(try file.tensor(named: "share.\(step)")?.floats().first)
      #expect(share >= 0.5 && share <= 1)
      labels += own
    }
    // Clusters are drawn in equal numbers.
    #expect(labels.sorted() == (0..<4).flatMap { [Int64](repeating: $0, count: 24) })
  }

  @Test("more steps than there are, a program that takes examples out, and a file that cannot be written are refused")
  func refused() throws {
    let folder = try prepared(Self.cases[0])
    let sieve = Self.cases[0].source.replacing("rate: cosine(0.05)", with: "rate: cosine(0.05)  at epoch 2: sieve(remove: 50%)")
    try folder.write("sieve.drn", sieve)
    for (arguments, status, words) in [
      (["main.drn", "--steps", "61"], 1, "60 steps"), (["main.drn", "--steps", "0"], 64, "from 1 to"),
      (["main.drn", "-o", "absent/x"], 73, "cannot write"), (["absent.drn"], 66, "DRN0050"), (["sieve.drn"], 1, "DRN0835"),
    ] {
      let outcome = try Tool.run(["batches"] + arguments, folder: folder.path)
      #expect(outcome.status == status && outcome.error.contains(words), "\(arguments): \(outcome.status) \(outcome.error)")
    }
    #expect(folder.names() == ["letters.txt", "main.drn", "sieve.drn"])
  }
}
