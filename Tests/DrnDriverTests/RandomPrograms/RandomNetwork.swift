/// A random network of small layers, as text.
struct RandomNetworkText {
  enum Shape: Equatable {
    case image(channels: Int, height: Int, width: Int)
    case vector(Int)

    var text: String {
      switch self {
      case .image(let channels, let height, let width): "tensor[\(channels), \(height), \(width)]"
      case .vector(let count): "tensor[\(count)]"
      }
    }
    /// What fits to it is normalized over more than one value of each example.
    var area: Int { if case .image(_, let height, let width) = self { height * width } else { 1 } }
  }

  /// A weight matrix that clauses can name.
  struct Weight {
    let selector: String
    let inputs: Int
    let outputs: Int
    let isConvolution: Bool
    let isGrouped: Bool
  }

  let input: Shape
  let outputs: Int
  private(set) var weights: [Weight] = []
  private(set) var hasBatchNorm = false
  private var blocks: [String] = []
  private var statements: [String] = []
  private var labels = 0
  /// How deep the stage being written lies in groups.
  private var depth = 0

  init(_ dice: inout Dice, outputs: Int) {
    self.outputs = outputs
    input =
      dice.chance(60)
      ? .image(channels: dice.number(1...4), height: dice.number(1...8), width: dice.number(1...8)) : .vector(dice.number(1...9))
    // Compiling takes the time, so most networks have few layers.
    let isSmall = dice.chance(75)
    var (name, shape) = ("x", input)
    for index in 0..<(isSmall ? 0 : dice.number(1...2)) {
      let (text, result) = dice.chance(40) ? branches(name, shape, &dice) : pipeline(name, shape, dice.number(1...4), &dice)
      statements.append("let v\(index) = \(text)")
      (name, shape) = ("v\(index)", result)
    }
    let (body, result) = pipeline(name, shape, dice.number(0...(isSmall ? 3 : 2)), &dice)
    statements.append("return \(body)\(ending(result, &dice))")
  }

  /// The declarations of blocks and of the network.
  func text(named name: String) -> String {
    let lines = statements.map { "  " + $0 }.joined(separator: "\n")
    return blocks.joined() + "network \(name)(x: \(input.text)) -> tensor[\(outputs)] {\n\(lines)\n}\n"
  }

  // MARK: Compositions

  private mutating func pipeline(_ start: String, _ shape: Shape, _ count: Int, _ dice: inout Dice) -> (text: String, shape: Shape) {
    var (parts, shape) = ([start], shape)
    for _ in 0..<count {
      let (stage, result) = stage(shape, &dice)
      parts.append(stage)
      shape = result
    }
    return (parts.joined(separator: " |> "), shape)
  }

  /// Two ways from one value, added where their shapes agree, else one after the other where they can be.
  private mutating func branches(_ start: String, _ shape: Shape, _ dice: inout Dice) -> (text: String, shape: Shape) {
    let (left, first) = pipeline(start, shape, dice.number(0...2), &dice)
    let withoutRight = self
    let (right, second) = dice.chance(50) ? same(start, shape, as: first, &dice) : pipeline(start, shape, dice.number(0...2), &dice)
    if first == second, dice.chance(70) { return ("(\(left)) + (\(right))", first) }
    switch (first, second) {
    case (.image(let some, let height, let width), .image(let others, let rows, let columns)) where (height, width) == (rows, columns):
      return ("concat(\(left), \(right))", .image(channels: some + others, height: height, width: width))
    case (.vector(let some), .vector(let others)): return ("concat(\(left), \(right))", .vector(some + others))
    case _:
      // The second way is left out, with its layers.
      self = withoutRight
      return (left, first)
    }
  }

  /// A way to the same shape: nothing, or a layer of that size.
  private mutating func same(_ start: String, _ shape: Shape, as wanted: Shape, _ dice: inout Dice) -> (text: String, shape: Shape) {
    switch (shape, wanted) {
    case (.image(let channels, let height, let width), .image(let target, let rows, let columns)) where (height, width) == (rows, columns):
      return ("\(start) |> \(convolution(channels, to: target, kernel: dice.number(1...3)))", wanted)
    case (.vector(let inputs), .vector(let target)): return ("\(start) |> \(linear(inputs, to: target, &dice))", wanted)
    case _: return (start, shape)
    }
  }

