import DrnIR
import DrnReference

/// What a function is run on, under the names of its arguments.
public typealias Arguments = [String: ReferenceTensor]

extension Function {
  /// Arguments of those types: `f32` in [-1, 1), or in [0.5, 1.5) where the name begins with "positive" or ends with "/second", as second
  /// moments, of either sign and at least 0.5 where the name contains "nonzero"; labels below `classes`. All are numbers that a float holds.
  ///
  /// Symbolic types have none.
  public func sampleArguments(seed: UInt64, classes: Int = 1) -> Arguments {
    var random = SplitMix64(seed: seed)
    var samples: Arguments = [:]
    for port in arguments {
      let type = type(of: port.value)
      guard let shape = type.extents, let count = type.elementCount else { continue }
      switch type.element {
      case .u64: samples[port.name] = ReferenceTensor(key: random.next())
      case .i32: samples[port.name] = ReferenceTensor(shape: shape, values: (0..<count).map { _ in Double(random.below(classes)) })
      case .f32, .bf16:
        let isPositive = port.name.hasPrefix("positive") || port.name.hasSuffix("/second")
        let isNonzero = port.name.contains("nonzero")
        let values = (0..<count).map { _ in
          let number = Double(random.below(1 << 21)) / Double(1 << 20) - 1
          if isPositive { return 1 + number / 2 }
          return isNonzero ? number + (number < 0 ? -0.5 : 0.5) : number
        }
        samples[port.name] = ReferenceTensor(shape: shape, values: values)
      }
    }
    return samples
  }
}

extension Module {
  /// Arguments of the function of that name; none where there is no such function.
  public func sampleArguments(_ name: String, seed: UInt64, classes: Int = 1) -> Arguments {
    function(name)?.sampleArguments(seed: seed, classes: classes) ?? [:]
  }
}
