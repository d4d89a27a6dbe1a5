import Dispatch
import DrnJSON
import Foundation
import Synchronization

/// Writes predictions as rows of text.
public struct PredictionText: Sendable {
  /// How rows are written.
  public enum Format: String, CaseIterable, Sendable {
    /// A table with a row of names.
    case csv
    /// One JSON object a line.
    case jsonl
    /// An array of single precision, a row for each example.
    case npy
  }

  private let format: Format
  private let names: [String]
  private let predictsClasses: Bool
  private let topK: Int
  private let hasProbabilities: Bool
  private let hasInputs: Bool
  /// What `names` are as JSON and as fields of a table, made once.
  private let encoded: [String]

  /// `topK` is the number of classes of a row, with their probabilities; `hasProbabilities` adds those of all classes, `hasInputs` the file of
  /// each row.
  public init(_ format: Format, of model: TrainedModel, topK: Int, hasProbabilities: Bool, hasInputs: Bool) {
    self.format = format
    names = model.outputNames
    predictsClasses = model.predictsClasses
    self.topK = min(max(1, topK), names.count)
    (self.hasProbabilities, self.hasInputs) = (hasProbabilities, hasInputs)
    encoded = names.map { format == .csv ? Self.field($0) : JSON.string($0).encoded }
  }

  /// What comes before the rows.
  public var head: String {
    guard format == .csv else { return "" }
    var columns = hasInputs ? ["input"] : []
    if predictsClasses {
      for place in 1...topK { columns += place == 1 ? ["class", "probability"] : ["class_\(place)", "probability_\(place)"] }
      if hasProbabilities { columns += names.map { Self.field("probability of \($0)") } }
    } else {
      columns += encoded
    }
    return columns.joined(separator: ",") + "\n"
  }

  /// The rows of some predictions; `input` is the file they are of where they do not say themselves.
  public func rows(_ predictions: Predictions, input: String) -> String {
    let parts = min(max(1, ProcessInfo.processInfo.activeProcessorCount), max(1, predictions.count / 256))
    let texts = Mutex([String](repeating: "", count: parts))
    DispatchQueue.concurrentPerform(iterations: parts) { part in
      let text = rows((predictions.count * part / parts)..<(predictions.count * (part + 1) / parts), of: predictions, input: input)
      texts.withLock { $0[part] = text }
    }
    return texts.withLock { $0.joined() }
  }

  private func rows(_ range: Range<Int>, of predictions: Predictions, input: String) -> String {
    var text = ""
    text.reserveCapacity(range.count * 32)
    for row in range {
      let values = predictions.values[(row * predictions.width)..<((row + 1) * predictions.width)]
      let name = hasInputs ? predictions.names?[row] ?? input : nil
      if format == .csv { appendFields(values, name, to: &text) } else { appendObject(values, name, to: &text) }
    }
    return text
  }

  private func appendFields(_ values: ArraySlice<Float>, _ name: String?, to text: inout String) {
    var isFirst = true
    func append(_ field: String) {
      if !isFirst { text += "," }
      text += field
      isFirst = false
    }
    if let name { append(Self.field(name)) }
    if predictsClasses {
      for place in best(values) {
        append(encoded[place])
        append(Self.number(values[values.startIndex + place], missing: ""))
      }
    }
    if !predictsClasses || hasProbabilities { for value in values { append(Self.number(value, missing: "")) } }
    text += "\n"
  }

  private func appendObject(_ values: ArraySlice<Float>, _ name: String?, to text: inout String) {
    func pair(_ place: Int) -> String {
      "\"class\": \(encoded[place]), \"probability\": \(Self.number(values[values.startIndex + place], missing: "null"))"
    }
    func all() -> String {
      values.enumerated().map { "\(encoded[$0]): \(Self.number($1, missing: "null"))" }.joined(separator: ", ")
    }
    var members = name.map { ["\"input\": \(JSON.string($0).encoded)"] } ?? []
    if predictsClasses {
      let places = best(values)
      members += places.first.map { [pair($0)] } ?? ["\"class\": null, \"probability\": null"]
      if topK > 1 { members.append("\"top\": [\(places.map { "{\(pair($0))}" }.joined(separator: ", "))]") }
      if hasProbabilities { members.append("\"probabilities\": {\(all())}") }
    } else {
      members.append(all())
    }
    text += "{\(members.joined(separator: ", "))}\n"
  }

  /// The places of the largest values, the first of equal ones first.
  private func best(_ values: ArraySlice<Float>) -> [Int] {
    guard topK > 1 else {
      var (best, largest) = (0, -Float.infinity)
      for (place, value) in values.enumerated() where value > largest { (best, largest) = (place, value) }
      return [best]
    }
    let order = values.enumerated().sorted { $0.element != $1.element ? $0.element > $1.element : $0.offset < $1.offset }
    return order.prefix(topK).map(\.offset)
  }

  /// The shortest digits that read back as the same number.
  private static func number(_ value: Float, missing: String) -> String { value.isFinite ? value.description : missing }

  /// A field of a table, in quotes where it has to be.
  private static func field(_ text: String) -> String {
    guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) || text.hasPrefix(" ") || text.hasSuffix(" ") else {
      return text
    }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
