import DrnIR

/// A module whose function `f` applies one op to arguments of about `rows` x `columns`: as made for it here, or else as in its own example;
/// `nil` for ops that have no kernel by design.
func sampleModule(_ opcode: Opcode, rows: Int, columns: Int) throws -> Module? {
  var module = Module(name: "sample")
  module.set(try fusedBody(in: module))
  module.set(try prologueBody(in: module))
  var b = Builder(function: "f", in: module)
  let sample = SampleArguments(&b, rows, columns)
  let results = try sampleResults(opcode, sample, &b)
  guard !results.isEmpty else { return try exampleModule(opcode, rows: rows, columns: columns) }
  for (index, value) in results.enumerated() { b.result("y\(index)", role: .output, value) }
  module.set(b.function)
  return module
}

/// A module whose function `f` is the op's own example for sizes that follow `rows` and `columns`; `nil` for ops that have none.
func exampleModule(_ opcode: Opcode, rows: Int, columns: Int) throws -> Module? {
  var module = Module(name: "example")
  module.set(try exampleBody(in: module))
  var b = Builder(function: "f", in: module)
  let shapes: [ExampleShape] = [
    .matrix(rows, columns), .product(rows, 1 + rows % 40, columns),
    .window(
      kernel: 3, stride: 1 + rows % 2, channels: 1 + columns % 40, outputs: 1 + rows % 40, groups: 1, batch: 1 + rows % 7,
      side: 3 + columns % 6),
  ]
  for shape in shapes {
    guard let results = try opcode.example(shape, in: &b) else { continue }
    for (index, value) in results.enumerated() { b.result("y\(index)", role: .output, value) }
    module.set(b.function)
    return module
  }
  return nil
}

/// `body(a, b, c)`, the function that the example of `map` names.
private func exampleBody(in module: Module) throws -> Function {
  var b = Builder(function: "body", in: module)
  let a = (0..<3).map { b.argument("a\($0)", role: .plain, .scalar) }
  b.result("y", role: .plain, try b.add(try b.multiply(a[0], a[1]), a[2]))
  return b.function
}

/// The arguments of every sample.
struct SampleArguments {
  let x, y, positive, row, column, scalar, labels, stepLabels, key: Value
  let shape: [Dimension]
  let inner: Value
  let rank3: Value
  let nonzero: Value
  /// The entries of x.
  var count: Int { shape.compactMap(\.value).reduce(1, *) }

  init(_ b: inout Builder, _ rows: Int, _ columns: Int) {
    shape = [Dimension(rows), Dimension(columns)]
    x = b.argument("x", role: .batch, .f32(shape))
    y = b.argument("y", role: .batch, .f32(shape))
    positive = b.argument("positive", role: .batch, .f32(shape))
    row = b.argument("positive_row", role: .batch, .f32([shape[1]]))
    column = b.argument("positive_column", role: .batch, .f32([shape[0]]))
    scalar = b.argument("positive_scalar", role: .scalar, .scalar)
    labels = b.argument("labels", role: .batch, TensorType(.i32, [shape[0]]))
    stepLabels = b.argument("step_labels", role: .batch, TensorType(.i32, [Dimension(rows + 3)]))
    key = b.argument("key", role: .key, TensorType(.u64, []))
    inner = b.argument("inner", role: .batch, .f32([shape[1], 19]))
    rank3 = b.argument("rank3", role: .batch, .f32([2, shape[0], shape[1]]))
    nonzero = b.argument("nonzero", role: .batch, .f32(shape))
  }
}

/// `fused(a, b, c, d)`: two results that read every argument, a constant on each side, and an argument passed on.
private func fusedBody(in module: Module) throws -> Function {
  var b = Builder(function: "fused", in: module)
  let a = (0..<4).map { b.argument("a\($0)", role: .plain, .scalar) }
  let left = try b.subtract(try b.constant(0.25), try b.multiply(a[0], a[1]))
  let right = try b.maximum(try b.add(left, a[2]), try b.scale(a[3], by: -0.5))
  b.result("first", role: .plain, right)
  b.result("second", role: .plain, try b.divide(try b.constant(1), try b.add(try b.square(left), try b.constant(1))))
  b.result("third", role: .plain, a[0])
  return b.function
}

