import DrnIR

/// The hyperbolic tangent, element by element.
public struct Tanh: ElementwiseLayer {
  public static let spec = MethodSpec("tanh", summary: "The hyperbolic tangent, element by element.")
  static let opcode = Opcode.tanh
  public let options: Options
  public init(options: Options) { self.options = options }
}
