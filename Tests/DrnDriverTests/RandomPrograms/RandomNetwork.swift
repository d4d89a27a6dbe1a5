/// A random network of small layers, as text.
struct RandomNetworkText {
  enum Shape: Equatable {
    case image(channels: Int, height: Int, width: Int)
    case vector(Int)
    case sequence(length: Int, features: Int)
    /// Tokens of a vocabulary; only an input is.
    case tokens(length: Int, vocabulary: Int)

    var text: String {
      switch self {
      case .sequence(let length, let features): "tensor[\(length), \(features)]"
      case .tokens(let length, _): "tokens[\(length)]"
      case .image(let channels, let height, let width): "tensor[\(channels), \(height), \(width)]"
      case .vector(let count): "tensor[\(count)]"
      }
    }
    /// What fits to it is normalized over more than one value of each example.
    var area: Int {
      switch self {
      case .image(_, let height, let width): height * width
      case .sequence(let length, _): length
      case .vector, .tokens: 1
      }
    }
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
  /// Whether every position has a label.
  let isText: Bool
  private(set) var weights: [Weight] = []
  private(set) var hasBatchNorm = false
  private var blocks: [String] = []
  private var statements: [String] = []
  private var labels = 0
  /// How deep the stage being written lies in groups.
  private var depth = 0

  /// On tokens, of a text where every position has a label, or on numbers where there are none.
  init(_ dice: inout Dice, outputs: Int, tokens: Shape? = nil, isText: Bool = false) {
    self.outputs = outputs
    self.isText = isText
    let kind = dice.number(0...9)
    let numbers: Shape =
      kind < 5
      ? .image(channels: dice.number(1...4), height: dice.number(1...8), width: dice.number(1...8))
      : kind < 7 ? .vector(dice.number(1...9)) : .sequence(length: dice.number(1...7), features: dice.number(1...9))
    input = tokens ?? numbers
    // Compiling takes the time, so most networks have few layers.
    let isSmall = dice.chance(75)
    var (name, shape) = ("x", input)
    if case .tokens(let length, let vocabulary) = input {
      let features = dice.number(1...12)
      let embedding = weight(
        "embedding(\(vocabulary + dice.number(0...2)), \(features)\(dice.chance(40) ? ", deviation: 0.1" : ""))", vocabulary, features,
        isConvolution: false)
      statements.append("let e = x |> \(embedding)")
      (name, shape) = ("e", .sequence(length: length, features: features))
    }
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
    let result = if isText, case .tokens(let length, _) = input { "\(length), \(outputs)" } else { "\(outputs)" }
    return blocks.joined() + "network \(name)(x: \(input.text)) -> tensor[\(result)] {\n\(lines)\n}\n"
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
    if first == second, dice.chance(70) { return ("(\(left)) \(dice.pick(["+", "+", "+", "-", "*"])) (\(right))", first) }
    switch (first, second) {
    case (.image(let some, let height, let width), .image(let others, let rows, let columns)) where (height, width) == (rows, columns):
      return ("concat(\(left), \(right))", .image(channels: some + others, height: height, width: width))
    case (.vector(let some), .vector(let others)): return ("concat(\(left), \(right))", .vector(some + others))
    case (.sequence(let length, let some), .sequence(let other, let others)) where length == other:
      return ("concat(\(left), \(right))", .sequence(length: length, features: some + others))
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
    case (.sequence(let length, let inputs), .sequence(let other, let target)) where length == other:
      return ("\(start) |> \(linear(inputs, to: target, &dice))", wanted)
    case _: return (start, shape)
    }
  }