  private mutating func stage(_ shape: Shape, _ dice: inout Dice) -> (text: String, shape: Shape) {
    if depth < 2, dice.chance(12) { return group(shape, &dice) }
    if case .image(let channels, let height, let width) = shape {
      return imageStage(channels, height, width, &dice)
    }
    guard case .vector(let inputs) = shape else { return ("relu", shape) }
    switch dice.number(0...9) {
    case 0...4:
      let outputs = dice.number(1...(dice.chance(15) ? 70 : 20))
      return (linear(inputs, to: outputs, &dice), .vector(outputs))
    case 5:
      hasBatchNorm = true
      return (label("batch_norm" + normOptions(&dice), named: "n"), shape)
    case 6: return (label("layer_norm" + (dice.chance(30) ? "(epsilon: 0.01)" : ""), named: "n"), shape)
    case _: return (pointwise(&dice), shape)
    }
  }

  /// A group, a block or a repetition; what is repeated keeps its shape.
  private mutating func group(_ shape: Shape, _ dice: inout Dice) -> (text: String, shape: Shape) {
    depth += 1
    defer { depth -= 1 }
    switch dice.number(0...2) {
    case 0:
      let (text, result) = pipeline("", shape, dice.number(1...3), &dice)
      return (label("{ \(text.dropFirst(" |> ".count)) }", named: "g"), result)
    case 1:
      let inner: String
      switch shape {
      case .image(let channels, _, _): inner = convolution(channels, to: channels, kernel: dice.number(1...3))
      case .vector(let count): inner = linear(count, to: count, &dice)
      }
      return (label("{ repeat(\(dice.number(1...3))) { \(inner) |> \(pointwise(&dice)) } }", named: "g"), shape)
    case _:
      let (text, result) = pipeline("y", shape, dice.number(1...3), &dice)
      let isResidual = result == shape && dice.chance(70)
      let name = "block\(blocks.count)"
      blocks.append("block \(name)(y: tensor) { return \(isResidual ? "(\(text)) + y" : text) }\n")
      return (label("\(name)", named: "b"), result)
    }
  }

  private mutating func imageStage(_ channels: Int, _ height: Int, _ width: Int, _ dice: inout Dice) -> (text: String, shape: Shape) {
    let shape = Shape.image(channels: channels, height: height, width: width)
    switch dice.number(0...13) {
    case 0...4: return window(channels, height, width, &dice)
    case 5: return pool(channels, height, width, &dice)
    case 6 where dice.chance(40): return (dice.pick(["global_average_pool", "global_max_pool"]), .vector(channels))
    case 7 where dice.chance(40): return ("flatten", .vector(channels * height * width))
    case 8:
      let stride = dice.number(1...2)
      return ("subsample(\(stride))", .image(channels: channels, height: (height - 1) / stride + 1, width: (width - 1) / stride + 1))
    case 9:
      let more = channels + dice.number(0...3)
      return (
        "pad_channels(\(more)\(dice.chance(40) ? ", at: \(dice.pick(["end", "both"]))" : ""))",
        .image(channels: more, height: height, width: width)
      )
    case 10, 11:
      hasBatchNorm = true
      return (label("batch_norm" + normOptions(&dice), named: "n"), shape)
    case _: return (pointwise(&dice), shape)
    }
  }

  // MARK: Layers

  private mutating func label(_ stage: String, named letter: String) -> String {
    labels += 1
    return "\(letter)\(labels): \(stage)"
  }

  private mutating func linear(_ inputs: Int, to outputs: Int, _ dice: inout Dice) -> String {
    let options =
      ["\(outputs)"] + dice.maybe(20) { "bias: \($0.pick(["true", "false"]))" }
      + dice.maybe(20) { "initial: \($0.pick(["fan_in", "glorot", "glorot_normal", "he"]))" }
    return weight("linear(\(options.joined(separator: ", ")))", inputs, outputs, isConvolution: false)
  }

  private mutating func convolution(_ channels: Int, to outputs: Int, kernel: Int) -> String {
    weight("conv2d(\(outputs), kernel: \(kernel))", channels * kernel * kernel, outputs, isConvolution: true)
  }

  private mutating func weight(_ layer: String, _ inputs: Int, _ outputs: Int, isConvolution: Bool, isGrouped: Bool = false) -> String {
    let text = label(layer, named: "l")
    weights.append(
      Weight(
        selector: depth > 0 ? "**.l\(labels)" : "l\(labels)", inputs: inputs, outputs: outputs, isConvolution: isConvolution,
        isGrouped: isGrouped))
    return text
  }

