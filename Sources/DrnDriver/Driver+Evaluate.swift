import DrnData
import DrnInference
import DrnJSON
import DrnMethods
import DrnProgram
import DrnTrain
import Foundation

extension Driver {
  /// `drnc eval`.
  public func evaluate(_ request: EvaluateRequest) -> ExitStatus {
    do throws(TrainError) {
      let model = try TrainedModel(folder: request.run)
      let evaluation: ModelEvaluation
      if let split = TrainedModel.Split(rawValue: request.data) {
        guard request.labels == nil else {
          throw TrainError(
            .inputUnfit, "the examples of the program have their labels", help: "leave out `--labels`, or give `--data FILE`")
        }
        evaluation = try model.evaluate(split, threads: request.threads)
      } else {
        evaluation = try model.evaluate(
          try ExamplePortions(learnedOf: request.data, labels: request.labels, for: model), threads: request.threads)
      }
      let report = EvaluationReport(evaluation, model, request)
      if request.printsJSON { console.output(report.json) } else { console.output(report.text) }
      return .success
    } catch { return report(error) }
  }
}

/// An evaluation in words and as JSON.
private struct EvaluationReport {
  let evaluation: ModelEvaluation
  let model: TrainedModel
  let request: EvaluateRequest
  /// A table of more classes is for machines.
  private static let mostClasses = 32
  private static let mostConfused = 20

  init(_ evaluation: ModelEvaluation, _ model: TrainedModel, _ request: EvaluateRequest) {
    (self.evaluation, self.model, self.request) = (evaluation, model, request)
  }

  private var loss: (name: String, value: Double) {
    request.showsPlainLoss
      ? (evaluation.plainLossName, evaluation.score.loss) : (evaluation.trainingLossName, evaluation.trainingLoss)
  }

  private var isText: Bool { model.program.data.predictsNextToken }

  /// Every single figure, in the order in which it is printed.
  private var figures: [(name: String, value: Double)] {
    var figures: [(String, Double)] = []
    for figure in evaluation.score.figures(topK: evaluation.topK) where figure.name != "loss" {
      if case .number(let value) = figure.value { figures.append((figure.name, value)) }
    }
    if let classes = evaluation.score.classification, !isText {
      let macro = classes.macroAverage
      figures += [("macro_precision", macro.precision), ("macro_recall", macro.recall), ("macro_f1", macro.f1)]
    }
    if let regression = evaluation.score.regression {
      let squared = regression.meanSquaredError
      figures += [("mean_squared_error", squared), ("root_mean_squared_error", squared.squareRoot())]
      if let r2 = regression.r2 { figures.append(("r2", r2)) }
    }
    if let calibration = evaluation.calibration {
      figures += [("expected_calibration_error", calibration.expectedError), ("largest_calibration_error", calibration.largestError)]
    }
    if isText { figures += [("perplexity", evaluation.perplexity), ("bits_per_token", evaluation.bits)] }
    return figures
  }

  var text: String {
    let what = isText ? "tokens" : "examples"
    var text = "\(request.data): \(evaluation.count) \(what)\n"
    let rows = [("loss", loss.value)] + figures
    let width = rows.map(\.0.count).max() ?? 0
    for (name, value) in rows {
      text += name.padding(toLength: width, withPad: " ", startingAt: 0) + "  " + Self.number(value)
      text += name == "loss" ? "  \(loss.name)\n" : "\n"
    }
    guard let classes = evaluation.score.classification, !isText else { return text }
    let names = evaluation.classNames
    guard names.count <= Self.mostClasses else {
      return text + "\(names.count) classes: `--json` gives the figures and the confusions of each\n"
    }
    let nameWidth = max(5, names.map(\.count).max() ?? 0)
    func pad(_ name: String) -> String { name.padding(toLength: max(nameWidth, name.count), withPad: " ", startingAt: 0) }
    text += "\n" + pad("class") + "  precision  recall  f1      examples\n"
    for (name, score) in zip(names, classes.scores) {
      text += pad(name) + String(format: "  %.4f     %.4f  %.4f  %d\n", score.precision, score.recall, score.f1, score.support)
    }
    guard names.count <= Self.mostConfused else { return text }
    text += "\nconfusion, a row for each class and a column for each that was predicted\n"
    let digits = max(2, String(classes.confusion.max() ?? 0).count)
    for (row, name) in names.enumerated() {
      let cells = classes.confusion[(row * classes.classes)..<((row + 1) * classes.classes)].map { count in
        String(repeating: " ", count: digits - String(count).count) + String(count)
      }
      text += pad(name) + "  " + cells.joined(separator: " ") + "\n"
    }
    return text
  }

  var json: JSON {
    var members: [(String, JSON)] = [
      ("run", .string(model.folder)), ("data", .string(request.data)), (isText ? "tokens" : "examples", .integer(evaluation.count)),
      ("loss", Self.json(loss.value)), ("loss_name", .string(loss.name)),
    ]
    members += figures.map { ($0.name, Self.json($0.value)) }
    if let classes = evaluation.score.classification, !isText {
      let scores = zip(evaluation.classNames, classes.scores).map { name, score -> JSON in
        .make([
          "name": .string(name), "precision": .number(score.precision), "recall": .number(score.recall), "f1": .number(score.f1),
          "examples": .integer(score.support),
        ])
      }
      let width = classes.classes
      let rows = (0..<width).map { row in JSON.array(classes.confusion[(row * width)..<((row + 1) * width)].map(JSON.integer)) }
      members += [("classes", .array(scores)), ("confusion", .array(rows))]
    }
    if let calibration = evaluation.calibration {
      members.append(
        (
          "calibration",
          .array(
            calibration.bins.map { bin in
              .make(["count": .integer(bin.count), "correct": .integer(bin.correct), "confidence": .number(bin.confidence)])
            })
        ))
    }
    return .fields(members)
  }

  private static func json(_ value: Double) -> JSON { value.isFinite ? .number(value) : .null }
  private static func number(_ value: Double) -> String { String(format: "%.6g", value) }
}
