import DrnData
import DrnMethods
import DrnProgram
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("Mixed examples") struct TrainMixtureTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// One linear layer, so that a step can be computed by hand.
  private func text(_ label: String, _ settings: String) -> String {
    """
    data points { source: synthetic(60, test_examples: 6, noise: 1)  x: tensor[6]  label: \(label) }
    network net(x: tensor[6]) -> tensor[4] { return x |> head: linear(4) }
    train net on points { length: 4 epochs  rate: 0.5  optimizer: sgd  seed: 5  \(settings) }
    """
  }

  /// Weights and biases after some steps, in double precision: cross entropy or squared error of mixed examples against mixed targets.
  private func expected(_ trainer: Trainer, from initial: [String: [Float]], steps: Int, alpha: Double, classes: Bool) throws -> (
    weights: [Double], biases: [Double]
  ) {
    let (set, mixture) = (trainer.data.training, Mixup(options: Options(["alpha": .decimal(alpha)])))
    var feed = trainer.feed
    var weights = (initial["head.weight"] ?? []).map(Double.init)
    var biases = (initial["head.bias"] ?? []).map(Double.init)
    for step in 0..<steps {
      let examples = feed.indices(at: step)
      let share = mixture.share(at: step, seed: 5)
      let rows = examples.map { example in
        var row = [Float](repeating: 0, count: 6)
        row.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { set.copyRow(example, into: base, transform: nil) } }
        return row.map(Double.init)
      }
      let targets: [[Double]] = try examples.map { example in
        if !classes { return set.targets(of: [example]).map(Double.init) }
        let label = Int(try set.labels(of: [example])[0])
        return (0..<4).map { $0 == label ? 1.0 : 0.0 }
      }
      func mixed(_ values: [[Double]], _ row: Int) -> [Double] {
        zip(values[row], values[values.count - 1 - row]).map { share * $0 + (1 - share) * $1 }
      }
      var (slopes, shifts) = ([Double](repeating: 0, count: 24), [Double](repeating: 0, count: 4))
      for row in examples.indices {
        let (input, target) = (mixed(rows, row), mixed(targets, row))
        var outputs = biases
        for column in 0..<4 { for index in 0..<6 { outputs[column] += input[index] * weights[index * 4 + column] } }
        if classes {
          let powers: [Double] = outputs.map { exp($0) }
          let sum: Double = powers.reduce(0, +)
          outputs = powers.map { $0 / sum }
        }
        for column in 0..<4 {
          let error = (outputs[column] - target[column]) * (classes ? 1 : 0.5) / Double(examples.count)
          shifts[column] += error
          for index in 0..<6 { slopes[index * 4 + column] += error * input[index] }
        }
      }
      weights = zip(weights, slopes).map { $0 - 0.5 * $1 }
      biases = zip(biases, shifts).map { $0 - 0.5 * $1 }
    }
    return (weights, biases)
  }

  @Test(
    "a step is that of mixed inputs and mixed targets, in one batch or in parts of it",
    arguments: ["batch: 15", "batch: 5  accumulation: 3", "batch: 16  "], [true, false])
  func steps(batch: String, classes: Bool) throws {
    let loss = classes ? "loss: cross_entropy" : "loss: mean_squared_error"
    let source = text(classes ? "class(4)" : "tensor[4]", "\(batch)  mix: mixup(0.7)  \(loss)")
    let session = try TrainSession(source, output: folder("a"), stopAfter: Duration(.step, 3))
    let initial = session.trainer.state.tensors
    try session.run()
    let (weights, biases) = try expected(session.trainer, from: initial, steps: 3, alpha: 0.7, classes: classes)
    let found = session.trainer.state.tensors
    #expect(weights.contains { abs($0) > 0.05 })
    #expect(distance(found["head.weight"], weights.map { Float($0) }) < 1e-5)
    #expect(distance(found["head.bias"], biases.map { Float($0) }) < 1e-5)
    // Examples that are not mixed give another step.
    let (plain, _) = try train(source.replacing("mix: mixup(0.7)", with: ""), output: folder("b"), stopAfter: Duration(.step, 3))
    #expect(distance(plain.trainer.state.tensors["head.weight"], weights.map { Float($0) }) > 1e-3)
  }

  @Test("with class weights, parts of a batch make the step of the whole of it", arguments: ["[1, 5, 0.2, 2]", "[1, 1, 1, 1]"])
  func classWeights(_ weights: String) throws {
    func run(_ name: String, _ batch: String) throws -> [Float]? {
      let settings = "\(batch)  mix: mixup(1)  loss: cross_entropy(smoothing: 0.1)  class_weights: \(weights)"
      return try train(text("class(4)", settings), output: folder(name)).session.trainer.state.tensors["head.weight"]
    }
    #expect(distance(try run("whole", "batch: 12"), try run("parts", "batch: 4  accumulation: 3") ?? []) < 3e-6)
  }

  @Test("a run that mixes goes on to the same bytes, with images made ahead, a smaller last batch and state made anew", arguments: [4, 7])
  func resumed(_ steps: Int) throws {
    let text = """
      data images {
        source: synthetic(60, test_examples: 6, noise: 1)  x: tensor[1, 5, 5]  label: class(3)  validation: 20%
        augment: [pad_crop(1)]  last_batch: keep
      }
      network net(x: tensor[1, 5, 5]) -> tensor[3] { return x |> c: conv2d(4, kernel: 3) |> relu |> flatten |> head: linear(3) }
      train net on images {
        length: 3 epochs  batch: 10  loss: cross_entropy  rate: 0.05  mix: mixup(0.4)
        optimizer: low_rank_gradient(adam(), rank: 2, refresh: 3 steps)
      }
      """
    try expectSameBytes(of: text, stoppedAfter: Duration(.step, steps), in: folder)
  }

  @Test("a step of one example has nothing to mix") func alone() {
    let problem = { try checkedProgram(text("class(4)", "batch: 1  mix: mixup()  loss: cross_entropy")) }
    do {
      _ = try problem()
      Issue.record("accepted")
    } catch { #expect("\(error)".contains("DRN0228")) }
  }
}
