import DrnSource

/// Builds one function; the only way operations come to be. Result types are inferred.
public struct Builder: Sendable {
  /// What has been built so far.
  public private(set) var function: Function
  /// The functions that `map`, `matmul` with an epilogue and `value_and_gradient` may name.
  public let module: Module
  /// Recorded on every operation until changed.
  public var location: Span?
  /// What `matmul` and `product` multiply until changed: `bf16` narrows their operands first.
  public var productElement = ElementType.f32

  /// Begins a function without arguments. It becomes part of a module by `Module.set`.
  public init(function name: String, in module: Module) {
    function = Function(name: name)
    self.module = module
  }
  /// Goes on building an existing function.
  public init(continuing function: Function, in module: Module) {
    self.function = function
    self.module = module
  }

  /// The type of a value of the function being built.
  public func type(of value: Value) -> TensorType { function.type(of: value) }

  /// Declares the next argument and returns its value.
  public mutating func argument(_ name: String, role: Role, _ type: TensorType) -> Value {
    function.addArgument(name, role: role, type: type)
  }
  /// Declares the next result.
  public mutating func result(_ name: String, role: Role, _ value: Value) { function.addResult(name, role: role, value) }

  /// Appends an operation and returns its results.
  public mutating func emit(_ opcode: Opcode, _ operands: [Value], _ attributes: Attributes = [:]) throws(IRError) -> [Value] {
    let module = self.module
    let request = InferenceRequest(
      operands: operands.map { function.type(of: $0) }, attributes: attributes, function: { module.function($0) })
    let types: [TensorType]
    do { types = try opcode.spec.infer(request) } catch {
      throw IRError("\(opcode.mnemonic): \(error.message)", location: location)
    }
    var results: [Value] = []
    for type in types { results.append(function.makeValue(type)) }
    function.operations.append(Operation(opcode, operands: operands, results: results, attributes: attributes, location: location))
    return results
  }

  /// Appends an operation with one result.
  public mutating func emitOne(_ opcode: Opcode, _ operands: [Value], _ attributes: Attributes = [:]) throws(IRError) -> Value {
    let results = try emit(opcode, operands, attributes)
    guard results.count == 1 else {
      throw IRError("\(opcode.mnemonic) has \(results.count) results where one is needed", location: location)
    }
    return results[0]
  }

  /// Names a value for printing.
  public mutating func name(_ value: Value, _ name: String) { function.values[Int(value.index)].name = name }
}
