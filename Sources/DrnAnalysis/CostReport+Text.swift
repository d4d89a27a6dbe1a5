import DrnMethods
import DrnNumbers
import DrnProgram
import Foundation

extension CostReport {
  /// A table of the phases beside the dense network, then the run.
  public func text(_ program: CheckedProgram) -> String {
    var rows = [
      ["", "parameters", "trainable", "deployed", "active", "forward MAC", "training MAC", "memory", "state", "gradients", "step"]
    ]
    if devices != nil { rows[0].insert("summed", at: rows[0].count - 1) }
    if dividesState { rows[0].insert("state a device", at: rows[0].count - 1) }
    rows.append(row("dense network", dense))
    for (index, phase) in phases.enumerated() {
      let span = program.phases[index]
      let time = span.isAtEnd ? "end" : "\(span.start.unit.rawValue) \(span.start.value) to \(span.end.value)"
      rows.append(row("phase \(index): \(time)", phase))
      rows.append(ratios("  of dense", phase))
    }
    var text = Self.table(rows)
    if dense.nominal.forward > 0 { text += nominalText(program) }
    text += "\nOver the run, relative to dense throughout:\n"
    for quantity in [Requirement.Quantity.trainableParameters, .trainingOperations, .forwardOperations, .memory] {
      let ratio = value(quantity, .average) / max(1, denseValue(quantity, .average))
      text += "  average \(quantity.rawValue.replacingOccurrences(of: "_", with: " ")): \(Self.decimal(ratio, 3))\n"
    }
    text += "  deployed: \(phases.last?.deployedParameters ?? 0) parameters, \(Self.decimal(finalRatio, 3)) of dense\n"
    if let seconds = predictedSeconds, let steps {
      text += "  predicted: \(readableTime(seconds: seconds)) for \(steps.reduce(0, +)) steps\n"
    } else {
      text += "  predicted time: unknown until the data is present or `examples:` is given\n"
    }
    if program.training.stop != nil {
      text += "  a bound: `stop` may end the run earlier, and what is averaged is then of the steps made\n"
    }
    return text
  }

  /// The arithmetic by definition, beside that of what is compiled.
  private func nominalText(_ program: CheckedProgram) -> String {
    func row(_ name: String, _ cost: PhaseCost) -> [String] {
      func ratio(_ value: Int, _ of: Int) -> String { Self.decimal(Double(value) / Double(max(1, of)), 3) }
      let (own, whole) = (cost.nominal, dense.nominal)
      return [
        name, "\(own.forward)", ratio(own.forward, whole.forward), "\(own.training)", ratio(own.training, whole.training),
      ]
    }
    let header = ["", "forward MAC", "of dense", "training MAC", "of dense"]
    let rows = [header, row("dense network", dense)] + phases.enumerated().map { row("phase \($0)", $1) }
    return """

      By the forms as written, three products for a trained weight and two for a frozen one:
      \(Self.table(rows))  over the run: training MAC \(Self.decimal(nominalTrainingRatio, 3)) of dense
      What is compiled, above, multiplies factors with each other first where that is predicted to be faster, and has no gradient of the input.

      """
  }

  private var finalRatio: Double { value(.deployedParameters, .final) / max(1, denseValue(.deployedParameters, .final)) }

  private func row(_ name: String, _ cost: PhaseCost) -> [String] {
    let exchanged = devices == nil ? [] : [Self.bytes(cost.trafficBytes)] + (dividesState ? [Self.bytes(cost.deviceStateBytes)] : [])
    return [
      name, "\(cost.parameters)", "\(cost.trainableParameters)", "\(cost.deployedParameters)", "\(cost.activeParameters)",
      "\(cost.forwardOperations)",
      "\(cost.trainingOperations)", Self.bytes(cost.memory), Self.bytes(cost.stateBytes), Self.bytes(cost.gradientBytes),
    ] + exchanged + [Self.decimal(cost.predictedStepTime, 2) + " ms"]
  }

  private func ratios(_ name: String, _ cost: PhaseCost) -> [String] {
    var quantities: [Requirement.Quantity] = [
      .parameters, .trainableParameters, .deployedParameters, .activeParameters, .forwardOperations, .trainingOperations, .memory,
      .stateBytes,
      .gradientBytes,
    ]
    if devices != nil { quantities.append(.traffic) }
    var values = quantities.map { Self.decimal(cost.value(of: $0) / max(1, dense.value(of: $0)), 3) }
    if dividesState { values.append(Self.decimal(Double(cost.deviceStateBytes) / Double(max(1, dense.deviceStateBytes)), 3)) }
    return [name] + values + [Self.decimal(cost.predictedStepTime / max(1e-9, dense.predictedStepTime), 3)]
  }

  private static func table(_ rows: [[String]]) -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).enumerated().map { index, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return index == 0 ? cell.0 + padding : padding + cell.0
      }
      return cells.joined(separator: "  ") + "\n"
    }.joined()
  }

  static func decimal(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

  static func bytes(_ count: Int) -> String {
    count < 1 << 20 ? decimal(Double(count) / 1024, 1) + " KiB" : decimal(Double(count) / 1_048_576, 1) + " MiB"
  }
}
