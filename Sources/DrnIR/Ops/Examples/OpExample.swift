/// The sizes of an example of an op.
public enum ExampleShape: Sendable {
  /// Matrices of so many rows and columns, and vectors of either length.
  case matrix(Int, Int)
  /// Matrices of rows x inner and inner x columns.
  case product(Int, Int, Int)
  /// So many sequences of `length` positions, with heads of `size` columns; keys and values have `groups` heads.
  case sequence(batch: Int, length: Int, heads: Int, groups: Int, size: Int)
  /// A square window over square images, channels last.
  case window(kernel: Int, stride: Int, channels: Int, outputs: Int, groups: Int, batch: Int, side: Int)
}

extension Opcode {
  /// Appends an operation of this op over arguments of those sizes and gives its results; `nil` where the op does not go with such sizes, and
  /// for ops that have no kernel by design.
  ///
  /// Arguments whose names begin with `positive` are to be above 0. `map` takes the function `body` of the module, of three scalars.
  public func example(_ shape: ExampleShape, in b: inout Builder) throws(IRError) -> [Value]? {
    switch shape {
    case .matrix(let rows, let columns): return try matrixResults(self, Dimension(rows), Dimension(columns), &b)
    case .product(let rows, let inner, let columns):
      guard self == .matmul else { return nil }
      return [
        try b.matmul(
          b.argument("left", role: .batch, .f32([Dimension(rows), Dimension(inner)])),
          b.argument("right", role: .batch, .f32([Dimension(inner), Dimension(columns)])))
      ]
    case .sequence(let batch, let length, let heads, let groups, let size):
      guard case .attend(let op) = self else { return nil }
      let settings = AttentionSettings(length: length, heads: heads, groups: groups, isCausal: true, scale: 0.125)
      return try attentionResults(op, batch: batch, size: size, settings, &b)
    case .window(let kernel, let stride, let channels, let outputs, let groups, let batch, let side):
      return try windowResults(
        self, ConvolutionGeometry(kernel: Extent2(kernel), stride: Extent2(stride), padding: Padding2(kernel / 2)),
        [batch, side, side, channels], outputs: outputs, groups: groups, &b)
    }
  }
}

