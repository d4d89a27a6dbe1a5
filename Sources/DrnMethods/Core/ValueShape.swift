import DrnIR

/// How the value of a batch lies in the IR, by the shape of one example: of a vector [D] the rows [batch, D], of a sequence [T, D] the matrix of its
/// positions [batch T, D] with row b T + t, of an image [C, H, W] channels last [batch, H, W, C].
public func valueShape(of example: [Int], batch: Int) -> [Dimension] {
  let extents = example.count == 2 ? [batch &* example[0], example[1]] : batchExtents(of: example, batch: batch)
  return extents.map { Dimension($0) }
}

/// The axes of that value with those of an example apart from the batch: [batch, T, D] of a sequence. Of others they are so already.
func batchExtents(of example: [Int], batch: Int) -> [Int] {
  switch example.count {
  case 3: [batch, example[1], example[2], example[0]]
  default: [batch] + example
  }
}

extension [Int] {
  /// How many rows of the value one example of this shape has: the positions of a sequence, else 1.
  public var positions: Int { count == 2 ? self[0] : 1 }
  /// The axis of the features in this shape of an example: the first of an image, else the last.
  var featureAxis: Int { count == 3 ? 0 : Swift.max(0, count - 1) }
  /// The number of features, or of the channels of an image; `nil` of a scalar.
  var features: Int? { isEmpty ? nil : self[featureAxis] }
}

extension [[Int]] {
  /// The shape of the one input.
  func only() throws(LayerError) -> [Int] {
    guard count == 1 else { throw LayerError("takes 1 tensor, but is given \(count)") }
    return self[0]
  }

  /// The shape of the one input, a vector or a sequence of vectors.
  func onlyRows() throws(LayerError) -> [Int] {
    let shape = try only()
    guard shape.count == 1 || shape.count == 2 else {
      throw LayerError(
        "expects a vector, or a sequence of them, but its input has shape \(shape)", help: shape.isEmpty ? nil : "put `flatten` before it")
    }
    return shape
  }

  /// The shape of the one input, a vector, a sequence of them, or an image.
  func onlyFeatures() throws(LayerError) -> [Int] {
    let shape = try only()
    guard (1...3).contains(shape.count) else {
      throw LayerError(
        "expects a vector, a sequence or an image, but its input has shape \(shape)", help: shape.isEmpty ? nil : "put `flatten` before it")
    }
    return shape
  }

  /// Positions and features of the one input, a sequence.
  func onlySequence() throws(LayerError) -> (positions: Int, features: Int) {
    let shape = try only()
    guard shape.count == 2 else {
      throw LayerError("expects a sequence of positions and features, but its input has shape \(shape)")
    }
    return (shape[0], shape[1])
  }
}

extension Builder {
  /// The value of a batch as the matrix of its vectors: of an image, one row for each pixel.
  mutating func rows(of value: Value) throws(IRError) -> Value {
    let shape = type(of: value).shape
    guard shape.count > 2, let features = shape.last else { return value }
    var pixels = 1
    for extent in shape.dropLast() {
      guard let count = extent.value else { throw IRError("the rows of a value of unknown extents are not known") }
      pixels &*= count
    }
    return try reshape(value, to: [Dimension(pixels), features])
  }

  /// What has been made of those rows, in the shape of the value.
  mutating func whole(_ rows: Value, like value: Value) throws(IRError) -> Value {
    let shape = type(of: value).shape
    return shape.count > 2 ? try reshape(rows, to: shape) : rows
  }
}
