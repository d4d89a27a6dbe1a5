import DrnTestSupport
import Testing

@testable import DrnTrain

@Suite("Accumulated steps")
struct TrainAccumulationTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// The step of one batch, whose weighted mean is PyTorch's `CrossEntropyLoss` (held by the oracle), is what parts of it must add up to.
  @Test(
    "with class weights, n parts make the step of the whole batch: sum of w l over sum of w",
    arguments: ["[1, 5, 0.2, 2]", "[0, 0, 0, 1]", "[1, 0, 0, 0]"], ["cross_entropy", "cross_entropy(smoothing: 0.1)"])
  func classWeights(weights: String, loss: String) throws {
    func run(_ batch: Int, _ parts: Int) throws -> (losses: [Double], weights: [Float]) {
      let text = trainSource(
        "length: 2 epochs  batch: \(batch)  accumulation: \(parts)  rate: 0.5  optimizer: sgd  class_weights: \(weights)",
        data: "last_batch: keep", examples: 60
      ).replacing("loss: cross_entropy", with: "loss: \(loss)")
      let session = try train(text, output: folder("\(batch) x \(parts)")).session
      return (session.recorder.records("epoch").compactMap { $0.number("train_loss") }, session.trainer.state.tensors["head.weight"] ?? [])
    }
    let whole = try run(24, 1)
    for parts in [2, 3, 6] {
      let accumulated = try run(24 / parts, parts)
      #expect(distance(whole.weights, accumulated.weights) < 2e-6, "\(parts) parts")
      for (left, right) in zip(whole.losses, accumulated.losses) { #expect(abs(left - right) < 2e-6 * max(1, left), "\(parts) parts") }
    }
  }

  @Test(
    "an epsilon that single precision does not hold in full is refused, the least that it does is not",
    arguments: ["batch_norm", "layer_norm", "adam", "adamw"])
  func epsilon(owner: String) {
    func source(_ epsilon: String) -> String {
      let isNorm = owner.hasSuffix("norm")
      let norm = isNorm ? "|> n: \(owner)(epsilon: \(epsilon)) " : ""
      return trainSource(
        "length: 1 epochs  batch: 16  rate: 0.1  optimizer: \(isNorm ? "sgd" : "\(owner)(epsilon: \(epsilon))")",
        network: "return x |> fc1: linear(8) \(norm)|> head: linear(4)")
    }
    for epsilon in ["1e-40", "1e-39", "0"] {
      do {
        _ = try checkedProgram(source(epsilon))
        Issue.record("\(epsilon) was accepted")
      } catch { #expect("\(error)".contains("DRN0208"), "\(epsilon)") }
    }
    #expect(throws: Never.self) { try checkedProgram(source("1.2e-38")) }
  }
}
