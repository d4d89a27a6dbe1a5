import DrnIR

/// e^x, element by element.
public struct Exponential: ElementwiseLayer {
  public static let spec = MethodSpec("exp", summary: "e^x, element by element.")
  static let opcode = Opcode.exponential
  public let options: Options
  public init(options: Options) { self.options = options }
}

/// The natural logarithm, element by element; of what is not positive NaN or minus infinity.
public struct Logarithm: ElementwiseLayer {
  public static let spec = MethodSpec("log", summary: "The natural logarithm, element by element.")
  static let opcode = Opcode.logarithm
  public let options: Options
  public init(options: Options) { self.options = options }
}

/// The square root, element by element; of what is negative NaN.
public struct SquareRoot: ElementwiseLayer {
  public static let spec = MethodSpec("sqrt", summary: "The square root, element by element.")
  static let opcode = Opcode.squareRoot
  public let options: Options
  public init(options: Options) { self.options = options }
}

/// x^2, element by element.
public struct Square: ElementwiseLayer {
  public static let spec = MethodSpec("square", summary: "x^2, element by element.")
  static let opcode = Opcode.square
  public let options: Options
  public init(options: Options) { self.options = options }
}

/// |x|, element by element.
public struct Absolute: ElementwiseLayer {
  public static let spec = MethodSpec("abs", summary: "|x|, element by element.")
  static let opcode = Opcode.absolute
  public let options: Options
  public init(options: Options) { self.options = options }
}

/// -x, element by element; what `-` before a tensor means.
public struct Negate: ElementwiseLayer {
  public static let spec = MethodSpec("negate", summary: "-x, element by element.")
  static let opcode = Opcode.negate
  public let options: Options
  public init(options: Options) { self.options = options }
}

/// 1 / x, element by element.
public struct Reciprocal: ElementwiseLayer {
  public static let spec = MethodSpec("reciprocal", summary: "1 / x, element by element.")
  static let opcode = Opcode.reciprocal
  public let options: Options
  public init(options: Options) { self.options = options }
}
