import DrnPlan

/// Why a segment cannot be prepared or run.
public enum ExecutionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The memory could not be planned.
  case plan(PlanError)
  /// The arena could not be allocated; sizes in bytes.
  case outOfMemory(needed: Int, available: Int)
  /// No kernel computes this operation.
  case missingKernel(opcode: String, reason: String)
  /// The segment has no function of that name.
  case unknownFunction(String)
  /// The segment has no argument or result of that name.
  case unknownPort(String)
  /// The values given for a port do not match its type.
  case portMismatch(port: String, expected: String, given: String)
  /// A factorization failed: the operation, the value it factorizes, and why.
  case factorization(opcode: String, value: String, reason: String)
  /// The library could not multiply matrices of half width, as for want of memory; the number is its own.
  case product(status: Int)
  /// A guarded run saw a kernel write outside its results and work space: the operations that ran, and where.
  case wroteOutside(operations: String, place: String)

  /// What an argument is to hold could not be read, in one sentence.
  case input(String)

  public var description: String {
    switch self {
    case .plan(let error): error.description
    case .outOfMemory(let needed, let available): "the segment needs \(needed) bytes of memory where \(available) are available"
    case .missingKernel(let opcode, let reason): "\(opcode) has no kernel here: \(reason)"
    case .unknownFunction(let name): "the segment has no function @\(name)"
    case .unknownPort(let name): "the segment has no port \(name)"
    case .portMismatch(let port, let expected, let given): "\(port) holds \(expected), not \(given)"
    case .factorization(let opcode, let value, let reason): "\(opcode) of \(value) failed: \(reason)"
    case .product(let status): "oneDNN could not multiply matrices of half width: its status is \(status)"
    case .wroteOutside(let operations, let place): "\(operations) wrote outside its memory: \(place)"
    case .input(let reason): reason
    }
  }
}