  private mutating func stage(_ shape: Shape, _ dice: inout Dice) -> (text: String, shape: Shape) {
    if depth < 2, dice.chance(12) { return group(shape, &dice) }
    if dice.chance(10), let shared = tied(shape, &dice) { return shared }
    if dice.chance(6) { return (centred(&dice), shape) }
    if case .image(let channels, let height, let width) = shape {
      return imageStage(channels, height, width, &dice)
    }
    if case .sequence(let length, let features) = shape { return sequenceStage(length, features, &dice) }
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

  /// A layer with the weight of an earlier one, where one fits.
  private mutating func tied(_ shape: Shape, _ dice: inout Dice) -> (text: String, shape: Shape)? {
    let features: Int
    switch shape {
    case .vector(let count), .sequence(_, let count): features = count
    case .image, .tokens: return nil
    }
    let known = weights.filter { !$0.isConvolution && !$0.selector.contains("*") }
    let fitting = known.filter { $0.outputs == features || $0.inputs == features }
    guard !fitting.isEmpty else { return nil }
    let weight = dice.pick(fitting)
    let isTransposed = weight.outputs == features
    let bias = dice.chance(30) ? ", bias: true" : ""
    let text = label("tied(\(weight.selector)\(isTransposed ? "" : ", transpose: false")\(bias))", named: "t")
    let count = isTransposed ? weight.inputs : weight.outputs
    if case .sequence(let length, _) = shape { return (text, .sequence(length: length, features: count)) }
    return (text, .vector(count))
  }

  /// Means and sums over the features, met again by the whole.
  private mutating func centred(_ dice: inout Dice) -> String {
    let name = "block\(blocks.count)"
    let body = dice.pick([
      "y - mean(y, over: features)", "y / sqrt(mean(square(y), over: features) + 0.1)", "sum(y, over: features) * y",
    ])
    blocks.append("block \(name)(y: tensor) { return \(body) }\n")
    return label(name, named: "b")
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
      case .vector(let count), .sequence(_, let count), .tokens(_, let count): inner = linear(count, to: count, &dice)
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

  private mutating func sequenceStage(_ length: Int, _ features: Int, _ dice: inout Dice) -> (text: String, shape: Shape) {
    let shape = Shape.sequence(length: length, features: features)
    func wide(_ count: Int) -> Shape { .sequence(length: length, features: count) }
    switch dice.number(0...13) {
    case 0...2:
      let outputs = dice.number(1...(dice.chance(15) ? 70 : 20))
      return (linear(features, to: outputs, &dice), wide(outputs))
    case 3: return attention(length, features, &dice)
    case 4:
      let hidden = dice.number(1...8)
      return (label("\(dice.pick(["lstm", "gru"]))(\(hidden))", named: "r"), wide(hidden))
    case 5, 6:
      let (outputs, kernel, stride) = (dice.number(1...9), dice.number(1...4), isText || dice.chance(60) ? 1 : 2)
      let groups = features == outputs && dice.chance(50) ? features : 1
      let text = "conv1d(\(outputs), kernel: \(kernel)\(stride > 1 ? ", stride: 2" : "")\(groups > 1 ? ", groups: \(groups)" : ""))"
      return (
        weight(text, features / groups * kernel, outputs, isConvolution: true, isGrouped: groups > 1),
        .sequence(length: (length + stride - 1) / stride, features: outputs)
      )
    case 7 where features % 2 == 0: return ("glu", wide(features / 2))
    case 8: return (label("positions", named: "p"), shape)
    case 9:
      hasBatchNorm = true
      return (label("batch_norm" + normOptions(&dice), named: "n"), shape)
    case 10: return (label(dice.pick(["layer_norm", "rms_norm", "rms_norm(epsilon: 0.01)"]), named: "n"), shape)
    case 11 where !isText && dice.chance(40):
      let choice = dice.pick(["mean_over_time", "select(first)", "select(last)", "flatten"])
      return (choice, .vector(choice == "flatten" ? length * features : features))
    case _: return (pointwise(&dice), shape)
    }
  }

  /// A block of three projections and attention between them; in a text it sees what was before.
  private mutating func attention(_ length: Int, _ features: Int, _ dice: inout Dice) -> (text: String, shape: Shape) {
    let (groups, size) = (dice.number(1...2), dice.number(1...5))
    let heads = groups * dice.number(1...2)
    let options =
      ["heads: \(heads)"] + (isText || dice.chance(50) ? ["causal: true"] : [])
      + (size % 2 == 0 && dice.chance(50) ? ["rotary: true"] : [])
    depth += 1
    defer { depth -= 1 }
    let projections = [heads, groups, groups].map { linear(features, to: $0 * size, &dice) }
    let name = "block\(blocks.count)"
    blocks.append(
      """
      block \(name)(y: tensor) {
        let q = y |> \(projections[0])
        let k = y |> \(projections[1])
        let v = y |> \(projections[2])
        return attend(q, k, v, \(options.joined(separator: ", ")))
      }

      """)
    return (label(name, named: "b"), .sequence(length: length, features: heads * size))
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
    case 13 where dice.chance(50): return (label(dice.pick(["layer_norm", "rms_norm"]), named: "n"), shape)
    case 12 where dice.chance(40): return ("to_sequence", .sequence(length: height * width, features: channels))
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
    dice.pick([
      "relu", "leaky_relu", "gelu", "silu", "tanh", "sigmoid", "dropout(0.\(dice.number(1...6)))", "scale(0.5)", "shift(-0.1)",
      "signed_power(1.5)",
    ])
  }

  /// To a vector, and to the outputs.
  private mutating func ending(_ shape: Shape, _ dice: inout Dice) -> String {
    var (text, count) = ("", 0)
    switch shape {
    case .image(let channels, let height, let width):
      let pool = dice.pick(["flatten", "global_average_pool", "global_max_pool"])
      (text, count) = (" |> \(pool)", pool == "flatten" ? channels * height * width : channels)
    case .vector(let length): count = length
    case .sequence(let length, let features):
      let choice = isText ? "" : dice.pick(["flatten", "mean_over_time", "select(first)", "select(last)"])
      (text, count) = (isText ? "" : " |> \(choice)", choice == "flatten" ? length * features : features)
    case .tokens: break
    }
    return text + " |> " + linear(count, to: outputs, &dice)
  }
}
