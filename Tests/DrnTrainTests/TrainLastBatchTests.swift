import DrnAnalysis
import DrnCompiler
import DrnData
import DrnMethods
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("The last batch of an epoch") struct TrainLastBatchTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func source(batch: String, keep: Bool = true, examples: Int = 50, epochs: Int = 2) -> String {
    trainSource(
      "length: \(epochs) epochs  \(batch)  rate: 0.1  optimizer: sgd()", network: "return x |> head: linear(4)",
      data: "last_batch: \(keep ? "keep" : "drop")", examples: examples)
  }

  @Test("every example is used once in an epoch", arguments: ["batch: 16", "batch: 8  accumulation: 2", "batch: 64"])
  func everyExample(batch: String) throws {
    let session = try TrainSession(source(batch: batch), output: folder("a"))
    var feed = session.trainer.feed
    for epoch in 0..<2 {
      let steps = (0..<feed.stepsPerEpoch).map { feed.indices(at: epoch * feed.stepsPerEpoch + $0) }
      #expect(steps.flatMap { $0 }.sorted() == Array(0..<50))
    }
    #expect(try session.run().steps == 2 * feed.stepsPerEpoch)
  }

  @Test(
    "the weights and losses are those of a plain implementation",
    arguments: [
      ("batch: 16", 50), ("batch: 4  accumulation: 4", 56), ("batch: 4  accumulation: 4", 59), ("batch: 64", 50), ("batch: 49", 50),
    ])
  func agreesWithReference(batch: String, examples: Int) throws {
    let session = try TrainSession(source(batch: batch, examples: examples), output: folder("a"))
    var reference = SoftmaxRegression(session.trainer)
    try session.run()
    var feed = session.trainer.feed
    var epochLosses: [Double] = []
    for _ in 0..<2 {
      var sum = 0.0
      for step in 0..<feed.stepsPerEpoch {
        let examples = feed.indices(at: epochLosses.count * feed.stepsPerEpoch + step)
        sum += try reference.step(examples, session.trainer.data, rate: 0.1) * Double(examples.count)
      }
      epochLosses.append(sum / Double(examples))
    }
    let logged = session.recorder.records("epoch").compactMap { $0.number("train_loss") }
    // The reference computes in double precision; a handful of steps in single precision stay within 1e-4.
    #expect(logged.count == 2 && zip(logged, epochLosses).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(distance(session.trainer.state.tensors["head.weight"], reference.weight.map { Float($0) }) < 1e-4)
    #expect(distance(session.trainer.state.tensors["head.bias"], reference.bias.map { Float($0) }) < 1e-4)
  }

  @Test("a split smaller than a batch is one batch of its size, and needs no other step")
  func smallSplit() throws {
    let trainer = try TrainSession(source(batch: "batch: 64"), output: folder("a")).trainer
    #expect(trainer.compiler.evaluationBatch == 50 && trainer.feed.stepsPerEpoch == 1 && !trainer.segment.hasRemainderStep)
  }

  @Test("a second step exists only where a remainder does")
  func secondStep() throws {
    #expect(try TrainSession(source(batch: "batch: 16"), output: folder("a")).trainer.segment.hasRemainderStep)
    #expect(try !TrainSession(source(batch: "batch: 25"), output: folder("b")).trainer.segment.hasRemainderStep)
    #expect(try !TrainSession(source(batch: "batch: 16", keep: false), output: folder("c")).trainer.segment.hasRemainderStep)
  }

  @Test("the second step goes on through a change of form, with momentum, dropout and running statistics")
  func throughPhases() throws {
    let text = trainSource(
      "length: 3 epochs  \(plainSettings)  state: carry  weights fc1 { from epoch 0: dense  from epoch 1: factored(rank: 2) }",
      network: "return x |> fc1: linear(8) |> norm: batch_norm |> relu |> dropout(0.1) |> head: linear(4)",
      data: "validation: 20%  last_batch: keep",
      examples: 126)
    let (session, summary) = try train(text, output: folder("a"))
    #expect(session.trainer.segment.hasRemainderStep)
    #expect(summary.steps == 3 * session.trainer.feed.stepsPerEpoch)
    let losses = session.recorder.records("epoch").compactMap { $0.number("train_loss") }
    #expect(losses.count == 3 && losses[2] < losses[0])
  }
}

/// One linear layer under softmax cross-entropy, by the textbook in double precision.
private struct SoftmaxRegression {
  var weight: [Double]
  var bias: [Double]

  init(_ trainer: Trainer) {
    weight = (trainer.state.tensors["head.weight"] ?? []).map { Double($0) }
    bias = (trainer.state.tensors["head.bias"] ?? []).map { Double($0) }
  }

  /// One step of gradient descent on the mean loss of some examples; returns that loss before the step.
  mutating func step(_ examples: [Int], _ data: TrainingData, rate: Double) throws -> Double {
    var (loss, weightGradient, biasGradient) = (0.0, weight.map { _ in 0.0 }, bias.map { _ in 0.0 })
    var row = [Float](repeating: 0, count: 6)
    for (example, label) in zip(examples, try data.training.labels(of: examples)) {
      row.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { data.training.copyRow(example, into: base) } }
      let logits = (0..<4).map { unit in bias[unit] + (0..<6).reduce(0) { $0 + Double(row[$1]) * weight[$1 * 4 + unit] } }
      let total = logits.reduce(0) { $0 + exp($1) }
      loss += log(total) - logits[Int(label)]
      for unit in 0..<4 {
        let error = exp(logits[unit]) / total - (unit == Int(label) ? 1 : 0)
        biasGradient[unit] += error
        for input in 0..<6 { weightGradient[input * 4 + unit] += error * Double(row[input]) }
      }
    }
    let scale = rate / Double(examples.count)
    for index in weight.indices { weight[index] -= scale * weightGradient[index] }
    for index in bias.indices { bias[index] -= scale * biasGradient[index] }
    return loss / Double(examples.count)
  }
}
