import DrnIR

extension OnnxTranslator {
  /// Appends the nodes of one operation. Every op has a case, so that a new one has to say what it is in ONNX.
  mutating func translate(_ operation: Operation) throws(ExportError) {
    switch operation.opcode {
    case .unary(let op): try unary(op, operation)
    case .binary(let op): try binary(op, operation)
    case .constant: try constant(operation)
    case .reshape: try reshape(operation)
    case .move(let op): try move(op, operation)
    case .reduce(.sum): try sum(operation)
    case .matmul: try matmul(operation)
    case .normalize(.layerNorm): try layerNorm(operation)
    case .normalize(.logSoftmax): try logSoftmax(operation)
    case .magnitude(.power): try power(operation)
    case .token(.oneHot): try oneHot(operation)
    case .token(.gatherRows): try gatherRows(operation)
    case .attend(.forward): try attention(operation)
    case .window(.maxPool): try pool("MaxPool", operation)
    case .window(.averagePool): try pool("AveragePool", operation)
    case .window(.patches): try patches(operation)
    case .convolve(.forward): try convolution(operation)
    // What no forward pass of a deployed network has: losses, gradients, statistics of a batch, random numbers, what is drnc's own.
    case .narrow, .reduce(.norm), .loss, .random, .factorize, .product, .map, .valueAndGradient, .magnitude(.powerDerivative),
      .magnitude(.largest),
      .normalize(.layerNormGradient), .normalize(.batchNorm), .normalize(.batchNormGradient), .normalize(.batchNormFactors),
      .token(.scatterRows), .attend(.gradient), .attend(.cached), .window(.patchesGradient), .window(.maxPoolGradient),
      .window(.averagePoolGradient),
      .convolve(.inputGradient), .convolve(.weightGradient):
      throw refusal(operation)
    }
  }

  func refusal(_ operation: Operation, _ reason: String = "") -> ExportError {
    ExportError(.refused, "the operation `\(operation.opcode.mnemonic)`\(reason) has no counterpart in ONNX")
  }

  func result(_ operation: Operation) throws(ExportError) -> Value {
    guard let result = operation.results.first else { throw ExportError(.defect, "\(operation.opcode.mnemonic) has no result") }
    return result
  }

  func operands(_ operation: Operation) throws(ExportError) -> [HeldValue] {
    var held: [HeldValue] = []
    for operand in operation.operands { held.append(try self.held(operand)) }
    return held
  }

  func shapes(_ operation: Operation) -> [[Int]] { operation.operands.map { shape(of: $0) } }

  // MARK: Elementwise

  /// The order of the first computed operand that has the shape of the result and another order than in use.
  private func commonOrder(_ operands: [HeldValue], _ shape: [Int]) -> AxisOrder {
    for case .computed(let tensor) in operands where tensor.shape == shape && tensor.order != .asUsed { return tensor.order }
    return .asUsed
  }

  private mutating func unary(_ op: UnaryOp, _ operation: Operation) throws(ExportError) {
    let (held, result) = (try operands(operation), try result(operation))
    let shape = shape(of: result)
    let order = commonOrder(held, shape)
    let x: String
    if case .spread = held[0] { x = try whole(held[0], shape) } else { x = try operand(held[0], shape, order) }
    let name: String
    switch op {
    case .negate: name = graph.node("Neg", [x], name: hint)
    case .exponential: name = graph.node("Exp", [x], name: hint)
    case .logarithm: name = graph.node("Log", [x], name: hint)
    case .squareRoot: name = graph.node("Sqrt", [x], name: hint)
    case .reciprocal: name = graph.node("Reciprocal", [x], name: hint)
    case .absolute: name = graph.node("Abs", [x], name: hint)
    case .sign: name = graph.node("Sign", [x], name: hint)
    case .square: name = graph.node("Mul", [x, x], name: hint)
    case .relu: name = graph.node("Relu", [x], name: hint)
    case .tanh: name = graph.node("Tanh", [x], name: hint)
    case .sigmoid: name = graph.node("Sigmoid", [x], name: hint)
    case .gelu:
      let erf = graph.node("Erf", [graph.node("Mul", [x, graph.numbers([Float(0.5).squareRoot()])])])
      let half = graph.node("Mul", [x, graph.numbers([0.5])])
      name = graph.node("Mul", [half, graph.node("Add", [erf, graph.numbers([1])])], name: hint)
    case .geluDerivative: throw refusal(operation)
    }
    set(result, name, order)
  }

