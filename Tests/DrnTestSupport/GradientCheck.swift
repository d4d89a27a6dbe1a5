import DrnIR
import DrnReference
import Testing

/// Holds gradients against central differences.
///
/// With a step of 1e-5 the truncation error of a smooth function of values near 1 is near 1e-10 and the rounding error near 1e-11, so that
/// 1e-6 of the largest gradient leaves room for third derivatives in the hundreds and finds any wrong formula.
public enum GradientCheck {
  /// The step of the differences.
  public static let step = 1e-5
  /// Of the largest gradient.
  public static let tolerance = 1e-6

  /// Expects `gradient` to be that of `loss` by the named argument.
  public static func expect(
    _ gradient: ReferenceTensor, of argument: String, in arguments: [String: ReferenceTensor], _ label: String,
    loss: ([String: ReferenceTensor]) throws -> Double
  ) throws {
    let tensor = try #require(arguments[argument])
    var differences: [Double] = []
    for index in tensor.values.indices {
      func shifted(_ shift: Double) throws -> Double {
        var moved = arguments
        moved[argument]?.values[index] += shift
        return try loss(moved)
      }
      differences.append((try shifted(step) - shifted(-step)) / (2 * step))
    }
    let scale = max(1, differences.map(\.magnitude).max() ?? 0)
    #expect(gradient.shape == tensor.shape, "\(label): \(argument)")
    for (index, (found, expected)) in zip(gradient.values, differences).enumerated() {
      #expect(
        (found - expected).magnitude <= tolerance * scale, "\(label): \(argument)[\(index)] is \(found), differences give \(expected)")
    }
  }
}
