import DrnIR

/// x times the normal distribution function at x, element by element (the exact form, not the tanh approximation).
public struct Gelu: ElementwiseLayer {
  public static let spec = MethodSpec(
    "gelu", summary: "x times the normal distribution function at x, element by element (the exact form, not the tanh approximation).",
    source: "Hendrycks and Gimpel 2016, arXiv 1606.08415")
  static let opcode = Opcode.gelu
  public let options: Options
  public init(options: Options) { self.options = options }
}
