import DrnData
import DrnMethods
import DrnTestSupport
import Testing

@testable import DrnTrain

@Suite("Recalibration of running statistics") struct TrainRecalibrationTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Trained for an epoch, in which the running statistics hardly move, then factorized.
  private func factorized(_ option: String, _ output: String, rank: Int = 6, layer: String = "") throws -> (
    session: TrainSession, loss: Double
  ) {
    let text = trainSource(
      "length: 2 epochs \(plainSettings) state: carry weights fc1 { from epoch 0: dense  from epoch 1: factored(rank: \(rank)) by svd(\(option)) }",
      network: "return x |> fc1: linear(8) |> norm: batch_norm(momentum: 0.01) |> relu \(layer) |> head: linear(4)")
    let session = try TrainSession(text, output: folder(output), stopAfter: Duration(.epoch, 1))
    try session.run()
    try session.trainer.enterPhase(1, at: 6)
    let record = try #require(session.recorder.records("transition").first)
    return (session, try #require(record.number("validation_loss_after")))
  }

  @Test(
    "only running statistics change, and the loss on validation falls after a change of form that finds the statistics far off",
    arguments: ["", "|> dropout(0.2)"])
  func recalibration(layer: String) throws {
    let (plain, plainLoss) = try factorized("", "a", layer: layer)
    let (recalibrated, loss) = try factorized("recalibrate(batch_norm, batches: 500)", "b", layer: layer)
    let (left, right) = (plain.trainer.state.tensors, recalibrated.trainer.state.tensors)
    #expect(left.keys.sorted() == right.keys.sorted())
    for name in left.keys.sorted() {
      #expect((left[name] == right[name]) == !name.contains("running"), "\(name)")
    }
    #expect(loss < plainLoss)
  }

  @Test("the same batches give the same statistics, more batches give others")
  func determinism() throws {
    let first = try factorized("recalibrate(batch_norm, batches: 8)", "a").session.trainer.state.tensors["norm.running_mean"]
    let second = try factorized("recalibrate(batch_norm, batches: 8)", "b").session.trainer.state.tensors["norm.running_mean"]
    let third = try factorized("recalibrate(batch_norm, batches: 9)", "c").session.trainer.state.tensors["norm.running_mean"]
    #expect(first == second)
    #expect(first != third)
  }

  @Test("after many batches the mean is that of the layer's outputs over the training split")
  func statistics() throws {
    let trainer = try factorized("recalibrate(batch_norm, batches: 500)", "a", rank: 1).session.trainer
    let (u, v) = (try #require(trainer.state.tensors["fc1.weight.u"]), try #require(trainer.state.tensors["fc1.weight.v"]))
    let bias = try #require(trainer.state.tensors["fc1.bias"])
    var means = [Double](repeating: 0, count: 8)
    var row = [Float](repeating: 0, count: 6)
    for example in trainer.data.trainIndices {
      row.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { trainer.data.training.copyRow(example, into: base) } }
      let inner = zip(row, u).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      for unit in 0..<8 { means[unit] += (inner * Double(v[unit]) + Double(bias[unit])) / Double(trainer.data.trainIndices.count) }
    }
    // Batches of an epoch cover the split but for the last, dropped one; 500 of them are averaged.
    #expect(distance(trainer.state.tensors["norm.running_mean"], means.map { Float($0) }) < 0.05)
  }
}
