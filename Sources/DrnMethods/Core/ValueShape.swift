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

  /// Positions and features of the one input, a sequence.
  func onlySequence() throws(LayerError) -> (positions: Int, features: Int) {
    let shape = try only()
    guard shape.count == 2 else {
      throw LayerError("expects a sequence of positions and features, but its input has shape \(shape)")
    }
    return (shape[0], shape[1])
  }
}
