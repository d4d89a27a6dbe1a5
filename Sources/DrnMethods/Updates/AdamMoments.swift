import DrnIR
import Foundation

/// What Adam and AdamW share: the two moments and their bias correction (Kingma and Ba 2015, algorithm 1).
struct AdamMoments: Hashable, Sendable {
  static let options = [
    OptionSpec("beta1", .number(0...0.999999), default: .decimal(0.9), "The share of the first moment that stays."),
    OptionSpec("beta2", .number(0...0.9999999), default: .decimal(0.999), "The share of the second moment that stays."),
    .epsilon(default: 1e-8, "Added to the root of the corrected second moment."),
  ]
  static let slots = [SlotSpec("first_moment", .gradient), SlotSpec("second_moment", .squaredGradient)]
  let beta1: Double
  let beta2: Double
  let epsilon: Double

  init(_ options: Options) {
    beta1 = options.number("beta1") ?? 0.9
    beta2 = options.number("beta2") ?? 0.999
    epsilon = options.number("epsilon") ?? 1e-8
  }

  /// m / (1 - beta1^t) over the root of v / (1 - beta2^t) plus epsilon, with the new m and v.
  func direction(_ gradient: Value, _ tensor: MovedTensor, _ step: inout StepContext) throws(IRError) -> Direction {
    let first = try step.average(try step.slot("first_moment", of: tensor), gradient, beta1)
    let second = try step.average(try step.slot("second_moment", of: tensor), try step.builder.square(gradient), beta2)
    let mean = try step.builder.divide(first, try correction(beta1, tensor.updates, &step.builder))
    let root = try step.builder.squareRoot(try step.builder.divide(second, try correction(beta2, tensor.updates, &step.builder)))
    let direction = try step.builder.divide(mean, try step.builder.add(root, try step.builder.constant(epsilon)))
    return Direction(step: direction, slots: [NamedSlot("first_moment", first), NamedSlot("second_moment", second)])
  }

  /// 1 - beta^t, where a beta of zero needs no correction. With x = -t ln beta this is 1 - e^-x, taken as tanh(x / 2) (1 + e^-x): the
  /// difference itself would lose four digits in the first steps, where beta^t is near 1.
  private func correction(_ beta: Double, _ updates: Value, _ builder: inout Builder) throws(IRError) -> Value {
    guard beta > 0 else { return try builder.constant(1) }
    let half = try builder.emitOne(.tanh, [try builder.scale(updates, by: -log(beta) / 2)])
    let power = try builder.emitOne(.exponential, [try builder.scale(updates, by: log(beta))])
    return try builder.multiply(half, try builder.add(power, try builder.constant(1)))
  }
}
