import DrnIR
import DrnReference

/// Evaluates the step in double precision by the reference interpreter and compares it with PyTorch in double precision: the formulas
/// themselves, without the rounding of single precision.
struct OracleDouble {
  /// Both sides carry 16 digits; sums of some hundred terms and the division by small second moments take up to five of them.
  static let tolerance = 1e-10
  /// What is zero by the formula, as a gradient through the softmax of one score, PyTorch may leave as the rounding of terms below 1, by the processor.
  static let zero = 1e-15

  let fixture: OracleFixture

  /// Everything after the step, for each point at which PyTorch took it in double precision.
  func compareSteps(_ program: OracleProgram, _ module: Module) throws -> OracleComparison {
    var comparison = OracleComparison()
    for (row, step) in fixture.doubleSteps.enumerated() {
      var arguments = try arguments(step, row)
      for name in program.names(.state) { arguments[name] = try tensor("state/\(name)", step) }
      let found = try program.evaluateInDouble("step", of: module, arguments)
      for port in program.names(.weight) + program.names(.state) + program.names(.buffer) {
        try compare(found[port], port, "double/state/\(port)", row, step, &comparison)
      }
      for port in ["loss", "logits", "gradient_norm"] where fixture.has(port) {
        try compare(found[port], port, "double/\(port)", row, step, &comparison)
      }
      let evaluated = try program.evaluateInDouble("evaluate", of: module, arguments)
      for port in ["loss", "logits"] { try compare(evaluated[port], port, "double/evaluation/\(port)", row, step, &comparison) }
    }
    return comparison
  }

  /// The gradients, read off an empty momentum buffer.
  func compareGradients(_ program: OracleProgram, _ module: Module) throws -> OracleComparison {
    var comparison = OracleComparison()
    for (row, step) in fixture.doubleSteps.enumerated() {
      var arguments = try arguments(step, row)
      for name in program.names(.weight) {
        let shape = try fixture["state/\(name)"].shape
        arguments["\(name)/momentum"] = ReferenceTensor(shape: shape, values: Array(repeating: 0, count: shape.reduce(1, *)))
      }
      let found = try program.evaluateInDouble("step", of: module, arguments)
      for name in program.names(.weight) {
        try compare(found["\(name)/momentum"], "the gradient of \(name)", "double/gradient/\(name)", row, step, &comparison)
      }
    }
    return comparison
  }

  private func arguments(_ step: Int, _ row: Int) throws -> [String: ReferenceTensor] {
    var arguments = [
      "features": try tensor("features", step), "labels": try tensor("labels", step), "key": ReferenceTensor(key: try fixture.key(step)),
    ]
    arguments["rate"] = ReferenceTensor(try fixture["rate"][step][0])
    arguments["step"] = ReferenceTensor(Double(step + 1))
    for name in fixture.names(below: "state/") where !name.contains("/") { arguments[name] = try tensor("state/\(name)", step) }
    return arguments
  }

  private func tensor(_ name: String, _ row: Int) throws -> ReferenceTensor {
    let rows = try fixture[name]
    return ReferenceTensor(shape: rows.shape, values: try rows[row])
  }

  private func compare(
    _ found: ReferenceTensor?, _ what: String, _ name: String, _ row: Int, _ step: Int, _ comparison: inout OracleComparison
  ) throws {
    comparison.compare(what, step: step, found?.values ?? [], with: try fixture[name][row], within: Self.tolerance, plus: Self.zero)
  }
}
