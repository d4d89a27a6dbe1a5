import DrnCPU
import DrnIR
import DrnPlan
import DrnReference
import DrnTestSupport
import Testing

extension Segment {
  /// Writes arguments by name.
  func write(_ arguments: Arguments) throws {
    for (name, tensor) in arguments {
      if let key = tensor.key {
        try setKey(name, key)
      } else if plan.slots.first(where: { $0.name == name })?.layout.element == .i32 {
        try writeLabels(name, tensor.values.map { Int32($0) })
      } else {
        try write(name, tensor.values.map { Float($0) })
      }
    }
  }
}

/// Holds a result against the reference: no element may differ by more than `tolerance` times `magnitude`.
func expectClose(
  _ given: [Float], _ reference: ReferenceTensor, tolerance: Double, magnitude: Double, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(given.count == reference.values.count, "\(what)", sourceLocation: sourceLocation)
  for (index, pair) in zip(given, reference.values).enumerated() {
    let difference = abs(Double(pair.0) - pair.1)
    guard difference > tolerance * magnitude || difference.isNaN else { continue }
    Issue.record("\(what): element \(index) is \(pair.0), the reference \(pair.1)", sourceLocation: sourceLocation)
    return
  }
}
