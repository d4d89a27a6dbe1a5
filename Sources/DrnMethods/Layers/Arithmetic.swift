import DrnIR

/// Two tensors to one, element by element: what an operator between tensors means. An axis of size 1 in one of them is repeated as often as the
/// other has elements there.
protocol BinaryLayer: Layer {
  static var opcode: Opcode { get }
}

extension BinaryLayer {
  public static var inputCount: Int { 2 }
  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    guard inputs.count == 2 else { throw LayerError("takes 2 tensors, but is given \(inputs.count)") }
    let (left, right) = (inputs[0], inputs[1])
    guard left.count == right.count, zip(left, right).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) else {
      throw LayerError("takes tensors of one shape, but for axes of size 1, and is given \(left) and \(right)")
    }
    return zip(left, right).map(max)
  }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation { .positionwise }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    guard inputs.count == 2, let shape = try? infer(context.inputs) else { throw IRError("\(Self.spec.name) needs two tensors that fit") }
    var operands: [Value] = []
    for (value, example) in zip(inputs, context.inputs) { operands.append(try context.repeated(value, of: example, to: shape)) }
    return try context.builder.emitOne(Self.opcode, operands)
  }
}

extension LayerContext {
  /// The value of a batch of examples of one shape, with its axes of size 1 repeated up to another.
  fileprivate mutating func repeated(_ value: Value, of example: [Int], to shape: [Int]) throws(IRError) -> Value {
    guard example != shape else { return value }
    if shape.count == 2, example[0] == shape[0], let rows = builder.type(of: value).shape.first {
      // Where only features are repeated, the positions of all examples are one axis, as the operations around it see them.
      return try builder.broadcast(try builder.reshape(value, to: [rows]), to: [rows, Dimension(shape[1])], axes: [0])
    }
    let (own, all) = (batchExtents(of: example, batch: batch), batchExtents(of: shape, batch: batch))
    let kept = all.indices.filter { own[$0] == all[$0] }
    let present = try builder.reshape(value, to: kept.map { Dimension(all[$0]) })
    let whole = try builder.broadcast(present, to: all.map { Dimension($0) }, axes: kept)
    return try builder.reshape(whole, to: valueShape(of: shape, batch: batch))
  }
}

/// The sum of two tensors; what `+` between tensors means.
public struct Add: BinaryLayer {
  public static let spec = MethodSpec("add", summary: "The sum of two tensors; also written `a + b`.")
  static let opcode = Opcode.add
  public let options: Options
  public init(options: Options) { self.options = options }
}

/// The difference of two tensors; what `-` between tensors means.
public struct Subtract: BinaryLayer {
  public static let spec = MethodSpec("subtract", summary: "The difference of two tensors; also written `a - b`.")
  static let opcode = Opcode.subtract
  public let options: Options
  public init(options: Options) { self.options = options }
}

/// The product of two tensors, element by element; what `*` between tensors means.
public struct Multiply: BinaryLayer {
  public static let spec = MethodSpec(
    "multiply", summary: "The product of two tensors, element by element; also written `a * b`.")
  static let opcode = Opcode.multiply
  public let options: Options
  public init(options: Options) { self.options = options }
}

/// The quotient of two tensors, element by element; what `/` between tensors means.
public struct Divide: BinaryLayer {
  public static let spec = MethodSpec(
    "divide", summary: "The quotient of two tensors, element by element; also written `a / b`.")
  static let opcode = Opcode.divide
  public let options: Options
  public init(options: Options) { self.options = options }
}

/// The larger of two tensors, element by element.
public struct Maximum: BinaryLayer {
  public static let spec = MethodSpec("maximum", summary: "The larger of two tensors, element by element.")
  static let opcode = Opcode.maximum
  public let options: Options
  public init(options: Options) { self.options = options }
}

/// The smaller of two tensors, element by element.
public struct Minimum: BinaryLayer {
  public static let spec = MethodSpec("minimum", summary: "The smaller of two tensors, element by element.")
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
