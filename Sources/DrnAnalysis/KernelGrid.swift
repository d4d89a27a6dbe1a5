import DrnIR

/// Functions of one operation each, named `kernel`, over a grid of shapes: what a benchmark holds the cost model against.
///
/// Sizes are those of layers, small to large, with odd ones among them. Nothing for operations that have no kernel by design.
public func kernelGrid(_ opcode: Opcode) throws(IRError) -> [Module] {
  var modules: [Module] = []
  for shape in opcode.gridShapes {
    var module = Module(name: "grid")
    module.set(try scalarBody(in: module))
    var b = Builder(function: "kernel", in: module)
    guard let results = try gridResults(opcode, shape, &b) else { continue }
    for (index, value) in results.enumerated() { b.result("y\(index)", role: .output, value) }
    module.set(b.function)
    modules.append(module)
  }
  return modules
}

/// What the fused map of the grid does to an element.
private func scalarBody(in module: Module) throws(IRError) -> Function {
  var b = Builder(function: "body", in: module)
  let (x, y, row) = (b.argument("x", role: .plain, .scalar), b.argument("y", role: .plain, .scalar), b.argument("r", role: .plain, .scalar))
  b.result("z", role: .plain, try b.maximum(try b.add(try b.multiply(x, row), y), try b.constant(0)))
  return b.function
}

/// Rows and columns of a matrix; a window and its stride, channels, outputs, groups, and a side of an image.
private enum GridShape {
  case matrix(Int, Int)
  case product(Int, Int, Int)
  case window(kernel: Int, stride: Int, channels: Int, outputs: Int, groups: Int, batch: Int, side: Int)
}

extension Opcode {
  fileprivate var gridShapes: [GridShape] {
    switch self {
    case .product, .valueAndGradient: []
    case .matmul:
      [
        .product(128, 784, 512), .product(128, 512, 10), .product(64, 1024, 1024), .product(1000, 33, 257), .product(32768, 16, 32),
        .product(8192, 64, 8), .product(512, 512, 512),
      ]
    case .factorize: [.matrix(16, 16), .matrix(64, 64), .matrix(144, 32), .matrix(512, 128), .matrix(300, 300)]
    case .move(.diagonal): [.matrix(1, 64), .matrix(1, 512)]
    case .window:
      [
        .window(kernel: 2, stride: 2, channels: 32, outputs: 32, groups: 1, batch: 64, side: 16),
        .window(kernel: 3, stride: 1, channels: 16, outputs: 16, groups: 1, batch: 32, side: 16),
        .window(kernel: 3, stride: 2, channels: 65, outputs: 65, groups: 1, batch: 32, side: 15),
      ]
    case .move(.channelsLast), .move(.channelsFirst):
      [
        .window(kernel: 1, stride: 1, channels: 3, outputs: 3, groups: 1, batch: 128, side: 32),
        .window(kernel: 1, stride: 1, channels: 64, outputs: 64, groups: 1, batch: 64, side: 8),
      ]
    case .convolve: Self.convolutions
    case .unary, .binary, .constant, .reshape, .move, .reduce, .loss, .normalize, .random, .map:
      [.matrix(128, 512), .matrix(1000, 37), .matrix(4096, 256), .matrix(32768, 16)]
    }
  }

  /// Every method at sizes where it is chosen; strides, groups, and images that are small.
  private static let convolutions: [GridShape] = [
    (3, 1, 3, 16, 1, 32), (3, 1, 16, 16, 1, 32), (3, 1, 33, 31, 1, 16), (3, 1, 64, 64, 1, 8), (3, 1, 128, 128, 1, 8),
    (3, 1, 256, 256, 1, 4),
    (3, 2, 16, 32, 1, 32), (3, 2, 64, 128, 1, 8), (1, 1, 64, 64, 1, 8), (1, 2, 16, 32, 1, 32), (5, 1, 16, 16, 1, 16), (7, 2, 3, 32, 1, 32),
    (3, 1, 64, 4, 1, 16), (3, 1, 4, 64, 1, 16), (3, 1, 64, 64, 2, 8), (3, 1, 64, 64, 16, 8), (3, 2, 64, 64, 16, 16), (3, 1, 64, 64, 64, 16),
    (3, 2, 64, 64, 64, 16), (3, 2, 128, 128, 128, 16), (5, 1, 48, 48, 48, 16), (5, 2, 48, 48, 48, 16), (7, 1, 65, 65, 65, 8),
  ].map { kernel, stride, channels, outputs, groups, side in
    .window(kernel: kernel, stride: stride, channels: channels, outputs: outputs, groups: groups, batch: 32, side: side)
  }
}

private func gridResults(_ opcode: Opcode, _ shape: GridShape, _ b: inout Builder) throws(IRError) -> [Value]? {
  switch shape {
  case .matrix(let rows, let columns): try matrixResults(opcode, Dimension(rows), Dimension(columns), &b)
  case .product(let rows, let inner, let columns):
    [
      try b.matmul(
        b.argument("left", role: .batch, .f32([Dimension(rows), Dimension(inner)])),
        b.argument("right", role: .batch, .f32([Dimension(inner), Dimension(columns)])))
    ]
  case .window(let kernel, let stride, let channels, let outputs, let groups, let batch, let side):
    try windowResults(
      opcode, ConvolutionGeometry(kernel: Extent2(kernel), stride: Extent2(stride), padding: Padding2(kernel / 2)),
      [batch, side, side, channels],
      outputs: outputs, groups: groups, &b)
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
  case .unary, .move(.transpose): return [try b.emitOne(opcode, [full(&b)])]
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
  case .factorize: return try b.emit(opcode, [full(&b)])
  case .matmul, .product, .valueAndGradient, .window, .convolve, .move(.channelsLast), .move(.channelsFirst): return nil
  }
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
  case .unary, .binary, .constant, .reshape, .move, .reduce, .matmul, .product, .loss, .normalize, .random, .factorize, .map,
    .valueAndGradient:
    return nil
  }
}
