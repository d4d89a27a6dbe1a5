import DrnCPU
import DrnIR
import DrnPlan
import DrnReference
import Testing

/// Numbers that any run repeats: a linear congruential generator.
struct Numbers {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  /// A whole number in 0..<bound.
  mutating func whole(below bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
  /// A multiple of 2^-20 in [-1, 1), which a float holds exactly.
  mutating func next() -> Double { Double(whole(below: 1 << 21)) / Double(1 << 20) - 1 }
}

/// What a function of a module is run on, under the names of its arguments.
typealias Arguments = [String: ReferenceTensor]

extension Module {
  /// Arguments for a function: `f32` in [-1, 1), or in [0.5, 1.5) where the name contains "positive", of either sign
  /// where it contains "nonzero"; labels below `classes`.
  func sampleArguments(_ name: String, seed: UInt64, classes: Int) throws -> Arguments {
    let function = try #require(self.function(name))
    var numbers = Numbers(seed: seed)
    var arguments: Arguments = [:]
    for port in function.arguments {
      let type = function.type(of: port.value)
      let shape = try #require(type.extents)
      let count = shape.reduce(1, *)
      switch type.element {
      case .u64: arguments[port.name] = ReferenceTensor(key: seed &* 0xD134_2543_DE82_EF95)
      case .i32:
        let labels = (0..<count).map { _ in Double(numbers.whole(below: classes)) }
        arguments[port.name] = ReferenceTensor(shape: shape, values: labels)
      case .f32:
        let isPositive = port.name.contains("positive")
        let isNonzero = port.name.contains("nonzero")
        let values = (0..<count).map { _ in
          let number = numbers.next()
          if isPositive { return 1 + number / 2 }
          return isNonzero ? number + (number < 0 ? -0.5 : 0.5) : number
        }
        arguments[port.name] = ReferenceTensor(shape: shape, values: values)
      }
    }
    return arguments
  }
}

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
