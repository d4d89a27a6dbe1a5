import DrnIR

/// Two tensors of one shape to one, element by element: what an operator between tensors means.
protocol BinaryLayer: Layer {
  static var opcode: Opcode { get }
}

extension BinaryLayer {
  public static var inputCount: Int { 2 }
  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    guard inputs.count == 2 else { throw LayerError("takes 2 tensors, but is given \(inputs.count)") }
    guard inputs[0] == inputs[1] else { throw LayerError("takes tensors of one shape, but is given \(inputs[0]) and \(inputs[1])") }
    return inputs[0]
  }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation { .positionwise }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    try context.builder.emitOne(Self.opcode, inputs)
  }
}

/// The sum of two tensors of one shape; what `+` between tensors means.
public struct Add: BinaryLayer {
  public static let spec = MethodSpec("add", summary: "The sum of two tensors of one shape; also written `a + b`.")
  static let opcode = Opcode.add
  public let options: Options
  public init(options: Options) { self.options = options }
}

/// The difference of two tensors of one shape; what `-` between tensors means.
public struct Subtract: BinaryLayer {
  public static let spec = MethodSpec("subtract", summary: "The difference of two tensors of one shape; also written `a - b`.")
  static let opcode = Opcode.subtract
  public let options: Options
  public init(options: Options) { self.options = options }
}

/// The product of two tensors of one shape, element by element; what `*` between tensors means.
public struct Multiply: BinaryLayer {
  public static let spec = MethodSpec(
    "multiply", summary: "The product of two tensors of one shape, element by element; also written `a * b`.")
  static let opcode = Opcode.multiply
  public let options: Options
  public init(options: Options) { self.options = options }
}

/// The quotient of two tensors of one shape, element by element; what `/` between tensors means.
public struct Divide: BinaryLayer {
  public static let spec = MethodSpec(
    "divide", summary: "The quotient of two tensors of one shape, element by element; also written `a / b`.")
  static let opcode = Opcode.divide
  public let options: Options
  public init(options: Options) { self.options = options }
}

/// The larger of two tensors of one shape, element by element.
public struct Maximum: BinaryLayer {
  public static let spec = MethodSpec("maximum", summary: "The larger of two tensors of one shape, element by element.")
  static let opcode = Opcode.maximum
  public let options: Options
  public init(options: Options) { self.options = options }
}

/// The smaller of two tensors of one shape, element by element.
public struct Minimum: BinaryLayer {
  public static let spec = MethodSpec("minimum", summary: "The smaller of two tensors of one shape, element by element.")
  static let opcode = Opcode.minimum
  public let options: Options
  public init(options: Options) { self.options = options }
}

/// A tensor times a number; what `*` and `/` between a tensor and a number mean.
public struct Scale: PointwiseLayer {
  public static let spec = MethodSpec(
    "scale", summary: "Every element times a number; also written `x * 2` or `x / 2`.",
    options: [OptionSpec("factor", Self.numbers, required: true, "The number.")], positional: 1)
  /// What single precision holds.
  static let numbers = OptionKind.number(-Double(Float.greatestFiniteMagnitude)...Double(Float.greatestFiniteMagnitude))
  public let options: Options
  public init(options: Options) { self.options = options }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    try context.builder.scale(try inputs.only(), by: options.number("factor") ?? 1)
  }
}

/// A tensor plus a number; what `+` and `-` between a tensor and a number mean.
public struct Shift: PointwiseLayer {
  public static let spec = MethodSpec(
    "shift", summary: "Every element plus a number; also written `x + 1` or `x - 1`.",
    options: [OptionSpec("by", Scale.numbers, required: true, "The number.")], positional: 1)
  public let options: Options
  public init(options: Options) { self.options = options }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    try context.builder.add(try inputs.only(), try context.builder.constant(options.number("by") ?? 0))
  }
}

/// x |x|^(exponent - 1), element by element: the power of a magnitude, with the sign of x.
public struct SignedPower: PointwiseLayer {
  public static let spec = MethodSpec(
    "signed_power", summary: "The power of each element's magnitude, with the element's sign: x |x|^(p - 1).",
    options: [OptionSpec("exponent", .number(1...64), required: true, "p.")], positional: 1)
  public let options: Options
  public init(options: Options) { self.options = options }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    try context.builder.power(try inputs.only(), exponent: options.number("exponent") ?? 1)
  }
}
