/// What inference rules ask of operands and attributes; each throws an error that gives the types involved.
extension InferenceRequest {
  /// The shape of an `f32` operand.
  func shape(_ index: Int) throws(IRError) -> [Dimension] {
    let type = operands[index]
    guard type.element == .f32 else { throw IRError("operand \(index) is \(type.message) where f32 is needed") }
    return type.shape
  }

  /// The type of an operand that is `f32` or `i32`.
  func numericType(_ index: Int) throws(IRError) -> TensorType {
    let type = operands[index]
    guard type.element != .u64 else { throw IRError("operand \(index) is \(type.message) where f32 or i32 is needed") }
    return type
  }

  /// The shape of an `f32` operand of the given number of axes.
  func shape(_ index: Int, rank: Int) throws(IRError) -> [Dimension] {
    let shape = try shape(index)
    guard shape.count == rank else {
      throw IRError("operand \(index) is \(operands[index].message), which has \(shape.count) axes where \(rank) are needed")
    }
    return shape
  }

  /// Holds an operand against the type another operand asks for.
  func require(_ index: Int, is expected: TensorType, because reason: String) throws(IRError) {
    guard operands[index] == expected else {
      throw IRError("operand \(index) is \(operands[index].message) where \(expected.message) is needed \(reason)")
    }
  }

  func dimensions(_ name: String) throws(IRError) -> [Dimension] {
    guard let value = attributes.dimensions(name) else { throw IRError("attribute \(name) is missing") }
    for dimension in value {
      if let extent = dimension.value, extent < 0 { throw IRError("attribute \(name) is \(value.message), with a negative extent") }
    }
    return value
  }

  func integers(_ name: String) throws(IRError) -> [Int] {
    guard let value = attributes.integers(name) else { throw IRError("attribute \(name) is missing") }
    return value
  }

  /// A whole number of at least 1.
  func count(_ name: String) throws(IRError) -> Dimension {
    guard let value = attributes.integer(name), value >= 1 else {
      throw IRError("attribute \(name) is \(attributes.integer(name) ?? 0) where at least 1 is needed")
    }
    return Dimension(value)
  }

  func boolean(_ name: String) -> Bool { attributes.boolean(name) ?? false }

  /// Strictly increasing axes of a shape.
  func axes(_ name: String, of shape: [Dimension]) throws(IRError) -> [Int] {
    let axes = try integers(name)
    var previous = -1
    for axis in axes {
      guard axis > previous, axis < shape.count else {
        throw IRError("attribute \(name) is \(axes) where strictly increasing axes of \(shape.message) are needed")
      }
      previous = axis
    }
    return axes
  }

  /// A finite number that lies in a half-open range.
  func number(_ name: String, in range: Range<Double>) throws(IRError) -> Double {
    guard let value = attributes.number(name) else { throw IRError("attribute \(name) is missing") }
    guard range.contains(value) else {
      throw IRError("attribute \(name) is \(value) where at least \(range.lowerBound) and less than \(range.upperBound) is needed")
    }
    return value
  }
}
