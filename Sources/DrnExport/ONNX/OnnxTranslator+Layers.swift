import DrnIR
import DrnTrain

extension OnnxTranslator {
  // MARK: Products

  /// A linear layer is `Gemm` with its weight as outputs x inputs; a product with the places of an image is a convolution of one place.
  mutating func matmul(_ operation: Operation) throws(ExportError) {
    let (held, result) = (try operands(operation), try result(operation))
    guard held.count == 2 else { throw refusal(operation, " with an epilogue") }
    let shapes = shapes(operation)
    let isLeftTransposed = operation.attributes.boolean("transpose_left") ?? false
    let isRightTransposed = operation.attributes.boolean("transpose_right") ?? false
    if case .known(let weight) = held[1], case .computed(let tensor) = held[0], tensor.order != .asUsed, !isLeftTransposed,
      !isRightTransposed
    {
      let inputs = [tensor.name, write(weight, .kernel(height: 1, width: 1))]
      return set(result, graph.node("Conv", inputs, [("kernel_shape", .integers([1, 1]))], name: hint), tensor.order)
    }
    var left = try whole(held[0], shapes[0])
    if isLeftTransposed { left = graph.node("Transpose", [left], [("perm", .integers([1, 0]))]) }
    if case .known(let weight) = held[1] {
      if isRightTransposed {
        return set(result, graph.node("Gemm", [left, write(weight)], [("transB", .integer(1))], name: hint))
      }
      guard weight.layout?.isTurned ?? false else { return set(result, graph.node("MatMul", [left, write(weight)], name: hint)) }
      return set(result, graph.node("Gemm", [left, write(weight, .stored)], [("transB", .integer(1))], name: hint))
    }
    var right = try whole(held[1], shapes[1])
    if isRightTransposed { right = graph.node("Transpose", [right], [("perm", .integers([1, 0]))]) }
    set(result, graph.node("MatMul", [left, right], name: hint))
  }

  // MARK: Images

  private func geometry(_ operation: Operation) throws(ExportError) -> ConvolutionGeometry {
    guard let geometry = ConvolutionGeometry(operation.attributes) else {
      throw ExportError(.defect, "\(operation.opcode.mnemonic) has no window")
    }
    return geometry
  }

  private func attributes(_ geometry: ConvolutionGeometry) -> [(String, OnnxGraph.Attribute)] {
    let padding = geometry.padding
    return [
      ("kernel_shape", .integers([geometry.kernel.height, geometry.kernel.width])),
      ("strides", .integers([geometry.stride.height, geometry.stride.width])),
      ("pads", .integers([padding.top, padding.left, padding.bottom, padding.right])),
    ]
  }

  private func dilations(_ geometry: ConvolutionGeometry) -> (String, OnnxGraph.Attribute) {
    ("dilations", .integers([geometry.dilation.height, geometry.dilation.width]))
  }

  private mutating func setImage(_ result: Value, _ name: String) {
    let shape = shape(of: result)
    set(result, name, .channelsFirst(height: shape[1], width: shape[2]))
  }

  mutating func convolution(_ operation: Operation) throws(ExportError) {
    let (held, result) = (try operands(operation), try result(operation))
    guard held.count == 2 else { throw refusal(operation, " with a prologue") }
    guard case .known(let weight) = held[1] else { throw refusal(operation, " by what is computed from examples") }
    let geometry = try geometry(operation)
    let kernel = write(weight, .kernel(height: geometry.kernel.height, width: geometry.kernel.width))
    let groups = operation.attributes.integer("groups") ?? 1
    let attributes = attributes(geometry) + [dilations(geometry), ("group", .integer(groups))]
    setImage(result, graph.node("Conv", [try image(held[0], shapes(operation)[0]), kernel], attributes, name: hint))
  }

  mutating func pool(_ name: String, _ operation: Operation) throws(ExportError) {
    let (held, result) = (try operands(operation)[0], try result(operation))
    let from = shapes(operation)[0]
    let geometry = try geometry(operation)
    let x = try image(held, from)
    if geometry.padding == .none, geometry.kernel == Extent2(height: from[1], width: from[2]) {
      return setImage(result, graph.node("Global" + name, [x], name: hint))
    }
    var attributes = attributes(geometry)
    if name == "MaxPool" {
      attributes.append(dilations(geometry))
    } else {
      guard geometry.dilation == Extent2(1) else { throw refusal(operation, " with dilation") }
      attributes.append(("count_include_pad", .integer(operation.attributes.boolean("include_padding") ?? false ? 1 : 0)))
    }
    setImage(result, graph.node(name, [x], attributes, name: hint))
  }

  /// Windows of one place are a slice with steps; others are cut by a convolution with ones and zeros.
  mutating func patches(_ operation: Operation) throws(ExportError) {
    let (held, result) = (try operands(operation)[0], try result(operation))
    let from = shapes(operation)[0]
    let geometry = try geometry(operation)
    guard let output = geometry.output(height: from[1], width: from[2]), let taps = geometry.taps else { throw refusal(operation) }
    let x = try image(held, from)
    let order = AxisOrder.channelsFirst(height: output.height, width: output.width)
    if taps == 1, geometry.padding == .none {
      let inputs = [
        x, graph.integers([0, 0]), graph.integers([from[1], from[2]]), graph.integers([2, 3]),
        graph.integers([geometry.stride.height, geometry.stride.width]),
      ]
      return set(result, graph.node("Slice", inputs, name: hint), order)
    }
    let channels = from[3]
    let (count, overflow) = (taps * channels).multipliedReportingOverflow(by: taps * channels)
    guard !overflow, count <= 1 << 26 else { throw refusal(operation, " of \(taps) places and \(channels) channels") }
    var ones = [Float](repeating: 0, count: count)
    for tap in 0..<taps {
      for channel in 0..<channels { ones[(tap * channels + channel) * channels * taps + channel * taps + tap] = 1 }
    }
    let kernel = graph.numbers(ones, shape: [taps * channels, channels, geometry.kernel.height, geometry.kernel.width])
    set(result, graph.node("Conv", [x, kernel], attributes(geometry) + [dilations(geometry)], name: hint), order)
  }

