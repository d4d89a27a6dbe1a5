import DrnCPU
import DrnData
import DrnMethods
import DrnProgram
import DrnTrain
import Foundation

/// How well a trained network does on examples whose labels or targets are known.
public struct ModelEvaluation: Sendable {
  /// Loss without smoothing and class weights, and every metric.
  public let score: Score
  /// The loss that was trained with, the mean over the batches of the evaluation, each counted by its examples.
  public let trainingLoss: Double
  /// That loss with its options, as the program has it.
  public let trainingLossName: String
  /// Whether the program writes that loss as a block.
  let isWritten: Bool
  /// How far probabilities are from how often they are right; `nil` without classes.
  public let calibration: CalibrationMetrics?
  /// What was counted: examples, or of a text its tokens.
  public let count: Int
  /// The names of the classes, by number; empty without classes.
  public let classNames: [String]
  /// The k of the top-k accuracies.
  public let topK: [Int]

  /// What the loss without smoothing and class weights is called.
  public var plainLossName: String { score.classification == nil ? "mean squared error" : "cross_entropy" }
  /// The loss of an evaluation while training: what the program writes as a block, else the one without smoothing and class weights.
  public var judgingLoss: Double { isWritten ? trainingLoss : score.loss }
  /// e to the loss: of a token the number of equally likely ones it stands for.
  public var perplexity: Double { exp(score.loss) }
  /// The loss in bits.
  public var bits: Double { score.loss / log(2) }
}

extension TrainedModel {
  /// Evaluates portions of examples, all of them. A text is evaluated in stretches that follow each other.
  public func evaluate(_ portions: ExamplePortions, threads: Int) throws(TrainError) -> ModelEvaluation {
    var sum = try EvaluationSum(self, threads: threads)
    while let portion = try portions.next() { try sum.add(portion.data, portion.data.wholeExamples) }
    return try sum.evaluation(of: portions.path)
  }

  /// A part of the examples that the program names.
  public enum Split: String, CaseIterable, Sendable {
    case train, validation, test
  }

  /// Evaluates a part of the program's own examples, which have to be where they were, and as they were.
  public func evaluate(_ split: Split, threads: Int) throws(TrainError) -> ModelEvaluation {
    let data: TrainingData
    do { data = try TrainingData(program.data, seed: program.training.seed) } catch {
      throw TrainError(
        error.kind == .data ? .inputMissing : error.kind, "the examples of the run cannot be read: \(error.message)",
        help: "`--data FILE` evaluates the examples of another file")
    }
    guard data.preparation == contents.preparation, data.fill == contents.fill, data.classNames == contents.classNames,
      data.vocabulary?.names == contents.vocabulary
    else {
      throw TrainError(
        .inputUnfit, "the examples that `\(folder)` was trained with have changed since",
        help: "`--data FILE` evaluates the examples of a file as they are now")
    }
    var sum = try EvaluationSum(self, threads: threads)
    switch split {
    case .train: try sum.add(data.training, data.training.labelsPerExample > 1 ? data.training.whole(data.trainIndices) : data.trainIndices)
    case .validation:
      guard !data.validationIndices.isEmpty else { throw TrainError(.inputUnfit, "the program has no examples for validation") }
      try sum.add(data.training, data.validationIndices)
    case .test:
      guard let test = data.test else {
        throw TrainError(
          .inputUnfit, "the program names no examples for a test", help: "`--data validation`, or `--data FILE`")
      }
      try sum.add(test, test.wholeExamples)
    }
    return try sum.evaluation(of: split.rawValue)
  }
}

extension DataSet {
  /// Those of some examples that begin where the one before them ends.
  fileprivate func whole(_ examples: [Int]) -> [Int] {
    let starts = Set(wholeExamples)
    return examples.filter(starts.contains)
  }
}