private func matrixResults(_ opcode: Opcode, _ rows: Dimension, _ columns: Dimension, _ b: inout Builder) throws(IRError) -> [Value]? {
  let shape = [rows, columns]
  var count = 0
  func full(_ b: inout Builder) -> Value {
    count += 1
    return b.argument("x\(count)", role: .batch, .f32(shape))
  }
  func vector(_ length: Dimension, _ b: inout Builder) -> Value {
    count += 1
    return b.argument("positive\(count)", role: .batch, .f32([length]))
  }
  func key(_ b: inout Builder) -> Value { b.argument("key", role: .key, TensorType(.u64, [])) }
  func labels(_ b: inout Builder) -> Value { b.argument("labels", role: .batch, TensorType(.i32, [rows])) }
  let epsilon: Attributes = ["epsilon": .number(1e-5)]
  switch opcode {
  case .unary:
    let isPositive = opcode.spec.domain == .positive
    return [try b.emitOne(opcode, [isPositive ? b.argument("positive", role: .batch, .f32(shape)) : full(&b)])]
  case .narrow, .move(.transpose): return [try b.emitOne(opcode, [full(&b)])]
  case .binary: return [try b.emitOne(opcode, [full(&b), full(&b)])]
  case .map:
    return try b.emit(.map, [full(&b), full(&b), vector(columns, &b)], ["body": .function("body"), "kinds": .integers([0, 0, 2])])
  case .constant: return [try b.constant(1.5, shape: shape)]
  case .move(.broadcast): return [try b.broadcast(vector(columns, &b), to: shape, axes: [1])]
  case .reduce(.sum): return [try b.sum(full(&b), axes: [0])]
  case .reduce(.norm): return [try b.emitOne(opcode, [full(&b)])]
  case .reshape: return [try b.reshape(full(&b), to: [columns, rows])]
  case .move(.slice): return [try b.slice(full(&b), starts: [1, 1], sizes: shape.map { $0 - 1 })]
  case .move(.pad): return [try b.pad(full(&b), starts: [1, 1], shape: shape.map { $0 + 2 })]
  case .move(.concatenate): return [try b.concatenate([full(&b), full(&b)], axis: 1)]
  case .move(.diagonal): return [try b.diagonal(vector(columns, &b))]
  case .loss(.softmaxCrossEntropy): return [try b.emitOne(opcode, [full(&b), labels(&b)], ["smoothing": .number(0.1)])]
  case .loss(.softmaxCrossEntropyGradient):
    let upstream = b.argument("upstream", role: .scalar, .scalar)
    return [try b.emitOne(opcode, [full(&b), labels(&b), upstream], ["smoothing": .number(0.1)])]
  case .normalize(.logSoftmax): return [try b.emitOne(opcode, [full(&b)])]
  case .normalize(.layerNorm): return try b.emit(opcode, [full(&b), vector(columns, &b), vector(columns, &b)], epsilon)
  case .normalize(.layerNormGradient):
    return try b.emit(opcode, [full(&b), full(&b), vector(rows, &b), vector(rows, &b), vector(columns, &b)])
  case .normalize(.batchNorm), .normalize(.batchNormFactors):
    return try b.emit(opcode, [full(&b), vector(columns, &b), vector(columns, &b)], epsilon)
  case .normalize(.batchNormGradient):
    return try b.emit(opcode, [full(&b), full(&b), vector(columns, &b), vector(columns, &b), vector(columns, &b)], epsilon)
  case .random(.dropout): return [try b.emitOne(opcode, [full(&b), key(&b)], ["rate": .number(0.3), "stream": .string("drop")])]
  case .random(.normal): return [try b.randomNormal(shape, deviation: 0.5, stream: "w", key: key(&b))]
  case .random(.uniform): return [try b.randomUniform(shape, limit: 0.5, stream: "w", key: key(&b))]
  case .magnitude(.power), .magnitude(.powerDerivative): return [try b.emitOne(opcode, [full(&b)], ["exponent": .number(2.5)])]
  case .magnitude(.largest): return [try b.largest(full(&b), 1, of: 3)]
  case .token(.oneHot): return [try b.oneHot(labels(&b), classes: columns.value ?? 1)]
  case .token(.gatherRows): return [try b.gatherRows(labels(&b), full(&b))]
  case .token(.scatterRows): return [try b.scatterRows(labels(&b), full(&b), rows: columns.value ?? 1)]
  // Two sequences of two heads that share keys and values.
  case .attend(let op):
    let settings = AttentionSettings(length: rows.value ?? 1, heads: 2, groups: 1, isCausal: true, scale: 0.125)
    return try attentionResults(op, batch: 2, size: columns.value ?? 1, settings, &b)
  case .factorize: return try b.emit(opcode, [full(&b)])
  case .matmul, .product, .valueAndGradient, .window, .convolve, .move(.channelsLast), .move(.channelsFirst): return nil
  }
}

private func attentionResults(
  _ op: AttendOp, batch: Int, size: Int, _ settings: AttentionSettings, _ b: inout Builder
) throws(IRError) -> [Value] {
  if op == .cached { return try cachedAttentionResults(size: size, settings, &b) }
  func matrix(_ name: String, rows: Int, columns: Int, _ b: inout Builder) -> Value {
    b.argument(name, role: .batch, .f32([Dimension(rows), Dimension(columns)]))
  }
  func full(_ name: String, heads: Int, _ b: inout Builder) -> Value {
    matrix(name, rows: batch * settings.length, columns: heads * size, &b)
  }
  let inputs = [
    full("q", heads: settings.heads, &b), full("k", heads: settings.groups, &b), full("v", heads: settings.groups, &b),
  ]
  if op == .forward { return try b.emit(.attention, inputs, settings.attributes) }
  let (dy, y) = (full("dy", heads: settings.heads, &b), full("y", heads: settings.heads, &b))
  let logarithms = matrix("lse", rows: batch * settings.heads, columns: settings.length, &b)
  return try b.emit(.attentionGradient, [dy] + inputs + [y, logarithms], settings.attributes)
}