  private mutating func window(_ channels: Int, _ height: Int, _ width: Int, _ dice: inout Dice) -> (text: String, shape: Shape) {
    let groups = dice.chance(25) ? dice.pick((1...channels).filter { channels % $0 == 0 }) : 1
    // Past 16 a kernel takes another way than below.
    let outputs = groups * dice.number(1...max(1, (dice.chance(15) ? 50 : 9) / groups))
    let axes = [axis(height, &dice), axis(width, &dice)]
    let isSame = dice.chance(50)
    let padding = isSame ? "same" : dice.pick(["valid", "symmetric", "1", "[0, 2]"])
    let pads = padding == "1" ? [1, 1] : padding == "[0, 2]" ? [0, 2] : [0, 0]
    var sizes: [Int] = []
    for (index, size) in [height, width].enumerated() {
      let (kernel, stride, dilation) = axes[index]
      let extent = dilation * (kernel - 1) + 1
      let around = padding == "symmetric" ? dilation * (kernel - 1) : 2 * pads[index]
      guard isSame || size + around >= extent, padding != "symmetric" || around % 2 == 0 else {
        return (weight("conv2d(3, kernel: 1)", channels, 3, isConvolution: true), .image(channels: 3, height: height, width: width))
      }
      sizes.append(isSame ? (size + stride - 1) / stride : (size + around - extent) / stride + 1)
    }
    func pair(_ name: String, _ values: [Int]) -> [String] {
      values[0] == values[1] ? (values[0] == 1 && name != "kernel" ? [] : ["\(name): \(values[0])"]) : ["\(name): \(values)"]
    }
    let options =
      ["\(outputs)"] + pair("kernel", axes.map(\.0)) + pair("stride", axes.map(\.1)) + (padding == "same" ? [] : ["padding: \(padding)"])
      + pair("dilation", axes.map(\.2)) + (groups > 1 ? ["groups: \(groups)"] : [])
      + dice.maybe(25) { "bias: \($0.pick(["true", "false"]))" }
      + dice.maybe(15) { "initial: \($0.pick(["fan_in", "glorot", "glorot_normal", "he"]))" }
    let inputs = channels / groups * axes[0].0 * axes[1].0
    let text = weight("conv2d(\(options.joined(separator: ", ")))", inputs, outputs, isConvolution: true, isGrouped: groups > 1)
    return (text, .image(channels: outputs, height: sizes[0], width: sizes[1]))
  }

  /// Kernel, stride and dilation along one axis.
  private func axis(_ size: Int, _ dice: inout Dice) -> (Int, Int, Int) {
    (dice.number(1...3), dice.chance(30) ? 2 : 1, dice.chance(15) ? 2 : 1)
  }

  private mutating func pool(_ channels: Int, _ height: Int, _ width: Int, _ dice: inout Dice) -> (text: String, shape: Shape) {
    let kernel = dice.number(1...3)
    let stride = dice.chance(60) ? kernel : dice.number(1...2)
    let isSame = dice.chance(40) || min(height, width) < kernel
    func size(_ extent: Int) -> Int { isSame ? (extent + stride - 1) / stride : (extent - kernel) / stride + 1 }
    let isMean = dice.chance(50)
    let options =
      ["\(kernel)"] + (stride == kernel ? [] : ["stride: \(stride)"]) + (isSame ? ["padding: same"] : [])
      + (isMean && dice.chance(40) ? ["include_padding: \(dice.pick(["true", "false"]))"] : [])
    return (
      (isMean ? "average_pool" : "max_pool") + "(\(options.joined(separator: ", ")))",
      .image(channels: channels, height: size(height), width: size(width))
    )
  }

  private func normOptions(_ dice: inout Dice) -> String {
    let options =
      dice.maybe(30) { "momentum: \($0.pick(["0.01", "0.5", "1"]))" } + dice.maybe(20) { _ in "epsilon: 0.001" }
      + dice.maybe(20) { "scale: \($0.pick(["ones", "zeros"]))" }
    return options.isEmpty ? "" : "(\(options.joined(separator: ", ")))"
  }

  private func pointwise(_ dice: inout Dice) -> String {
    dice.pick(["relu", "relu", "gelu", "tanh", "sigmoid", "dropout(0.\(dice.number(1...6)))"])
  }

  /// To a vector, and to the outputs.
  private mutating func ending(_ shape: Shape, _ dice: inout Dice) -> String {
    var (text, count) = ("", 0)
    switch shape {
    case .image(let channels, let height, let width):
      let pool = dice.pick(["flatten", "global_average_pool", "global_max_pool"])
      (text, count) = (" |> \(pool)", pool == "flatten" ? channels * height * width : channels)
    case .vector(let length): count = length
    }
    return text + " |> " + linear(count, to: outputs, &dice)
  }
}