/// Adds up an evaluation, batch by batch.
private struct EvaluationSum {
  let model: TrainedModel
  let threads: Int
  let pass: ForwardPass
  var score: ScoreSum
  var calibration: CalibrationMetrics?
  var lossSum = 0.0
  var examples = 0
  var count = 0

  init(_ model: TrainedModel, threads: Int) throws(TrainError) {
    (self.model, self.threads) = (model, threads)
    pass = try ForwardPass(model, threads: threads, withLoss: true)
    score = ScoreSum(classes: model.program.data.classes == nil ? nil : pass.width)
    calibration = model.program.data.classes == nil ? nil : CalibrationMetrics()
  }

  mutating func add(_ data: DataSet, _ examples: [Int]) throws(TrainError) {
    var start = 0
    while start < examples.count {
      let part = examples[start..<min(start + pass.batch, examples.count)]
      // The loss of a batch is a mean over its rows, so that a smaller last one has a pass of its size.
      let pass = part.count == pass.batch ? pass : try ForwardPass(model, batch: part.count, threads: threads, withLoss: true)
      let outputs = try self.pass.batch == part.count ? pass.outputs(of: part, in: data) : exact(part, data, pass)
      do { try add(Array(outputs), Array(part), data) } catch { throw TrainError(execution: error) }
      lossSum += try pass.batchLoss() * Double(part.count)
      self.examples += part.count
      start += part.count
    }
  }

  /// The outputs that the training tested, which are of whole batches; the loss is read of the smaller one.
  private func exact(_ part: ArraySlice<Int>, _ data: DataSet, _ smaller: ForwardPass) throws(TrainError) -> ArraySlice<Float> {
    _ = try smaller.outputs(of: part, in: data)
    return try pass.outputs(of: part, in: data)
  }

  private mutating func add(_ outputs: [Float], _ part: [Int], _ data: DataSet) throws(ExecutionError) {
    let width = pass.width
    guard model.program.data.classes != nil else {
      let targets = data.targets(of: part)
      score.add(predictions: Array(outputs.prefix(targets.count)), targets: targets, width: width)
      count += part.count
      return
    }
    let labels = try data.labels(of: part)
    outputs.withUnsafeBufferPointer { score.add(logits: $0, labels: labels, classes: width) }
    for (row, label) in labels.enumerated() {
      let logits = outputs[(row * width)..<((row + 1) * width)]
      guard let predicted = ClassificationMetrics.prediction(logits) else { continue }
      calibration?.add(confidence: Softmax.largest(logits), isRight: predicted == Int(label))
    }
    count += labels.count
  }

  func evaluation(of name: String) throws(TrainError) -> ModelEvaluation {
    guard examples > 0 else { throw TrainError(.files(.empty), "there are no examples in `\(name)`") }
    let program = model.program
    let loss = program.phases[model.phase].loss
    let weights = program.training.classWeights
    let weighted = weights.isEmpty ? "" : ", class weights " + weights.map { "\($0)" }.joined(separator: ", ")
    return ModelEvaluation(
      score: score.score, trainingLoss: lossSum / Double(examples), trainingLossName: loss.callText + weighted,
      isWritten: loss is WrittenLoss, calibration: calibration, count: count,
      classNames: program.data.classes == nil ? [] : model.outputNames, topK: program.reportedTopK)
  }
}

/// Probabilities of classes.
enum Softmax {
  /// The probability of the largest of some logits.
  static func largest(_ logits: ArraySlice<Float>) -> Double {
    guard let largest = logits.max() else { return .nan }
    return 1 / logits.reduce(0.0) { $0 + exp(Double($1) - Double(largest)) }
  }

  /// Turns logits into probabilities where they lie.
  static func apply(to logits: inout ArraySlice<Float>) {
    guard let largest = logits.max(), largest.isFinite else { return }
    var total = 0.0
    for index in logits.indices { total += exp(Double(logits[index]) - Double(largest)) }
    for index in logits.indices { logits[index] = Float(exp(Double(logits[index]) - Double(largest)) / total) }
  }
}