/// One more position behind the others of a sequence.
private func cachedAttentionResults(size: Int, _ settings: AttentionSettings, _ b: inout Builder) throws(IRError) -> [Value] {
  func matrix(_ name: String, _ rows: Int, _ columns: Int, _ b: inout Builder) -> Value {
    b.argument(name, role: .batch, .f32([Dimension(rows), Dimension(columns)]))
  }
  let columns = settings.groups * size
  let (q, k, v) = (matrix("q", 1, settings.heads * size, &b), matrix("k", 1, columns, &b), matrix("v", 1, columns, &b))
  let caches = (matrix("keys", columns, settings.length, &b), matrix("values", settings.length, columns, &b))
  let positions = b.argument("labels", role: .batch, TensorType(.i32, [1]))
  let (y, keys, values) = try b.cachedAttention(q, k, v, caches: caches, positions: positions, settings)
  return [y, keys, values]
}

private func windowResults(
  _ opcode: Opcode, _ geometry: ConvolutionGeometry, _ image: [Int], outputs: Int, groups: Int, _ b: inout Builder
) throws(IRError) -> [Value]? {
  guard let size = geometry.output(height: image[1], width: image[2]), let taps = geometry.taps else { return nil }
  let shape = image.map { Dimension($0) }
  func result(_ channels: Int) -> TensorType { .f32([image[0], size.height, size.width, channels].map { Dimension($0) }) }
  func x(_ b: inout Builder) -> Value { b.argument("x", role: .batch, .f32(shape)) }
  func w(_ b: inout Builder) -> Value { b.argument("w", role: .batch, .f32([Dimension(taps * image[3] / groups), Dimension(outputs)])) }
  func dy(_ channels: Int, _ b: inout Builder) -> Value { b.argument("dy", role: .batch, result(channels)) }
  switch opcode {
  case .convolve(.forward): return [try b.convolution(x(&b), w(&b), geometry, groups: groups)]
  case .convolve(.inputGradient):
    return [try b.convolutionInputGradient(dy(outputs, &b), w(&b), geometry, groups: groups, shape: shape)]
  case .convolve(.weightGradient): return [try b.convolutionWeightGradient(x(&b), dy(outputs, &b), geometry, groups: groups)]
  case .window(.patches): return [try b.patches(x(&b), geometry)]
  case .window(.patchesGradient):
    let rows = image[0] * size.height * size.width
    let matrix = b.argument("m", role: .batch, .f32([Dimension(rows), Dimension(taps * image[3])]))
    return [try b.patchesGradient(matrix, geometry, shape: shape)]
  case .window(.maxPool): return [try b.maxPool(x(&b), geometry)]
  case .window(.maxPoolGradient): return [try b.emitOne(opcode, [x(&b), dy(image[3], &b)], geometry.attributes)]
  case .window(.averagePool): return [try b.averagePool(x(&b), geometry, includePadding: true)]
  case .window(.averagePoolGradient):
    var attributes = geometry.attributes
    attributes["shape"] = .dimensions(shape)
    attributes["include_padding"] = .boolean(true)
    return [try b.emitOne(opcode, [dy(image[3], &b)], attributes)]
  case .move(.channelsLast): return [try b.channelsLast(b.argument("x", role: .batch, .f32([shape[0], shape[3], shape[1], shape[2]])))]
  case .move(.channelsFirst): return [try b.channelsFirst(x(&b))]
  case .unary, .binary, .narrow, .constant, .reshape, .move, .reduce, .matmul, .product, .loss, .normalize, .random, .magnitude, .token,
    .attend, .factorize, .map, .valueAndGradient:
    return nil
  }
}
