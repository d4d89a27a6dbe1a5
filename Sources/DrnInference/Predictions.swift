import DrnData
import DrnSystem
import DrnMethods
import DrnProgram
import DrnTrain

/// What a network makes of some examples.
public struct Predictions: Sendable {
  /// Row-major: probabilities of the classes, or predicted values.
  public let values: [Float]
  /// Numbers of one example.
  public let width: Int
  /// The file of each example, where each has one of its own.
  public let names: [String]?
  /// The number of examples.
  public var count: Int { values.count / max(1, width) }

  /// The values as an array in a file has them.
  public var littleEndianBytes: [UInt8] {
    values.map(\.bitPattern.littleEndian).withUnsafeBytes { [UInt8]($0) }
  }
}

extension TrainedModel {
  /// What each number of an output is called: classes, tokens, the columns that were learned; else `value`, `value_1` and so on.
  public var outputNames: [String] {
    if program.data.classes != nil {
      let names = classNames
      return (0..<classCount).map { $0 < names.count ? names[$0] : String($0) }
    }
    if let targets = contents.table?.targets, targets.count == program.data.targets { return targets }
    return (0..<program.data.targets).map { $0 == 0 ? "value" : "value_\($0)" }
  }

  /// Whether an input is lines of text, so that it may come through a pipe.
  package var takesLines: Bool { program.data.source is CSVSource || program.data.predictsNextToken || program.data.inputElement == .token }

  /// Whether the outputs are probabilities of classes.
  public var predictsClasses: Bool { program.data.classes != nil }

  /// Whether an input has examples that are files of their own, or is one itself.
  public func namesExamples(of input: String) -> Bool {
    let isPicture = ["png", "jpg", "jpeg", "wav"].contains(Path.fileExtension(of: input).lowercased())
    return program.data.predictsNextToken || isPicture || Files.kind(input) == .folder
  }

  private var classCount: Int { program.network.outputShape.reduce(1, *) / max(1, program.network.outputShape.positions) }

  /// Predicts portion by portion, in their order. Of a text for `next_token` it is the token behind its end.
  public func predict(
    _ portions: ExamplePortions, by pass: ForwardPass, _ take: (Predictions) throws(TrainError) -> Void
  ) throws(TrainError) {
    var total = 0
    while let portion = try portions.next() {
      let data = portion.data
      var values: [Float] = []
      values.reserveCapacity(data.count * pass.width)
      var start = 0
      while start < data.count {
        let part = Array(start..<min(start + pass.batch, data.count))
        let outputs = try pass.outputs(of: part[...], in: data)
        for (row, example) in part.enumerated() {
          // Of a text the row of its last token, whose number is its label.
          let last = pass.rowsPerExample > 1 ? max(0, Int(data.labels[example]) - 1) : 0
          let first = outputs.startIndex + (row * pass.rowsPerExample + last) * pass.width
          var result = outputs[first..<(first + pass.width)]
          if predictsClasses { Softmax.apply(to: &result) }
          values += result
        }
        start += part.count
      }
      total += data.count
      let names = portion.names ?? (program.data.predictsNextToken ? [portions.path] : nil)
      try take(Predictions(values: values, width: pass.width, names: names))
    }
    guard total > 0 else { throw TrainError(.files(.empty), "there are no examples in `\(portions.path)`") }
  }
}
