import Foundation

extension LogRecord {
  /// The record as a line for people.
  public var readable: String {
    switch kind {
    case "epoch": epochLine
    case _:
      kind + " "
        + fields.filter { $0.value != .none && !$0.name.hasPrefix("singular_values") }.map {
          "\($0.name.replacingOccurrences(of: "_", with: " ")) \($0.value.short)"
        }.joined(separator: ", ")
    }
  }

  private var epochLine: String {
    var parts = ["epoch \(self["epoch"]?.short ?? "")", "phase \(self["phase"]?.short ?? "")"]
    if let loss = self["train_loss"] { parts.append("loss \(loss.short)") }
    if let accuracy = self["train_accuracy"] { parts.append("accuracy \(accuracy.percent)") }
    if let loss = self["validation_loss"] { parts.append("validation loss \(loss.short)") }
    if let accuracy = self["validation_accuracy"] { parts.append("validation accuracy \(accuracy.percent)") }
    if let rate = self["rate"] { parts.append("rate \(rate.short)") }
    return parts.joined(separator: "  ")
  }
}

extension LogValue {
  /// Four significant digits.
  var short: String {
    switch self {
    case .integer(let value): String(value)
    case .number(let value): Self.word(value) ?? String(format: "%.4g", value)
    case .text(let value): value
    case .numbers(let values):
      "[" + values.prefix(8).map { Self.word($0) ?? String(format: "%.3g", $0) }.joined(separator: ", ") + (values.count > 8 ? ", ..." : "")
        + "]"
    case .none: ""
    }
  }

  var percent: String {
    switch self {
    case .number(let value): Self.word(value) ?? String(format: "%.2f %%", value * 100)
    case .integer, .text, .numbers, .none: short
    }
  }
}
