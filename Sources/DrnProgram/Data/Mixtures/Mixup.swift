import DrnData
import DrnMethods
import Foundation

/// A mixture of the examples of a batch with each other. One file each in this folder, listed in `Mixtures.all`.
public protocol BatchMixture: Method {
  /// The share of its own that every example of a step keeps, at least a half; the rest is of its partner.
  func share(at step: Int, seed: UInt64) -> Double
}

/// The mixtures. A new one is one file in this folder and one entry here.
public enum Mixtures {
  /// Every mixture that a program may name; no two have one word.
  public static let all: [any BatchMixture.Type] = [Mixup.self]
}

/// Convex combinations of two examples and of their labels, in a share drawn for each step.
///
/// The partner of an example is the one in its place counted from the end of the batch, whose order is random. A share and one minus it then make the same
/// batch in another order, so that the larger of the two stands for both, and an example keeps the larger part of itself.
public struct Mixup: BatchMixture {
  public static let spec = MethodSpec(
    "mixup",
    summary:
      "Every example of a batch is mixed with another of it, inputs and labels in the same share, which is drawn for each step from Beta(alpha, alpha).",
    source: "Zhang et al. 2018, arXiv 1710.09412",
    options: [
      OptionSpec("alpha", .number(0.001...1000), default: .decimal(0.2), "The smaller, the nearer the shares are to 0 and 1.")
    ], positional: 1)
  public let options: Options
  let alpha: Double
  public init(options: Options) {
    self.options = options
    alpha = options.number("alpha") ?? 0.2
  }

  public func share(at step: Int, seed: UInt64) -> Double {
    let drawn = Self.beta(alpha, RandomStream(seed: seed, purpose: "mixup", name: "share").derived(UInt64(max(0, step))))
    return max(drawn, 1 - drawn)
  }

  /// A number from Beta(alpha, alpha): x / (x + y) of two from Gamma(alpha). By their logarithms, as both may be less than any number.
  static func beta(_ alpha: Double, _ stream: RandomStream) -> Double {
    let (first, second) = (logGamma(alpha, stream.derived(0)), logGamma(alpha, stream.derived(1)))
    return 1 / (1 + exp(second - first))
  }

  /// The logarithm of a number from Gamma(alpha, 1).
  ///
  /// Source: Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables", 2000; below 1 a number of alpha + 1 times U^(1/alpha).
  private static func logGamma(_ alpha: Double, _ stream: RandomStream) -> Double {
    func uniform(_ index: UInt64) -> Double { (Double(stream.bits(at: index)) + 0.5) * 0x1p-32 }
    guard alpha >= 1 else { return logGamma(alpha + 1, stream.derived(0)) + log(uniform(0)) / alpha }
    let scale = alpha - 1.0 / 3
    let width = 1 / (9 * scale).squareRoot()
    let normals = stream.derived(0)
    var index: UInt64 = 0
    while true {
      let normal = Double(normals.normal(at: index))
      let cube = pow(1 + width * normal, 3)
      if cube > 0, log(uniform(index)) < normal * normal / 2 + scale * (1 - cube + log(cube)) { return log(scale * cube) }
      index += 1
    }
  }
}