/// `prologue(a, b, c, d)`: the larger of 1/8 and a b + c d; it gives no zero where an element is zero, unlike padding.
private func prologueBody(in module: Module) throws -> Function {
  var b = Builder(function: "prologue", in: module)
  let a = (0..<4).map { b.argument("a\($0)", role: .plain, .scalar) }
  let scaled = try b.add(try b.multiply(a[0], a[1]), try b.multiply(a[2], a[3]))
  b.result("y", role: .plain, try b.maximum(scaled, try b.constant(0.125)))
  return b.function
}

private func sampleResults(_ opcode: Opcode, _ s: SampleArguments, _ b: inout Builder) throws -> [Value] {
  switch opcode {
  case .unary: try unaryOperands(opcode.spec.domain, s).map { try b.emitOne(opcode, [$0]) }
  case .binary:
    [try b.emitOne(opcode, [s.x, s.positive]), try b.emitOne(opcode, [s.scalar, s.positive]), try b.emitOne(opcode, [s.x, s.scalar])]
  case .narrow: [try b.narrow(s.x), try b.narrow(s.rank3), try b.narrow(s.row)]
  case .constant: [try b.constant(1.5, shape: s.shape), try b.constant(-2)]
  case .move(.channelsLast), .move(.channelsFirst), .window, .convolve: try imageResults(opcode, ImageSample(&b, s.shape), &b)
  case .move, .reshape, .reduce(.sum): try shapeResults(opcode, s, &b)
  case .matmul: try matmulResults(s, &b)
  case .loss(.softmaxCrossEntropy):
    try [[s.x, s.labels], [s.x, s.labels, s.row], [s.x, s.labels, s.row, s.stepLabels]].map {
      try b.emitOne(opcode, $0, ["smoothing": .number(0.1)])
    }
  case .loss(.softmaxCrossEntropyGradient):
    try [[s.x, s.labels, s.scalar], [s.x, s.labels, s.scalar, s.row], [s.x, s.labels, s.scalar, s.row, s.stepLabels]].map {
      try b.emitOne(opcode, $0, ["smoothing": .number(0.1)])
    }
  case .normalize(.logSoftmax): [try b.emitOne(opcode, [s.x])]
  case .normalize(.layerNorm): try b.emit(opcode, [s.x, s.row, s.row], ["epsilon": .number(0.01)])
  case .normalize(.layerNormGradient): try b.emit(opcode, [s.y, s.x, s.column, s.column, s.row])
  case .normalize(.batchNorm), .normalize(.batchNormGradient): try batchNormResults(opcode, s, &b)
  case .normalize(.batchNormFactors): try [s.x, s.rank3].flatMap { try b.emit(opcode, [$0, s.row, s.row], ["epsilon": .number(0.01)]) }
  case .random(.dropout): [try b.emitOne(opcode, [s.x, s.key], ["rate": .number(0.3), "stream": .string("drop")])]
  case .reduce(.norm): [try b.norm([s.x]), try b.norm([s.rank3, s.row, s.scalar, s.inner])]
  case .magnitude(.power), .magnitude(.powerDerivative):
    try [1, 1.5, 2, 3, 5, 6.75].flatMap { exponent in
      try [s.x, s.rank3].map { try b.emitOne(opcode, [$0], ["exponent": .number(exponent)]) }
    }
  case .magnitude(.largest):
    try [0, 1, s.count / 2, s.count].map { try b.largest(s.x, $0, of: s.count) } + [try b.largest(s.rank3, 2, of: 3)]
  case .factorize: try b.emit(opcode, [s.x])
  case .random(.normal): [try b.randomNormal(s.shape, deviation: 0.5, stream: "fc1", key: s.key)]
  case .random(.uniform): [try b.randomUniform(s.shape, limit: 0.5, stream: "fc1", key: s.key)]
  case .map: try mapResults(s, &b)
  case .product, .valueAndGradient, .reduce, .loss, .normalize, .random, .token, .attend: []
  }
}

/// Operands where a unary op is smooth, of two shapes.
private func unaryOperands(_ domain: OperandDomain, _ s: SampleArguments) -> [Value] {
  switch domain {
  case .everywhere: [s.x, s.rank3]
  case .positive: [s.positive]
  case .nonzero: [s.nonzero, s.positive]
  }
}

