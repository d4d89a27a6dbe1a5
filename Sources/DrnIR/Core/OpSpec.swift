import DrnSource

/// Everything the compiler knows of one op, declared once: the printer, reader, verifier, gradient pass, cost model, planner and the op
/// reference page all read it.
public struct OpSpec: Sendable {
  /// How many operands the op takes.
  public enum Arity: Sendable, Hashable {
    case exactly(Int)
    case atLeast(Int)
    case between(Int, Int)
  }
  /// A named compile-time parameter.
  public struct AttributeSpec: Sendable {
    /// The key in `Attributes`.
    public let name: String
    /// An example of the expected kind; only its case matters.
    public let kind: AttributeValue
    /// Whether an operation without it is malformed.
    public let required: Bool
    /// What it says, in one sentence, for the op's reference entry.
    public let summary: String
    public init(_ name: String, _ kind: AttributeValue, required: Bool = true, _ summary: String) {
      self.name = name
      self.kind = kind
      self.required = required
      self.summary = summary
    }
  }
  /// How the gradient pass treats the op. There is no default: a new op must say.
  public enum Gradient: Sendable {
    /// Emits the gradients with respect to the operands; `nil` where an operand has none.
    case rule(@Sendable (inout Builder, GradientRequest) throws(IRError) -> [Value?])
    /// The results do not depend smoothly on the operands (`greater`, `random_normal`); the gradient is zero.
    case zero
    /// The op has no gradient here; differentiating through it is an error with this reason.
    case undefined(String)
  }

  /// The op that is specified.
  public let opcode: Opcode
  /// One sentence; the first line of the op's reference entry, with shapes.
  public let summary: String
  /// How many operands the op takes; the verifier holds operations to it.
  public let arity: Arity
  /// The compile-time parameters; an operation has no others.
  public let attributes: [AttributeSpec]
  /// Where the results are smooth functions of the `f32` operands.
  public let domain: OperandDomain
  /// The types of the results. Throws where operands or attributes do not fit, in words that follow "`mnemonic`: ".
  public let infer: @Sendable (InferenceRequest) throws(IRError) -> [TensorType]
  /// How the gradient goes through the op.
  public let gradient: Gradient

  public init(
    _ opcode: Opcode, summary: String, arity: Arity, attributes: [AttributeSpec] = [], domain: OperandDomain = .everywhere,
    infer: @escaping @Sendable (InferenceRequest) throws(IRError) -> [TensorType], gradient: Gradient
  ) {
    self.opcode = opcode
    self.summary = summary
    self.arity = arity
    self.attributes = attributes
    self.domain = domain
    self.infer = infer
    self.gradient = gradient
  }
}

/// Where a function is defined and differentiable, by each of its operands.
///
/// Tests draw operands from it wherever derivatives and rounding errors are held against a bound.
public enum OperandDomain: String, Sendable, Hashable {
  case everywhere, positive, nonzero
}

/// What result inference sees.
public struct InferenceRequest: Sendable {
  /// One type per operand.
  public let operands: [TensorType]
  /// Those of the operation.
  public let attributes: Attributes
  /// Looks up a function of the module, for ops that call one.
  public let function: @Sendable (String) -> Function?
  public init(operands: [TensorType], attributes: Attributes, function: @escaping @Sendable (String) -> Function? = { _ in nil }) {
    self.operands = operands
    self.attributes = attributes
    self.function = function
  }
}

/// What a gradient rule sees: the operation, in the function being built, and the gradients of its results.
public struct GradientRequest: Sendable {
  /// The forward operation; its operands and results are values of the function being built.
  public let operation: Operation
  /// One entry per result; `nil` where nothing depends on that result.
  public let resultGradients: [Value?]
  /// One entry per operand: whether its gradient is wanted.
  public let wanted: [Bool]
  public init(operation: Operation, resultGradients: [Value?], wanted: [Bool]) {
    self.operation = operation
    self.resultGradients = resultGradients
    self.wanted = wanted
  }
}