  private mutating func binary(_ op: BinaryOp, _ operation: Operation) throws(ExportError) {
    let (held, result) = (try operands(operation), try result(operation))
    let shape = shape(of: result)
    if op == .add, try addBias(held, to: result) { return }
    let order = commonOrder(held, shape)
    var names: [String] = []
    for value in held { names.append(try operand(value, shape, order)) }
    // Where nothing has the whole shape, one operand is given it.
    let isWhole = held.contains { if case .spread = $0 { false } else { true } }
    if !isWhole, let first = held.first { names[0] = try whole(first, shape) }
    let name: String
    switch op {
    case .add: name = graph.node("Add", names, name: hint)
    case .subtract:
      name = graph.node("Sub", names, name: hint)
      if order != .asUsed || shape.count == 2 { differences.insert(name) }
    case .multiply: name = graph.node("Mul", names, name: hint)
    case .divide: name = graph.node("Div", names, name: hint)
    case .maximum: name = graph.node("Max", names, name: hint)
    case .minimum: name = graph.node("Min", names, name: hint)
    case .greater: name = graph.node("Cast", [graph.node("Greater", names)], [("to", .integer(1))], name: hint)
    }
    set(result, name, order)
  }

  /// Gives a vector of known numbers to the product or convolution that it is added to, where nothing else reads that.
  private mutating func addBias(_ operands: [HeldValue], to result: Value) throws(ExportError) -> Bool {
    for (product, other) in [(operands[0], operands[1]), (operands[1], operands[0])] {
      guard case .computed(let tensor) = product, tensor.isSole, case .spread(let spread) = other, case .known(let bias) = spread.source,
        spread.axes == [spread.shape.count - 1], tensor.shape == spread.shape
      else { continue }
      guard graph.isOutput(tensor.name, of: ["Conv", "Gemm"], inputs: 2) else { continue }
      graph.append(write(bias), toProducerOf: tensor.name)
      set(result, to: .computed(computed(tensor.name, result, tensor.order)))
      return true
    }
    return false
  }

  private mutating func power(_ operation: Operation) throws(ExportError) {
    let (held, result) = (try operands(operation), try result(operation))
    let order = commonOrder(held, shape(of: result))
    let x = try operand(held[0], shape(of: result), order)
    let exponent = Float((operation.attributes.number("exponent") ?? 1) - 1)
    let magnitude = graph.node("Pow", [graph.node("Abs", [x]), graph.numbers([exponent])])
    set(result, graph.node("Mul", [x, magnitude], name: hint), order)
  }

  // MARK: Shapes

  private mutating func constant(_ operation: Operation) throws(ExportError) {
    let result = try result(operation)
    let number = KnownTensor(name: "", identity: "", shape: [], values: [Float(operation.attributes.number("value") ?? 0)], layout: nil)
    let shape = shape(of: result)
    set(result, to: shape.isEmpty ? .known(number) : .spread(SpreadTensor(source: .known(number), axes: [], shape: shape)))
  }

