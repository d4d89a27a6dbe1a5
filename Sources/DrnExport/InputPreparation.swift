import DrnData
import DrnJSON
import DrnProgram

/// What is done to the values of a data source before a network sees them, as `model.json` has it: missing values filled, then moved and
/// scaled.
public struct InputPreparation: Sendable {
  /// What takes the place of a value that is missing, for each element of an example.
  let fill: [Float]?
  let scaling: Scaling?

  /// (x - mean) factor + offset, in a shape that repeats over the examples.
  struct Scaling: Sendable {
    let mean: [Float]
    let factor: [Float]
    /// What the rounding of the mean makes of the result; `nil` where that is nothing.
    let offset: [Float]?
    let shape: [Int]
  }

  var isEmpty: Bool { fill == nil && scaling == nil }

  /// Throws where the program prepares values and nothing says how.
  init(_ description: JSON?, _ program: CheckedProgram) throws(ExportError) {
    guard let input = description?["input"], input.isObject else {
      throw ExportError(
        .refused, "the folder has no `model.json` that says how values are prepared",
        help: "--no-preparation leaves the preparation to whoever uses the file")
    }
    let shape = program.network.inputShape
    fill = try input["missing"]?["means"].map { (means: JSON) throws(ExportError) in
      try Self.numbers(means, "input.missing.means").map { Float($0) }
    }
    guard let prepare = input["prepare"] else {
      scaling = nil
      return
    }
    let sharing = prepare["per"]?.text.flatMap(Preparation.Sharing.init)
    guard let sharing, let means = prepare["mean"], let factors = prepare["inverse_deviation"] else {
      throw Self.malformed("input.prepare")
    }
    let (mean, factor) = (try Self.numbers(means, "input.prepare.mean"), try Self.numbers(factors, "input.prepare.inverse_deviation"))
    let count = sharing.groups(of: shape).count
    guard mean.count == count, factor.count == count else { throw Self.malformed("input.prepare") }
    let spread: [Int]
    switch sharing {
    case .all: spread = []
    case .pixel: spread = shape
    case .channel: spread = shape.count == 2 ? [count] : [count] + shape.dropFirst().map { _ in 1 }
    }
    let offset = zip(mean, factor).map { Float((Double(Float($0)) - $0) * $1) }
    scaling = Scaling(
      mean: mean.map { Float($0) }, factor: factor.map { Float($0) }, offset: offset.contains { abs($0) > 0x1p-24 } ? offset : nil,
      shape: spread)
  }

  private static func numbers(_ json: JSON, _ name: String) throws(ExportError) -> [Double] {
    guard let items = json.items else { throw malformed(name) }
    var numbers: [Double] = []
    for item in items {
      switch item {
      case .integer(let value): numbers.append(Double(value))
      case .number(let value): numbers.append(value)
      case .null, .boolean, .string, .array, .object: throw malformed(name)
      }
    }
    return numbers
  }

  private static func malformed(_ name: String) -> ExportError {
    ExportError(
      .refused, "`\(name)` of `model.json` is not what drnc writes",
      help: "--no-preparation leaves the preparation to whoever uses the file")
  }
}
