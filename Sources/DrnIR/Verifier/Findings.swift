/// One thing the verifier objects to. Reached from accepted source, it is a defect of drnc.
public struct VerifierFinding: Hashable, Sendable, CustomStringConvertible {
  /// The id of the rule, such as `defined-before-use`.
  public let rule: String
  /// The function, or `nil` for the module itself.
  public let function: String?
  /// The index of the operation in its function, or `nil` for the function's ports and the module.
  public let operation: Int?
  /// What is wrong there, without the place.
  public let message: String

  public init(rule: String, function: String? = nil, operation: Int? = nil, message: String) {
    self.rule = rule
    self.function = function
    self.operation = operation
    self.message = message
  }

  public var description: String {
    let place = [function.map { "@\($0)" }, operation.map { "operation \($0)" }].compactMap { $0 }.joined(separator: ", ")
    return "\(place.isEmpty ? "module" : place): \(message) [\(rule)]"
  }
}

/// A property every module has; one file per rule in `Rules/`.
public protocol VerifierRule: Sendable {
  /// A stable name, as `defined-before-use`.
  var id: String { get }
  /// One sentence: what holds in a module the rule accepts.
  var summary: String { get }
  /// Everything in the module that breaks the rule. Must cope with modules that break any other rule.
  func check(_ module: Module) -> [VerifierFinding]
}

extension VerifierRule {
  func finding(_ message: String, _ function: Function? = nil, operation: Int? = nil) -> VerifierFinding {
    VerifierFinding(rule: id, function: function?.name, operation: operation, message: message)
  }

  /// Collects what `check` says of each operation.
  func eachOperation(
    _ module: Module, _ check: (Operation, Function) -> [String]
  ) -> [VerifierFinding] {
    module.functions.flatMap { function in
      function.operations.enumerated().flatMap { index, operation in
        check(operation, function).map { finding("\(operation.opcode.mnemonic): \($0)", function, operation: index) }
      }
    }
  }
}

extension Function {
  /// Whether the value is an entry of this function's table.
  func contains(_ value: Value) -> Bool { values.indices.contains(Int(value.index)) }
  /// Whether weights may come out in another form than they went in: transitions, events and initial values, told by their names.
  var changesForms: Bool { ["transition", "event", "initialize"].contains(where: name.hasPrefix) }
}
