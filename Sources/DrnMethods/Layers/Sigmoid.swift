import DrnIR

/// 1 / (1 + exp(-x)), element by element.
public struct Sigmoid: ElementwiseLayer {
  public static let spec = MethodSpec("sigmoid", summary: "1 / (1 + exp(-x)), element by element.")
  static let opcode = Opcode.sigmoid
  public let options: Options
  public init(options: Options) { self.options = options }
}