  private mutating func reshape(_ operation: Operation) throws(ExportError) {
    let (held, result) = (try operands(operation)[0], try result(operation))
    let (from, to) = (shapes(operation)[0], shape(of: result))
    if case .spread(let tensor) = held, case .known(let source) = tensor.source, source.shape.isEmpty {
      return set(result, to: .spread(SpreadTensor(source: tensor.source, axes: [], shape: to)))
    }
    guard case .computed(let tensor) = held else { return set(result, try reshaped(try whole(held, from), to: to, hint: hint)) }
    switch tensor.order {
    case .asUsed:
      // One channel lies alike in both orders.
      if from.count == 4, from[1] == 1, to == [from[0], from[2], from[3], 1] {
        return set(result, to: .computed(computed(tensor.name, result, .channelsFirst(height: from[2], width: from[3]), from: tensor)))
      }
      if from.count == 2, to.count == 4, to == [from[0], 1, 1, from[1]] {
        return set(result, try reshaped(tensor.name, to: [to[0], to[3], 1, 1], hint: hint), .channelsFirst(height: 1, width: 1))
      }
    case .channelsFirst(let height, let width):
      let channels = from.last ?? 1
      let isSinglePixel = height == 1 && width == 1
      if from.count == 4, to == [from[0] * height * width, channels], !isSinglePixel {
        return set(result, to: .computed(computed(tensor.name, result, tensor.order, from: tensor)))
      }
      if from.count == 2, to.count == 4, to[1] == height, to[2] == width, to[3] == channels {
        return set(result, to: .computed(computed(tensor.name, result, tensor.order, from: tensor)))
      }
      if isSinglePixel || channels == 1 { return set(result, try reshaped(tensor.name, to: to, hint: hint)) }
    }
    set(result, try reshaped(try whole(held, from), to: to, hint: hint))
  }

  private mutating func move(_ op: MoveOp, _ operation: Operation) throws(ExportError) {
    let (held, result) = (try operands(operation), try result(operation))
    let (shapes, shape) = (shapes(operation), shape(of: result))
    switch op {
    case .broadcast: try broadcast(held[0], to: result, axes: operation.attributes.integers("axes") ?? [])
    case .transpose:
      set(result, graph.node("Transpose", [try whole(held[0], shapes[0])], [("perm", .integers([1, 0]))], name: hint))
    case .slice: try slice(operation, held[0], shapes[0])
    case .pad: try pad(operation, held[0], shapes[0])
    case .concatenate:
      let axis = operation.attributes.integer("axis") ?? 0
      guard !isOfBatch(shape[axis]) else { throw refusal(operation, " over examples") }
      let orders = held.map { if case .computed(let tensor) = $0 { tensor.order } else { AxisOrder.asUsed } }
      if shape.count == 4, let first = orders.first, first != .asUsed, axis == 3, orders.allSatisfy({ $0 == first }) {
        var names: [String] = []
        for (value, shape) in zip(held, shapes) { names.append(try image(value, shape)) }
        return set(result, graph.node("Concat", names, [("axis", .integer(1))], name: hint), first)
      }
      var names: [String] = []
      for (value, shape) in zip(held, shapes) { names.append(try whole(value, shape)) }
      set(result, graph.node("Concat", names, [("axis", .integer(axis))], name: hint))
    case .diagonal:
      let count = shape.first ?? 0
      guard !isOfBatch(count), count <= 1 << 13 else { throw refusal(operation, " of \(count) numbers") }
      let values = (0..<count * count).map { $0 % (count + 1) == 0 ? Float(1) : 0 }
      set(result, graph.node("Mul", [graph.numbers(values, shape: shape), try whole(held[0], shapes[0])], name: hint))
    case .channelsLast:
      guard case .computed(let tensor) = held[0], tensor.order == .asUsed else {
        let name = try whole(held[0], shapes[0])
        return set(result, name, .channelsFirst(height: shape[1], width: shape[2]))
      }
      set(result, to: .computed(computed(tensor.name, result, .channelsFirst(height: shape[1], width: shape[2]), from: tensor)))
    case .channelsFirst: set(result, try image(held[0], shapes[0]))
    }
  }

