import DrnIR

/// When each value of a function is defined and read, by operation number.
struct Liveness {
  /// -1 for arguments, `nil` for values nothing defines.
  private(set) var definition: [Int?]
  /// The operations that read the value, ascending.
  private(set) var reads: [[Int]]

  init(_ function: Function) throws(PlanError) {
    definition = Array(repeating: nil, count: function.values.count)
    reads = Array(repeating: [], count: function.values.count)
    for port in function.arguments {
      guard definition.indices.contains(Int(port.value.index)) else { throw .undefinedValue(function: function.name, operation: -1) }
      definition[Int(port.value.index)] = -1
    }
    for (time, operation) in function.operations.enumerated() {
      for operand in operation.operands {
        guard isDefined(operand) else { throw .undefinedValue(function: function.name, operation: time) }
        reads[Int(operand.index)].append(time)
      }
      for result in operation.results {
        guard definition.indices.contains(Int(result.index)), !isDefined(result) else {
          throw .undefinedValue(function: function.name, operation: time)
        }
        definition[Int(result.index)] = time
      }
    }
    for port in function.results where !isDefined(port.value) {
      throw .undefinedValue(function: function.name, operation: function.operations.count)
    }
  }

  private func isDefined(_ value: Value) -> Bool {
    definition.indices.contains(Int(value.index)) && definition[Int(value.index)] != nil
  }

  func lastRead(_ value: Value) -> Int { reads[Int(value.index)].last ?? -1 }
}
