import DrnIR

extension Evaluation {
  /// What an op over windows of images gives.
  func evaluate(
    _ op: WindowOp, _ operands: [ReferenceTensor], to shape: [Int], _ attributes: Attributes
  ) throws(ReferenceError) -> ReferenceTensor {
    switch op {
    case .patches: try patches(operands[0], to: shape, attributes)
    case .patchesGradient: try patchesGradient(operands[0], to: shape, attributes)
    case .maxPool: try maxPool(operands[0], to: shape, attributes)
    case .maxPoolGradient: try maxPoolGradient(operands, attributes)
    case .averagePool: try averagePool(operands[0], to: shape, attributes)
    case .averagePoolGradient: try averagePoolGradient(operands[0], to: shape, attributes)
    }
  }
}

/// By element of the result, the element of the image that is the first maximum of the window, row by row; or the last NaN in it.
private func maxima(_ x: ReferenceTensor, _ attributes: Attributes) throws(ReferenceError) -> [Int] {
  let windows = try ImageWindows(x.shape, attributes)
  var places = Array(repeating: -1, count: windows.windowCount * windows.channels)
  windows.forEachTap { window, _, pixel in
    guard let pixel else { return }
    for channel in 0..<windows.channels {
      let (place, candidate) = (window * windows.channels + channel, pixel * windows.channels + channel)
      let value = x.values[candidate]
      if places[place] < 0 || value > x.values[places[place]] || value.isNaN { places[place] = candidate }
    }
  }
  return places
}

func maxPool(_ x: ReferenceTensor, to shape: [Int], _ attributes: Attributes) throws(ReferenceError) -> ReferenceTensor {
  ReferenceTensor(shape: shape, values: try maxima(x, attributes).map { $0 < 0 ? -.infinity : x.values[$0] })
}

/// From the image and the gradient of the result.
func maxPoolGradient(_ operands: [ReferenceTensor], _ attributes: Attributes) throws(ReferenceError) -> ReferenceTensor {
  var result = ReferenceTensor(shape: operands[0].shape, repeating: 0)
  for (place, gradient) in zip(try maxima(operands[0], attributes), operands[1].values) where place >= 0 {
    result.values[place] += gradient
  }
  return result
}

/// What each window is divided by.
private func divisors(_ windows: ImageWindows, _ attributes: Attributes) -> [Double] {
  if attributes.boolean("include_padding") ?? false { return Array(repeating: Double(windows.tapCount), count: windows.windowCount) }
  var counts = Array(repeating: 0.0, count: windows.windowCount)
  windows.forEachTap { window, _, pixel in if pixel != nil { counts[window] += 1 } }
  return counts
}

func averagePool(_ x: ReferenceTensor, to shape: [Int], _ attributes: Attributes) throws(ReferenceError) -> ReferenceTensor {
  let windows = try ImageWindows(x.shape, attributes)
  let divisors = divisors(windows, attributes)
  var result = ReferenceTensor(shape: shape, repeating: 0)
  windows.forEachTap { window, _, pixel in
    guard let pixel else { return }
    for channel in 0..<windows.channels {
      result.values[window * windows.channels + channel] += x.values[pixel * windows.channels + channel] / divisors[window]
    }
  }
  return result
}

/// From the gradient of the result.
func averagePoolGradient(_ dy: ReferenceTensor, to shape: [Int], _ attributes: Attributes) throws(ReferenceError) -> ReferenceTensor {
  let windows = try ImageWindows(shape, attributes)
  let divisors = divisors(windows, attributes)
  var result = ReferenceTensor(shape: shape, repeating: 0)
  windows.forEachTap { window, _, pixel in
    guard let pixel else { return }
    for channel in 0..<windows.channels {
      result.values[pixel * windows.channels + channel] += dy.values[window * windows.channels + channel] / divisors[window]
    }
  }
  return result
}

func patches(_ x: ReferenceTensor, to shape: [Int], _ attributes: Attributes) throws(ReferenceError) -> ReferenceTensor {
  let windows = try ImageWindows(x.shape, attributes)
  var result = ReferenceTensor(shape: shape, repeating: 0)
  windows.forEachTap { window, tap, pixel in
    guard let pixel else { return }
    for channel in 0..<windows.channels {
      result[window, tap * windows.channels + channel] = x.values[pixel * windows.channels + channel]
    }
  }
  return result
}

func patchesGradient(_ matrix: ReferenceTensor, to shape: [Int], _ attributes: Attributes) throws(ReferenceError) -> ReferenceTensor {
  let windows = try ImageWindows(shape, attributes)
  var result = ReferenceTensor(shape: shape, repeating: 0)
  windows.forEachTap { window, tap, pixel in
    guard let pixel else { return }
    for channel in 0..<windows.channels {
      result.values[pixel * windows.channels + channel] += matrix[window, tap * windows.channels + channel]
    }
  }
  return result
}
