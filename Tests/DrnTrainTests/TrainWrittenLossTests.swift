import DrnData
import DrnMethods
import DrnProgram
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("Losses that a program writes") struct TrainWrittenLossTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func text(_ label: String, _ loss: String, blocks: String = "", _ settings: String = "batch: 15") -> String {
    """
    \(blocks)
    data points { source: synthetic(60, test_examples: 6, noise: 1)  x: tensor[6]  label: \(label) }
    network net(x: tensor[6]) -> tensor[4] { return x |> fc: linear(5) |> tanh |> head: linear(4) }
    train net on points { length: 4 epochs  rate: 0.5  optimizer: sgd  seed: 5  loss: \(loss)  \(settings) }
    """
  }

  private func weights(_ text: String, _ name: String) throws -> [String: [Float]] {
    let session = try TrainSession(text, output: folder(name))
    try session.run()
    return session.trainer.state.tensors
  }

  private func expectSame(_ written: String, _ named: String) throws {
    let (left, right) = (try weights(written, UUID().uuidString), try weights(named, UUID().uuidString))
    #expect(left.keys.sorted() == right.keys.sorted() && !left.isEmpty)
    // Some rounding errors of single precision, over 16 steps of weights near 1.
    for (name, values) in left { #expect(distance(values, right[name]) < 1e-5, "\(name)") }
  }

  private static let squares = "block squares(outputs: tensor, wanted: tensor) { return square(outputs - wanted) }"
  private static let crossed =
    "block crossed(outputs: tensor, wanted: tensor) { return -(wanted * log_softmax(outputs) |> sum(over: features)) }"

  @Test(
    "squares move weights as mean_squared_error does, in parts of a batch and of mixed examples too",
    arguments: ["batch: 15", "batch: 5  accumulation: 3", "batch: 15  mix: mixup(0.7)"])
  func squares(settings: String) throws {
    try expectSame(
      text("tensor[4]", "squares", blocks: Self.squares, settings), text("tensor[4]", "mean_squared_error", settings))
  }

  @Test(
    "the negative logarithm of the softmax moves weights as cross_entropy does, in parts of a batch and of mixed examples too",
    arguments: ["batch: 15", "batch: 5  accumulation: 3", "batch: 15  mix: mixup(0.7)"])
  func crossEntropy(settings: String) throws {
    try expectSame(text("class(4)", "crossed", blocks: Self.crossed, settings), text("class(4)", "cross_entropy", settings))
  }

  @Test("of a sequence it is the mean over all positions")
  func positions() throws {
    let letters = (0..<600).map { (place: Int) -> UInt8 in
      let number: Int = (place * place + place / 3) % 7
      return UInt8(97 + number)
    }
    try Data(letters).write(to: URL(fileURLWithPath: folder("text.txt")))
    func language(_ loss: String, _ blocks: String) -> String {
      """
      \(blocks)
      data letters { source: text("\(folder("text.txt"))", test_share: 10%)  x: tokens[8]  label: next_token(7) }
      network net(x: tokens[8]) -> tensor[8, 7] { return x |> embed: embedding(7, 6) |> tanh |> head: linear(7) }
      train net on letters { length: 2 epochs  batch: 8  rate: 0.5  optimizer: sgd  seed: 5  loss: \(loss) }
      """
    }
    try expectSame(language("crossed", Self.crossed), language("cross_entropy", ""))
  }

  @Test(
    "a step of the focal loss follows its formula, with the constant that is given and with the default one",
    arguments: [("focal(gamma: 3)", 3.0), ("focal", 2.0)])
  func focal(call: String, gamma: Double) throws {
    // Lin et al. 2017 (arXiv 1708.02002), equation 4, without class weights.
    let block = """
      block focal(outputs: tensor, wanted: tensor, gamma: float = 2) {
        let p = softmax(outputs)
        return -(wanted * signed_power(1 - p, gamma) * log_softmax(outputs) |> sum(over: features))
      }
      """
    let source = """
      \(block)
      data points { source: synthetic(60, test_examples: 6, noise: 1)  x: tensor[3]  label: class(4) }
      network net(x: tensor[3]) -> tensor[4] { return x |> head: linear(4) }
      train net on points { length: 1 epochs  batch: 60  rate: 0.5  optimizer: sgd  seed: 5  loss: \(call) }
      """
    let session = try TrainSession(source, output: folder("focal"))
    let before = session.trainer.state.tensors
    let set = session.trainer.data.training
    let examples = Array(0..<60)
    let labels = try set.labels(of: examples).map(Int.init)
    let rows = examples.map { example in
      var row = [Float](repeating: 0, count: 3)
      row.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { set.copyRow(example, into: base, transform: nil) } }
      return row.map(Double.init)
    }
    func loss(_ weights: [Double], _ biases: [Double]) -> Double {
      var sum = 0.0
      for (row, label) in zip(rows, labels) {
        var logits = biases
        for column in 0..<4 { for index in 0..<3 { logits[column] += row[index] * weights[index * 4 + column] } }
        let powers: [Double] = logits.map { exp($0) }
        let p = powers[label] / powers.reduce(0, +)
        sum -= pow(1 - p, gamma) * log(p) / 60
      }
      return sum
    }
    let (weights, biases) = ((before["head.weight"] ?? []).map(Double.init), (before["head.bias"] ?? []).map(Double.init))
    let expected = weights.indices.map { index -> Float in
      var (up, down) = (weights, weights)
      up[index] += 1e-5
      down[index] -= 1e-5
      return Float(weights[index] - 0.5 * (loss(up, biases) - loss(down, biases)) / 2e-5)
    }
    try session.run()
    let after = session.trainer.state.tensors["head.weight"]
    #expect(distance(after, before["head.weight"]) > 1e-2)
    #expect(distance(after, expected) < 1e-5)
  }

  /// The score of the weights as drawn, on the first `count` examples of training.
  private func score(_ text: String, first count: Int) throws -> Score {
    let trainer = try TrainSession(text, output: folder(UUID().uuidString)).trainer
    return try trainer.segment.evaluate(Array(0..<count), of: trainer.data.training, preparation: trainer.data.preparation)
  }

  // Of batches of 15: none that is full, one that is half one, one that is nearly one, a full one, one and a bit.
  @Test(
    "the loss of an evaluation is the mean of the block over its examples, however many these are",
    arguments: [1, 7, 8, 14, 15, 16, 59, 60])
  func validation(count: Int) throws {
    let named = try score(text("tensor[4]", "mean_squared_error"), first: count)
    let written = try score(text("tensor[4]", "squares", blocks: Self.squares), first: count)
    #expect(abs(written.loss - named.loss) < 1e-5 * named.loss)
    let scaled = Self.squares.replacingOccurrences(of: "square(", with: "3 * square(")
    let threefold = try score(text("tensor[4]", "squares", blocks: scaled), first: count)
    #expect(abs(threefold.loss - 3 * named.loss) < 1e-5 * threefold.loss)
    #expect(threefold.regression == named.regression)
  }

  @Test("the epoch that is kept is the best by the block, not by the squares")
  func selection() throws {
    // Whoever lessens the negative squares makes the squares grow from epoch to epoch.
    let negative = Self.squares.replacingOccurrences(of: "return ", with: "return -0.01 * ")
    let text = text("tensor[4]  validation: 25%", "squares", blocks: negative, "batch: 15  select: loss")
    let (session, summary) = try train(text, output: folder("negative"))
    #expect(summary.saved.reason == .best(3, .loss))
    let validation = try #require(summary.validation)
    #expect(validation.loss < 0)
    #expect(validation.loss == session.trainer.best?.score.loss)
    let logged = session.recorder.records("epoch").compactMap { $0.number("validation_loss") }
    #expect(logged.count == 4 && logged == logged.sorted(by: >))
  }

  @Test("a run does not go on by another loss of the same name")
  func identity() throws {
    let first = text("tensor[4]", "squares", blocks: Self.squares)
    try runInFolder(first, folder("run"), stopAfter: Duration(.epoch, 1))
    let other = text("tensor[4]", "squares", blocks: Self.squares.replacingOccurrences(of: "square(", with: "abs("))
    #expect(throws: (any Error).self) { try runInFolder(other, folder("run"), resumes: true) }
    try runInFolder(first, folder("run"), resumes: true)
  }
}
