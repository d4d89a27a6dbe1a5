/// Appends a function's operations to the function being built, with `arguments` in place of its arguments, and returns what its
/// results have become. Names and locations are kept; result types are inferred again.
public func inline(callee: Function, arguments: [Value], into builder: inout Builder) throws(IRError) -> [Value] {
  guard callee.arguments.count == arguments.count else {
    throw IRError("@\(callee.name) takes \(callee.arguments.count) arguments where \(arguments.count) are given")
  }
  var copies = ValueMap()
  for (port, argument) in zip(callee.arguments, arguments) {
    guard let type = callee.knownType(of: port.value), type == builder.type(of: argument) else {
      throw IRError(
        "argument \(port.name) of @\(callee.name) is \(callee.knownType(of: port.value)?.message ?? "undefined") "
          + "where \(builder.type(of: argument).message) is given")
    }
    copies[port.value] = argument
  }
  let location = builder.location
  for operation in callee.operations {
    builder.location = operation.location ?? location
    try builder.append(operation, of: callee, &copies)
  }
  builder.location = location
  return try copies.images(of: callee.results.map(\.value))
}

/// Where the values of one function have gone in another.
public struct ValueMap: Sendable {
  private var images: [Value: Value] = [:]

  public init() {}

  /// The value of the other function that stands for it; `nil` where none does yet.
  public subscript(value: Value) -> Value? {
    get { images[value] }
    set { images[value] = newValue }
  }

  /// The images of several values; an error where one has none.
  public func images(of values: [Value]) throws(IRError) -> [Value] {
    var found: [Value] = []
    for value in values {
      guard let image = images[value] else { throw IRError("value \(value.index) is used before it is defined") }
      found.append(image)
    }
    return found
  }
}

extension Builder {
  /// Appends a copy of an operation of another function, its operands replaced by their images, and records the images of its results.
  public mutating func append(_ operation: Operation, of source: Function, _ map: inout ValueMap) throws(IRError) {
    let results = try emit(operation.opcode, try map.images(of: operation.operands), operation.attributes)
    guard results.count == operation.results.count else {
      throw IRError("\(operation.opcode.mnemonic) has \(results.count) results where \(operation.results.count) are recorded")
    }
    for (old, new) in zip(operation.results, results) {
      map[old] = new
      if source.values.indices.contains(Int(old.index)), let hint = source.values[Int(old.index)].name { name(new, hint) }
    }
  }
}
