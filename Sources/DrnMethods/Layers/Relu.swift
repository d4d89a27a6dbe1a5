import DrnIR

/// max(x, 0), element by element.
public struct Relu: ElementwiseLayer {
  public static let spec = MethodSpec("relu", summary: "max(x, 0), element by element.")
  static let opcode = Opcode.relu
  public let options: Options
  public init(options: Options) { self.options = options }
}