  private mutating func broadcast(_ held: HeldValue, to result: Value, axes: [Int]) throws(ExportError) {
    let shape = shape(of: result)
    switch held {
    case .known(let tensor): set(result, to: .spread(SpreadTensor(source: .known(tensor), axes: axes, shape: shape)))
    case .computed(let tensor): set(result, to: .spread(SpreadTensor(source: .computed(tensor), axes: axes, shape: shape)))
    case .spread(let tensor):
      let composed = tensor.axes.map { axes[$0] }
      set(result, to: .spread(SpreadTensor(source: tensor.source, axes: composed, shape: shape)))
    }
  }

  /// The place of an axis of an image in the graph.
  private static let imageAxes = [0, 2, 3, 1]

  private func isImage(_ held: HeldValue) -> AxisOrder? {
    guard case .computed(let tensor) = held, tensor.order != .asUsed, tensor.shape.count == 4 else { return nil }
    return tensor.order
  }

  private mutating func slice(_ operation: Operation, _ held: HeldValue, _ from: [Int]) throws(ExportError) {
    let result = try result(operation)
    let to = shape(of: result)
    let starts = (operation.attributes.dimensions("starts") ?? []).map(\.constant)
    let cut = from.indices.filter { from[$0] != to[$0] }
    guard starts.count == from.count, !cut.contains(where: { isOfBatch(from[$0]) }) else { throw refusal(operation, " of examples") }
    let image = isImage(held) != nil
    let name = image ? try self.image(held, from) : try whole(held, from)
    guard !cut.isEmpty else { return set(result, graph.node("Identity", [name], name: hint), order(of: to, image)) }
    let axes = cut.map { image ? Self.imageAxes[$0] : $0 }
    let inputs = [name, graph.integers(cut.map { starts[$0] }), graph.integers(cut.map { starts[$0] + to[$0] }), graph.integers(axes)]
    set(result, graph.node("Slice", inputs, name: hint), order(of: to, image))
  }

  private func order(of shape: [Int], _ isImage: Bool) -> AxisOrder {
    isImage ? .channelsFirst(height: shape[1], width: shape[2]) : .asUsed
  }

  private mutating func pad(_ operation: Operation, _ held: HeldValue, _ from: [Int]) throws(ExportError) {
    let result = try result(operation)
    let to = shape(of: result)
    let starts = (operation.attributes.dimensions("starts") ?? []).map(\.constant)
    guard starts.count == from.count, !from.indices.contains(where: { from[$0] != to[$0] && isOfBatch(from[$0]) }) else {
      throw refusal(operation, " of examples")
    }
    let image = isImage(held) != nil
    var (before, after) = (starts, from.indices.map { to[$0] - from[$0] - starts[$0] })
    if image { (before, after) = ([0, 3, 1, 2].map { before[$0] }, [0, 3, 1, 2].map { after[$0] }) }
    let name = image ? try self.image(held, from) : try whole(held, from)
    set(result, graph.node("Pad", [name, graph.integers(before + after), graph.numbers([0])], name: hint), order(of: to, image))
  }

  private mutating func sum(_ operation: Operation) throws(ExportError) {
    let (held, result) = (try operands(operation)[0], try result(operation))
    let from = shapes(operation)[0]
    let axes = operation.attributes.integers("axes") ?? []
    guard !axes.contains(where: { isOfBatch(from[$0]) }) else { throw refusal(operation, " over examples") }
    if isImage(held) != nil, axes == [1, 2] {
      let inputs = [try image(held, from), graph.integers([2, 3])]
      return set(result, graph.node("ReduceSum", inputs, [("keepdims", .integer(0))], name: hint))
    }
    let name = try whole(held, from)
    guard !axes.isEmpty else { return set(result, graph.node("Identity", [name], name: hint)) }
    set(result, graph.node("ReduceSum", [name, graph.integers(axes)], [("keepdims", .integer(0))], name: hint))
  }
}