  // MARK: Sequences

  mutating func layerNorm(_ operation: Operation) throws(ExportError) {
    let (held, shapes, result) = (try operands(operation), shapes(operation), try result(operation))
    var inputs: [String] = []
    for (value, shape) in zip(held, shapes) { inputs.append(try whole(value, shape)) }
    let epsilon = Float(operation.attributes.number("epsilon") ?? 0)
    set(result, graph.node("LayerNormalization", inputs, [("axis", .integer(-1)), ("epsilon", .number(epsilon))], name: hint))
  }

  mutating func logSoftmax(_ operation: Operation) throws(ExportError) {
    let (held, result) = (try operands(operation)[0], try result(operation))
    set(result, graph.node("LogSoftmax", [try whole(held, shapes(operation)[0])], [("axis", .integer(-1))], name: hint))
  }

  mutating func oneHot(_ operation: Operation) throws(ExportError) {
    let (held, result) = (try operands(operation)[0], try result(operation))
    let classes = operation.attributes.integer("classes") ?? 1
    let column = graph.node("Unsqueeze", [try whole(held, shapes(operation)[0]), graph.integers([1])])
    let isToken = graph.node("Equal", [column, graph.integers(Array(0..<classes))])
    set(result, graph.node("Cast", [isToken], [("to", .integer(1))], name: hint))
  }

  /// A token outside the table is refused by the runtime; drnc's own data sets have none.
  mutating func gatherRows(_ operation: Operation) throws(ExportError) {
    let (held, shapes, result) = (try operands(operation), shapes(operation), try result(operation))
    let inputs = [try whole(held[1], shapes[1]), try whole(held[0], shapes[0])]
    set(result, graph.node("Gather", inputs, [("axis", .integer(0))], name: hint))
  }

  /// By products, a mask and a softmax: queries [B, G, H / G, T, d], keys and values [B, G, 1, T, d].
  mutating func attention(_ operation: Operation) throws(ExportError) {
    let (held, shapes, result) = (try operands(operation), shapes(operation), try result(operation))
    guard let shape = AttentionShape(operation, function) else { throw ExportError(.defect, "attention has no extents") }
    guard held.count == 3 else { throw refusal(operation, " with lengths") }
    let shared = shape.heads / shape.groups
    func rows(_ index: Int, heads: [Int]) throws(ExportError) -> String {
      let name = try whole(held[index], shapes[index])
      var split = graph.node("Reshape", [name, graph.integers([-1, shape.length] + heads + [shape.size])])
      if index < 2, shape.rotary > 0 { split = turned(split, shape) }
      return split
    }
    let queries = graph.node(
      "Transpose", [try rows(0, heads: [shape.groups, shared])], [("perm", .integers([0, 2, 3, 1, 4]))])
    let keys = graph.node("Transpose", [try rows(1, heads: [shape.groups, 1])], [("perm", .integers([0, 2, 3, 4, 1]))])
    let values = graph.node("Transpose", [try rows(2, heads: [shape.groups, 1])], [("perm", .integers([0, 2, 3, 1, 4]))])
    let scale = Float(operation.attributes.number("scale") ?? 1)
    var scores = graph.node("Mul", [graph.node("MatMul", [queries, keys]), graph.numbers([scale])])
    if shape.isCausal {
      let length = shape.length
      guard length <= 1 << 14 else { throw refusal(operation, " of \(length) positions that see those before them") }
      let mask = (0..<length * length).map { $0 % length > $0 / length ? -Float.infinity : 0 }
      scores = graph.node("Add", [scores, graph.numbers(mask, shape: [length, length])])
    }
    let weighted = graph.node("MatMul", [graph.node("Softmax", [scores], [("axis", .integer(-1))]), values])
    let joined = graph.node("Transpose", [weighted], [("perm", .integers([0, 3, 1, 2, 4]))])
    set(result, graph.node("Reshape", [joined, graph.integers([-1, shape.heads * shape.size])], name: hint))
  }

  /// The rotary embedding of a tensor [B, T, ., ., d]: columns i and i + d / 2 turn by the angle t base^(-2 i / d).
  private mutating func turned(_ name: String, _ shape: AttentionShape) -> String {
    let half = shape.size / 2
    let angles = rotaryAngles(length: shape.length, size: shape.size, base: shape.rotary)
    let table = [shape.length, 1, 1, half]
    let cosines = graph.numbers(angles.cosines, shape: table)
    let sines = graph.numbers(angles.sines, shape: table)
    let axis = graph.integers([-1])
    let first = graph.node("Slice", [name, graph.integers([0]), graph.integers([half]), axis])
    let second = graph.node("Slice", [name, graph.integers([half]), graph.integers([shape.size]), axis])
    let real = graph.node("Sub", [graph.node("Mul", [first, cosines]), graph.node("Mul", [second, sines])])
    let imaginary = graph.node("Add", [graph.node("Mul", [second, cosines]), graph.node("Mul", [first, sines])])
    return graph.node("Concat", [real, imaginary], [("axis", .integer(-1))])
  }
}
