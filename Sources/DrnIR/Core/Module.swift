import DrnSource

/// A value of one function: an index into `Function.values`.
public struct Value: Hashable, Sendable, Comparable {
  /// The position in `Function.values`.
  public let index: Int32
  /// A number beyond 32 bits becomes the nearest one within.
  public init(_ index: Int) { self.index = Int32(clamping: index) }
  /// In the order of definition.
  public static func < (left: Value, right: Value) -> Bool { left.index < right.index }
}

/// What is recorded of a value: its type, and a name where the source has one.
public struct ValueInfo: Hashable, Sendable {
  /// Element type and shape.
  public var type: TensorType
  /// A hint for printing, such as `fc1`; not unique.
  public var name: String?
  public init(type: TensorType, name: String? = nil) {
    self.type = type
    self.name = name
  }
}

/// One operation of a straight line. Result types are inferred by the op's specification, never written by hand.
public struct Operation: Hashable, Sendable {
  /// What is computed.
  public var opcode: Opcode
  /// Values defined before, in the order of the op's specification.
  public var operands: [Value]
  /// Values defined here, each by this operation alone.
  public var results: [Value]
  /// The compile-time parameters.
  public var attributes: Attributes
  /// The layer or clause the operation comes from; not part of the printed form.
  public var location: Span?
  public init(_ opcode: Opcode, operands: [Value], results: [Value], attributes: Attributes = [:], location: Span? = nil) {
    self.opcode = opcode
    self.operands = operands
    self.results = results
    self.attributes = attributes
    self.location = location
  }
}

/// What a function's argument or result stands for.
public enum Role: String, Sendable, Hashable, CaseIterable {
  /// A trained parameter, updated by the step.
  case weight
  /// A parameter that no update changes.
  case frozen
  /// A slot of the optimizer, named `<weight>/<slot>`.
  case state
  /// Running statistics.
  case buffer
  /// A part of the batch: `features`, `labels`.
  case batch
  /// A setting that changes from step to step: `rate`, `step`.
  case scalar
  /// The random key of the step.
  case key
  /// A loss, metric or measurement.
  case output
  /// Anything else, such as the inputs of a fused body.
  case plain
}

/// A named argument or result. A result with the name of an argument replaces it: the argument's memory is donated.
public struct Port: Hashable, Sendable {
  /// Unique among the arguments, and among the results.
  public var name: String
  /// What it stands for in the step.
  public var role: Role
  /// The value of the function that it hands in or out.
  public var value: Value
  public init(name: String, role: Role, value: Value) {
    self.name = name
    self.role = role
    self.value = value
  }
}

/// A straight line of operations in which every value is defined once, before its uses.
public struct Function: Hashable, Sendable {
  /// Unique in its module; printed `@name`.
  public var name: String
  /// In the order in which a caller passes them.
  public var arguments: [Port] = []
  /// In the order in which a caller receives them.
  public var results: [Port] = []
  /// Every value of the function; a `Value` is an index into it.
  public var values: [ValueInfo] = []
  /// In the order of execution.
  public var operations: [Operation] = []
  public init(name: String) { self.name = name }

  /// The type of a value of this function.
  public func type(of value: Value) -> TensorType { values[Int(value.index)].type }
  /// The argument of that name.
  public func argument(_ name: String) -> Port? { arguments.first { $0.name == name } }
  /// The result of that name.
  public func result(_ name: String) -> Port? { results.first { $0.name == name } }

  /// Adds a value to the table.
  public mutating func makeValue(_ type: TensorType, name: String? = nil) -> Value {
    values.append(ValueInfo(type: type, name: name))
    return Value(values.count - 1)
  }
  /// Adds an argument.
  @discardableResult
  public mutating func addArgument(_ name: String, role: Role, type: TensorType) -> Value {
    let value = makeValue(type, name: name)
    arguments.append(Port(name: name, role: role, value: value))
    return value
  }
  /// Adds a result.
  public mutating func addResult(_ name: String, role: Role, _ value: Value) {
    results.append(Port(name: name, role: role, value: value))
  }
}

/// The functions of one phase, transition or event, with the rank symbols they share.
public struct Module: Hashable, Sendable {
  /// Names the phase, transition or event, for printing.
  public var name: String
  /// The ranks that shapes may depend on; a `Symbol` is an index into it.
  public var symbols: [SymbolInfo] = []
  /// Each name once; an op that calls a function finds it here.
  public var functions: [Function] = []
  public init(name: String) { self.name = name }

  /// The function of that name.
  public func function(_ name: String) -> Function? { functions.first { $0.name == name } }
  /// Adds a function, or replaces the one of the same name.
  public mutating func set(_ function: Function) {
    if let index = functions.firstIndex(where: { $0.name == function.name }) {
      functions[index] = function
    } else {
      functions.append(function)
    }
  }
  /// Adds a rank symbol.
  public mutating func addSymbol(_ info: SymbolInfo) -> Symbol {
    symbols.append(info)
    return Symbol(symbols.count - 1)
  }
  /// True when no value's type depends on a rank symbol.
  public var isConcrete: Bool { functions.allSatisfy { $0.values.allSatisfy { $0.type.extents != nil } } }
}

/// Why an operation cannot be built, read or verified. Reached from accepted source, it is a defect of drnc.
public struct IRError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, beginning small and without a stop.
  public let message: String
  /// The layer or clause of the operation, where it is known.
  public let location: Span?
  public init(_ message: String, location: Span? = nil) {
    self.message = message
    self.location = location
  }
  public var description: String { message }
}