/// Plain, and with a fused function of full, row and scalar operands; of the matrix and of three axes.
private func batchNormResults(_ opcode: Opcode, _ s: SampleArguments, _ b: inout Builder) throws -> [Value] {
  let isGradient = opcode == .batchNormGradient
  let attributes: Attributes = ["epsilon": .number(0.01)]
  var fused = attributes
  fused[isGradient ? "prologue" : "epilogue"] = .function("fused")
  fused["kinds"] = .integers([0, 2, 1])
  var results: [Value] = []
  for x in [s.x, s.rank3] {
    let own = isGradient ? [x, x, s.row, s.row, s.row] : [x, s.row, s.row]
    results += try b.emit(opcode, own, attributes)
    results += try b.emit(opcode, own + [x, s.row, s.scalar], fused)
  }
  return results
}

private func mapResults(_ s: SampleArguments, _ b: inout Builder) throws -> [Value] {
  let kinds = try b.emit(.map, [s.x, s.row, s.column, s.scalar], ["body": .function("fused"), "kinds": .integers([0, 2, 3, 1])])
  let full = try b.emit(.map, [s.x, s.y, s.positive, s.x], ["body": .function("fused"), "kinds": .integers([0, 0, 0, 0])])
  let none = try b.emit(
    .map, [s.scalar, s.row, s.column, s.row],
    ["body": .function("fused"), "kinds": .integers([1, 2, 3, 2]), "shape": .dimensions(s.shape)])
  return kinds + full + none
}

private func matmulResults(_ s: SampleArguments, _ b: inout Builder) throws -> [Value] {
  let plain = try b.matmul(s.x, s.inner)
  let left = try b.matmul(s.x, s.y, transposeLeft: true)
  let right = try b.matmul(s.x, s.y, transposeRight: true)
  let both = try b.matmul(s.inner, s.x, transposeLeft: true, transposeRight: true)
  let fused = try b.emit(
    .matmul, [right, s.x, s.row, s.column, s.y],
    ["transpose_left": .boolean(true), "transpose_right": .boolean(false), "epilogue": .function("fused"), "kinds": .integers([2, 3, 0])])
  return [plain, left, right, both] + fused
}

private func shapeResults(_ opcode: Opcode, _ s: SampleArguments, _ b: inout Builder) throws -> [Value] {
  let whole3 = [Dimension(2)] + s.shape
  switch opcode {
  case .move(.broadcast):
    return [
      try b.broadcast(s.scalar, to: s.shape, axes: []), try b.broadcast(s.row, to: s.shape, axes: [1]),
      try b.broadcast(s.column, to: s.shape, axes: [0]), try b.broadcast(s.x, to: whole3, axes: [1, 2]),
      try b.broadcast(s.row, to: whole3, axes: [2]), try b.broadcast(s.column, to: whole3, axes: [1]),
    ]
  case .reduce(.sum):
    let axes = [[], [0], [1], [0, 1]].map { ($0, s.x) } + [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]].map { ($0, s.rank3) }
    return try axes.map { try b.sum($1, axes: $0) }
  case .move(.transpose): return [try b.transpose(s.x)]
  case .reshape:
    let flat = s.shape.compactMap(\.value).reduce(1, *)
    return try [[Dimension(flat)], [s.shape[1], s.shape[0]], [1, s.shape[0], s.shape[1]], s.shape].map { try b.reshape(s.x, to: $0) }
  case .move(.slice):
    let last = s.shape.map { $0 - 1 }
    let (corner, whole) = (try b.slice(s.x, starts: last, sizes: [1, 1]), try b.slice(s.x, starts: [0, 0], sizes: s.shape))
    return [corner, whole, try b.slice(s.row, starts: [last[1]], sizes: [1])]
  case .move(.pad):
    let larger = s.shape.map { $0 + 3 }
    return [try b.pad(s.x, starts: [1, 2], shape: larger), try b.pad(s.rank3, starts: [0, 1, 0], shape: [2] + larger)]
  case .move(.concatenate):
    let (down, across) = (try b.concatenate([s.x, s.y, s.x], axis: 0), try b.concatenate([s.x, s.y], axis: 1))
    return [down, across, try b.concatenate([s.row, s.row], axis: 0)]
  case .move(.diagonal): return [try b.diagonal(s.row)]
  default: return []
  }
}
