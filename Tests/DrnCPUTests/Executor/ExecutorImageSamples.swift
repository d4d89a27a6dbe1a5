import DrnIR

/// One to seven images whose sizes follow those of the matrices: from 2 to 40 channels and from 2 to 40 outputs.
struct ImageSample {
  let image: Value
  let shape: [Int]
  var outputs: Int

  init(_ b: inout Builder, _ matrix: [Dimension]) {
    let (rows, columns) = (matrix[0].value ?? 1, matrix[1].value ?? 1)
    shape = [1 + (rows + columns) % 7, 3 + rows % 7, 3 + columns % 6, 1 + columns % 40]
    outputs = 1 + rows % 40
    image = b.argument("image", role: .batch, .f32(shape.map { Dimension($0) }))
  }

  /// Strides from 1 to 3, also beside dilation and beyond the window, one-sided padding, windows of one pixel and of other shapes than squares;
  /// windows of 3, 5 and 7 columns, for which there are kernels of their own, at strides 1 and 2.
  static let geometries = [
    ConvolutionGeometry(kernel: Extent2(3), padding: Padding2(1)),
    ConvolutionGeometry(kernel: Extent2(3), stride: Extent2(2), padding: Padding2(top: 0, bottom: 1, left: 0, right: 1)),
    ConvolutionGeometry(kernel: Extent2(height: 2, width: 3), stride: Extent2(height: 1, width: 3)),
    ConvolutionGeometry(kernel: Extent2(2), dilation: Extent2(2), padding: Padding2(top: 1, bottom: 0, left: 0, right: 1)),
    ConvolutionGeometry(kernel: Extent2(1)),
    ConvolutionGeometry(kernel: Extent2(1), stride: Extent2(height: 2, width: 3)),
    ConvolutionGeometry(
      kernel: Extent2(height: 3, width: 4), stride: Extent2(height: 2, width: 3), dilation: Extent2(height: 1, width: 2),
      padding: Padding2(top: 2, bottom: 1, left: 3, right: 0)),
    ConvolutionGeometry(kernel: Extent2(3), stride: Extent2(2), dilation: Extent2(2), padding: Padding2(2)),
    ConvolutionGeometry(kernel: Extent2(5), padding: Padding2(2)),
    ConvolutionGeometry(kernel: Extent2(height: 3, width: 5), stride: Extent2(2), padding: Padding2(2)),
    ConvolutionGeometry(kernel: Extent2(7), padding: Padding2(3)),
    ConvolutionGeometry(
      kernel: Extent2(height: 2, width: 7), stride: Extent2(2), padding: Padding2(top: 1, bottom: 0, left: 3, right: 2)),
  ]

  func windows(_ geometry: ConvolutionGeometry, channels: Int) -> [Dimension]? {
    geometry.output(height: shape[1], width: shape[2]).map {
      [Dimension(shape[0]), Dimension($0.height), Dimension($0.width), Dimension(channels)]
    }
  }
}

func imageResults(_ opcode: Opcode, _ s: ImageSample, _ b: inout Builder) throws -> [Value] {
  if opcode == .channelsLast || opcode == .channelsFirst { return [try b.emitOne(opcode, [s.image])] }
  var results: [Value] = []
  for (index, geometry) in ImageSample.geometries.enumerated() {
    for groups in s.shape[3] % 2 == 0 && s.outputs % 2 == 0 ? [1, 2] : [1] {
      if let value = try imageResult(opcode, s, geometry, groups, "\(index)_\(groups)", &b) { results.append(value) }
    }
    var depthwise = s
    depthwise.outputs = s.shape[3]
    if let value = try imageResult(opcode, depthwise, geometry, s.shape[3], "\(index)_depthwise", &b) { results.append(value) }
  }
  guard opcode.spec.attributes.contains(where: { $0.name == "prologue" }) else { return results }
  return try results + results.map { try withPrologue($0, s, &b) }
}

/// The operation of a value once more, with a prologue that reads a full, a row and a scalar operand.
private func withPrologue(_ value: Value, _ s: ImageSample, _ b: inout Builder) throws -> Value {
  guard let operation = b.function.operations.first(where: { $0.results.contains(value) }) else { return value }
  let extras = [
    b.argument("full_\(value.index)", role: .batch, .f32(s.shape.map { Dimension($0) })),
    b.argument("row_\(value.index)", role: .batch, .f32([Dimension(s.shape[3])])),
    b.argument("scalar_\(value.index)", role: .scalar, .scalar),
  ]
  var attributes = operation.attributes
  attributes["prologue"] = .function("prologue")
  attributes["kinds"] = .integers([0, 2, 1])
  return try b.emitOne(operation.opcode, operation.operands + extras, attributes)
}

private func imageResult(
  _ opcode: Opcode, _ s: ImageSample, _ geometry: ConvolutionGeometry, _ groups: Int, _ name: String, _ b: inout Builder
) throws -> Value? {
  let image = s.shape.map { Dimension($0) }
  guard let result = s.windows(geometry, channels: s.outputs), let pooled = s.windows(geometry, channels: s.shape[3]),
    let taps = geometry.taps
  else { return nil }
  func argument(_ what: String, _ shape: [Dimension]) -> Value { b.argument("\(what)_\(name)", role: .batch, .f32(shape)) }
  let weight: [Dimension] = [Dimension(taps * s.shape[3] / groups), Dimension(s.outputs)]
  let matrix: [Dimension] = [Dimension(pooled[..<3].compactMap(\.value).reduce(1, *)), Dimension(taps * s.shape[3])]
  let hasGroups = opcode.spec.attributes.contains { $0.name == "groups" }
  if groups > 1 || name.hasSuffix("depthwise"), !hasGroups { return nil }
  switch opcode {
  case .window(.patches): return try b.patches(s.image, geometry)
  case .window(.patchesGradient): return try b.patchesGradient(argument("matrix", matrix), geometry, shape: image)
  case .convolve(.forward): return try b.convolution(s.image, argument("w", weight), geometry, groups: groups)
  case .convolve(.inputGradient):
    return try b.convolutionInputGradient(argument("dy", result), argument("w", weight), geometry, groups: groups, shape: image)
  case .convolve(.weightGradient): return try b.convolutionWeightGradient(s.image, argument("dy", result), geometry, groups: groups)
  case .window(.maxPool): return try b.maxPool(s.image, geometry)
  case .window(.maxPoolGradient): return try b.emitOne(opcode, [s.image, argument("dy", pooled)], geometry.attributes)
  case .window(.averagePool): return try b.averagePool(s.image, geometry, includePadding: name.hasPrefix("0"))
  case .window(.averagePoolGradient):
    var attributes = geometry.attributes
    attributes["shape"] = .dimensions(image)
    attributes["include_padding"] = .boolean(name.hasPrefix("0"))
    return try b.emitOne(opcode, [argument("dy", pooled)], attributes)
  default: return nil
  }
}
