/// Why memory cannot be planned.
public enum PlanError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The module has no function of that name.
  case unknownFunction(String)
  /// A value's shape depends on a rank that has no number yet.
  case symbolicShape(function: String, value: String)
  /// The bytes needed are more than an address can count.
  case tooLarge(String)
  /// Two functions, or an argument and another, give one name different types or roles.
  case conflictingPort(name: String, first: String, second: String)
  /// A function has two arguments, or two results, of one name.
  case repeatedPort(function: String, name: String)
  /// An operation names a value that does not exist or has no value yet.
  case undefinedValue(function: String, operation: Int)

  public var description: String {
    switch self {
    case .unknownFunction(let name): "there is no function @\(name)"
    case .symbolicShape(let function, let value): "the shape of \(value) in @\(function) depends on a rank without a number"
    case .tooLarge(let what): "\(what) needs more memory than can be addressed"
    case .conflictingPort(let name, let first, let second): "\(name) is \(first) in one function and \(second) in another"
    case .repeatedPort(let function, let name): "@\(function) has two ports named \(name) on one side"
    case .undefinedValue(let function, let operation): "operation \(operation) of @\(function) uses a value that is not defined before it"
    }
  }
}
