import DrnTensorFile
import DrnTestSupport
import DrnTrain
import Foundation
import Testing

@Suite("Runs whose numbers leave their range", .serialized)
struct TrainDivergenceTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Runs to the divergence that must come; its message and the lines of the log. Nothing that looks finished may be left.
  private func diverge(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> (message: String, log: [String]) {
    let error = trainError { try train(text, output: folder("run")) }
    #expect(error?.kind == .diverged, sourceLocation: sourceLocation)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder("run"))
    #expect(!names.contains { $0.hasSuffix(".safetensors") || $0 == "summary.json" }, "\(names)", sourceLocation: sourceLocation)
    let checkpoints = (try? FileManager.default.contentsOfDirectory(atPath: folder("run/checkpoints"))) ?? []
    #expect(checkpoints == [], sourceLocation: sourceLocation)
    let log = try folder.text("run/log.jsonl").split(separator: "\n").map(String.init)
    for line in log {
      #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil, "\(line)", sourceLocation: sourceLocation)
    }
    return (error?.message ?? "", log)
  }

  private func regression(_ data: String, _ train: String) -> String {
    """
    data d { source: synthetic(examples: 64, test_examples: 16) point: tensor[2] label: tensor[1] last_batch: keep \(data) }
    network n(point: tensor[2]) -> tensor[1] { return point |> a: linear(8) |> head: linear(1) }
    train n on d { batch: 8 seed: 1 loss: mean_squared_error \(train) }
    """
  }

  @Test("a NaN goes through relu into the loss: a row whose first layer gives inf and -inf")
  func nanThroughRelu() throws {
    try Data("x0,x1,y\n2,1,0\n0.5,-1,1\n".utf8).write(to: URL(fileURLWithPath: folder("x.csv")))
    let shapes: [(String, [Int], [Float])] = [
      ("a.weight", [2, 2], [3e38, 0, -3e38, 0]), ("b.weight", [2, 2], [1, 1, 1, 1]), ("b.bias", [2], [0, 0]),
      ("head.weight", [2, 2], [0.1, 0.2, 0.3, 0.4]), ("head.bias", [2], [0, 0]),
    ]
    try TensorFile(tensors: shapes.map { NamedTensor(name: $0, shape: $1, floats: $2) }, metadata: []).write(path: folder("w.safetensors"))
    let text = """
      data d { source: csv(train: "\(folder("x.csv"))", label: "y") point: tensor[2] label: class(2) last_batch: keep }
      network n(point: tensor[2]) -> tensor[2] { return point |> a: linear(2, bias: false) |> b: linear(2) |> relu |> head: linear(2) }
      train n on d { length: 1 steps batch: 2 loss: cross_entropy optimizer: sgd rate: 1e-3 weights_from: "\(folder("w.safetensors"))" }
      """
    let (message, log) = try diverge(text)
    #expect(message.hasPrefix("the loss became not a number at step 0"))
    #expect(log.count == 1 && log[0].contains("\"quantity\": \"train_loss\", \"value\": null, \"value_is\": \"nan\""))
  }

  @Test("a validation loss that is not finite ends the run, with its epoch in the log")
  func validation() throws {
    let (message, log) = try diverge(regression("validation: 25%", "length: 2 steps optimizer: sgd rate: 1e5"))
    #expect(message.hasPrefix("the validation loss became"))
    #expect(log.count == 2 && log[0].contains("\"validation_loss\": null, \"validation_loss_is\": \""))
    #expect(log[0].contains("\"kind\": \"epoch\"") && log[1].contains("\"quantity\": \"validation_loss\""))
    let table = try folder.text("run/log.csv").split(separator: "\n")
    #expect(table.count == 2 && (table[1].contains(",inf,") || table[1].contains(",nan,")))
  }

  @Test("a test loss that is not finite ends the run before anything is saved")
  func test() throws {
    let (message, log) = try diverge(regression("", "length: 2 steps optimizer: sgd rate: 1e5"))
    #expect(message.hasPrefix("the test loss became"))
    #expect(log.last?.contains("\"quantity\": \"test_loss\"") == true)
  }

  @Test("weights that are not finite after the last step end the run, where no loss follows to show it")
  func lastUpdate() throws {
    // One of two rows in one direction with different labels is wrong by its whole length, which the rate takes beyond 3.4e38.
    try Data("x0,x1,y\n1e36,1e36,0\n2e36,2e36,1\n".utf8).write(to: URL(fileURLWithPath: folder("x.csv")))
    let text = """
      data d { source: csv(train: "\(folder("x.csv"))", label: "y") point: tensor[2] label: class(2) last_batch: keep }
      network n(point: tensor[2]) -> tensor[2] { return point |> head: linear(2) }
      train n on d { length: 1 steps batch: 2 seed: 1 loss: cross_entropy optimizer: sgd rate: 1000 }
      """
    let (message, log) = try diverge(text)
    #expect(message.contains("weight`") && message.contains("after 1 steps"), "\(message)")
    #expect(log.last?.contains("\"kind\": \"diverged\"") == true)
  }

  @Test(
    "batches of nothing but classes of weight 0 are told so, with smoothing too",
    arguments: ["cross_entropy", "cross_entropy(smoothing: 0.1)"])
  func noWeight(loss: String) throws {
    let text = trainSource("length: 1 epochs batch: 1 rate: 0.1 optimizer: sgd class_weights: [0, 1, 1, 1]")
      .replacing("loss: cross_entropy", with: "loss: \(loss)")
    let error = trainError { try train(text, output: folder("run")) }
    #expect(error?.kind == .diverged && error?.help?.contains("nothing but classes of weight 0") == true, "\(String(describing: error))")
  }

  @Test("as a process, the status is 2")
  func status() throws {
    let text = regression("validation: 25%", "length: 2 steps optimizer: sgd rate: 1e5")
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder("x.drn")))
    let outcome = try Tool.run(["train", folder("x.drn"), "-o", folder("run")])
    #expect(outcome.status == 2 && outcome.error.contains("DRN0701"), "\(outcome)")
  }
}
