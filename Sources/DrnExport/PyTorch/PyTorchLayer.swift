import DrnCompiler
import DrnIR
import DrnMethods
import DrnProgram
import DrnTrain

/// How one call of a layer reads in Python.
struct PyTorchLayer {
  /// What makes the module that holds its tensors; `nil` for a layer without.
  var constructor: String?
  /// Its result.
  let expression: String
  /// The parts of Python that it is written with.
  var parts: [PyTorchPart] = []
}

/// Writes layers, one case for each word; a test holds that every layer has one.
struct PyTorchLayerWriter {
  let node: Network.Node
  /// The tensors of the node as they are deployed, by their names within the layer: `weight.u`.
  let tensors: [String: DeployedTensor]
  /// The shapes of its weights, by the name within the layer.
  let shapes: [String: WeightShape]
  /// The values it is applied to, and the module that holds its tensors, as Python names them.
  let inputs: [String]
  let module: String

  func layer() throws(ExportError) -> PyTorchLayer {
    let x = inputs.first ?? "x"
    let y = inputs.count > 1 ? inputs[1] : x
    switch type(of: node.layer).spec.name {
    case "linear": return linear(x)
    case "embedding": return embedding(x)
    case "conv2d": return try convolution("\(module)(\(x))")
    case "conv1d": return try convolution("along_positions(\(module), \(x))", parts: [.alongPositions])
    case "attend": return attend()
    case "lstm": return recurrent("LSTM", .lstm, x)
    case "gru": return recurrent("GRU", .gru, x)
    case "relu": return plain("F.relu(\(x))")
    case "leaky_relu": return plain("F.leaky_relu(\(x), \(number("slope") ?? 0.01))")
    case "gelu": return plain("F.gelu(\(x))")
    case "silu": return plain("F.silu(\(x))")
    case "tanh": return plain("torch.tanh(\(x))")
    case "sigmoid": return plain("torch.sigmoid(\(x))")
    case "softmax": return plain("F.softmax(\(x), -1)")
    case "log_softmax": return plain("F.log_softmax(\(x), -1)")
    case "exp": return plain("torch.exp(\(x))")
    case "log": return plain("torch.log(\(x))")
    case "sqrt": return plain("torch.sqrt(\(x))")
    case "square": return plain("torch.square(\(x))")
    case "abs": return plain("torch.abs(\(x))")
    case "negate": return plain("-\(x)")
    case "reciprocal": return plain("1 / \(x)")
    case "signed_power": return plain("\(x) * \(x).abs() ** \((number("exponent") ?? 1) - 1)")
    case "scale": return plain("\(x) * \(number("factor") ?? 1)")
    case "shift": return plain("\(x) + \(number("by") ?? 0)")
    case "add": return plain("\(x) + \(y)")
    case "subtract": return plain("\(x) - \(y)")
    case "multiply": return plain("\(x) * \(y)")
    case "divide": return plain("\(x) / \(y)")
    case "maximum": return plain("torch.maximum(\(x), \(y))")
    case "minimum": return plain("torch.minimum(\(x), \(y))")
    case "glu": return plain("F.glu(\(x), -1)")
    case "positions":
      return PyTorchLayer(constructor: "Positions(\(length("weight")))", expression: "\(module)(\(x))", parts: [.positions])
    case "dropout": return plain("F.dropout(\(x), \(number("rate") ?? 0.5), self.training)")
    case "layer_norm":
      return PyTorchLayer(constructor: "nn.LayerNorm(\(length("weight")), eps=\(epsilon(1e-5)))", expression: channelsLast(module, x))
    case "rms_norm":
      return PyTorchLayer(constructor: "nn.RMSNorm(\(length("weight")), eps=\(epsilon(1e-6)))", expression: channelsLast(module, x))
    case "batch_norm": return batchNorm(x)
    case "max_pool": return try maxPool(x)
    case "average_pool": return try averagePool(x)
    case "global_max_pool": return plain("\(x).amax((2, 3))")
    case "global_average_pool": return plain("\(x).mean((2, 3))")
    case "mean_over_time": return plain("\(x).mean(1)")
    case "select": return plain("\(x)[:, \(node.layer.options.word("position") == "first" ? 0 : -1)]")
    case "sum", "mean": return reduction(x)
    case "to_sequence": return plain("\(x).flatten(2).transpose(1, 2)")
    case "tied": return tied(x, y)
    case "flatten": return plain("\(x).flatten(1)")
    case "concat": return plain("torch.cat([\(x), \(y)], \(node.shape.count == 3 ? 1 : -1))")
    case "subsample":
      let stride = node.layer.options.extent("stride") ?? Extent2(1)
      return plain("\(x)[:, :, ::\(stride.height), ::\(stride.width)]")
    case "pad_channels":
      let added = (node.shape.first ?? 0) - (node.inputShapes.first?.first ?? 0)
      let before = node.layer.options.word("at") == "both" ? added / 2 : 0
      return plain("F.pad(\(x), (0, 0, 0, 0, \(before), \(added - before)))")
    case let word: throw ExportError(.refused, "the layer `\(word)` has no counterpart in PyTorch")
    }
  }

  private func plain(_ expression: String) -> PyTorchLayer { PyTorchLayer(expression: expression) }
  private func number(_ option: String) -> Double? { node.layer.options.number(option) }
  private func epsilon(_ usual: Double) -> Double { number("epsilon") ?? usual }
  private func length(_ tensor: String) -> Int { tensors[tensor]?.tensor.count ?? 0 }
  private var hasBias: Bool { tensors["bias"] != nil }
  private func python(_ flag: Bool) -> String { flag ? "True" : "False" }
  private func tuple(_ numbers: [Int]) -> String {
    "(" + numbers.map(String.init).joined(separator: ", ") + (numbers.count == 1 ? ",)" : ")")
  }

  /// The factors of a weight in their order; none where it is one matrix.
  private func factors(_ weight: String) -> [(name: String, tensor: DeployedTensor)] {
    tensors.filter { $0.key.hasPrefix(weight + ".") }.map { (String($0.key.dropFirst(weight.count + 1)), $0.value) }.sorted {
      order($0.0) < order($1.0)
    }
  }
  /// The factors of every form that is deployed, as they are applied.
  private func order(_ name: String) -> Int { ["u", "width", "height", "core", "v"].firstIndex(of: name) ?? 0 }

  // MARK: Weights

  private func linear(_ x: String) -> PyTorchLayer {
    let (shape, factors) = (shapes["weight"], factors("weight"))
    let (inputs, outputs, bias) = (shape?.inputs ?? 0, shape?.outputs ?? 0, hasBias ? "" : ", bias=False")
    guard let rank = factors.first?.tensor.tensor.shape.last else {
      return PyTorchLayer(constructor: "nn.Linear(\(inputs), \(outputs)\(bias))", expression: "\(module)(\(x))")
    }
    return PyTorchLayer(
      constructor: "FactorizedLinear(\(inputs), \(rank), \(outputs)\(bias))", expression: "\(module)(\(x))", parts: [.factorizedLinear])
  }

  /// `weight` is that of the other layer, inputs x outputs.
  private func tied(_ x: String, _ weight: String) -> PyTorchLayer {
    let product = "\(x) @ \(weight)" + (node.layer.options.boolean("transpose") ?? true ? ".T" : "")
    guard hasBias else { return plain(product) }
    return PyTorchLayer(
      constructor: "nn.ParameterDict({\"bias\": torch.empty(\(length("bias")))})", expression: "\(product) + \(module)[\"bias\"]")
  }

  private func reduction(_ x: String) -> PyTorchLayer {
    let isImage = node.inputShapes.first?.count == 3
    let isOverFeatures = node.layer.options.word("over") != "positions"
    let axes = isImage ? (isOverFeatures ? "1" : "(2, 3)") : (isOverFeatures ? "-1" : "1")
    return plain("\(x).\(type(of: node.layer).spec.name)(\(axes), keepdim=True)")
  }

  private func embedding(_ x: String) -> PyTorchLayer {
    let (shape, factors) = (shapes["weight"], factors("weight"))
    guard let rank = factors.first?.tensor.tensor.shape.last else {
      return PyTorchLayer(constructor: "nn.Embedding(\(shape?.inputs ?? 0), \(shape?.outputs ?? 0))", expression: "\(module)(\(x))")
    }
    return PyTorchLayer(
      constructor: "FactorizedEmbedding(\(shape?.inputs ?? 0), \(rank), \(shape?.outputs ?? 0))", expression: "\(module)(\(x))",
      parts: [.factorizedEmbedding])
  }

  private func recurrent(_ name: String, _ part: PyTorchPart, _ x: String) -> PyTorchLayer {
    var parts = [part]
    let matrices = ["weight", "recurrent"].map { weight in
      let factors = factors(weight)
      guard !factors.isEmpty else { return "nn.Parameter(torch.empty(\(tuple(tensors[weight]?.layout.storedShape ?? []))))" }
      parts.append(.factors)
      return "Factors(\(factors.map { "\($0.name)=\(tuple($0.tensor.layout.storedShape))" }.joined(separator: ", ")))"
    }
    let hidden = node.shape.last ?? 0
    return PyTorchLayer(
      constructor: "\(name)(\(matrices.joined(separator: ", ")), \(hidden))", expression: "\(module)(\(x))", parts: parts)
  }

  private func convolution(_ expression: String, parts: [PyTorchPart] = []) throws(ExportError) -> PyTorchLayer {
    guard let shape = shapes["weight"], let geometry = shape.convolution else { throw ExportError(.defect, "a convolution has no kernel") }
    let factors = factors("weight")
    guard factors.isEmpty else {
      let sizes = factors.map { "\(quoted($0.name)): \(tuple($0.tensor.layout.storedShape))" }
      let names = factors.map(\.name)
      let windows = names.map { name in "\(quoted(name)): \(window(of: name, among: names, geometry))" }
      let made =
        "FactorizedConv2d({\(sizes.joined(separator: ", "))}, {\(windows.joined(separator: ", "))}, \(hasBias ? shape.outputs : 0))"
      return PyTorchLayer(constructor: made, expression: expression, parts: parts + [.factorizedConvolution])
    }
    let (kernel, stride, padding) = (geometry.kernel, geometry.stride, geometry.padding)
    var options = ["\(shape.channels * shape.groups)", "\(shape.outputs)", tuple([kernel.height, kernel.width])]
    if stride != Extent2(1) { options.append("stride=\(tuple([stride.height, stride.width]))") }
    let isEven = padding.top == padding.bottom && padding.left == padding.right
    if isEven, padding != .none { options.append("padding=\(tuple([padding.top, padding.left]))") }
    if !isEven { options.append("zeros=\(zeros(padding))") }
    if geometry.dilation != Extent2(1) { options.append("dilation=\(tuple([geometry.dilation.height, geometry.dilation.width]))") }
    if shape.groups > 1 { options.append("groups=\(shape.groups)") }
    if !hasBias { options.append("bias=False") }
    let made = "\(isEven ? "nn.Conv2d" : "PaddedConv2d")(\(options.joined(separator: ", ")))"
    return PyTorchLayer(constructor: made, expression: expression, parts: parts + (isEven ? [] : [.paddedConvolution]))
  }

  private func quoted(_ name: String) -> String { "\"\(name)\"" }
  private func zeros(_ padding: Padding2) -> String { tuple([padding.left, padding.right, padding.top, padding.bottom]) }

  /// The stride, zeros and dilation of one factor of a convolution.
  private func window(of name: String, among names: [String], _ geometry: ConvolutionGeometry) -> String {
    let isWhole = name == "core" || (name == "u" && !names.contains("core") && !names.contains("width"))
    let (rows, columns) = (isWhole || name == "height", isWhole || name == "width")
    let stride = tuple([rows ? geometry.stride.height : 1, columns ? geometry.stride.width : 1])
    let padding = geometry.padding
    let around = tuple([
      columns ? padding.left : 0, columns ? padding.right : 0, rows ? padding.top : 0, rows ? padding.bottom : 0,
    ])
    return "(\(stride), \(around), \(tuple([rows ? geometry.dilation.height : 1, columns ? geometry.dilation.width : 1])))"
  }

  // MARK: Others

  private func attend() -> PyTorchLayer {
    let options = node.layer.options
    var arguments = inputs + ["heads=\(options.integer("heads") ?? 1)"]
    if options.boolean("causal") ?? false { arguments.append("causal=True") }
    if options.boolean("rotary") ?? false { arguments.append("base=\(options.number("base") ?? 10_000)") }
    return PyTorchLayer(expression: "attend(\(arguments.joined(separator: ", ")))", parts: [.attend])
  }

  /// A module that works on the last axis, applied to features, or to the channels of an image.
  private func channelsLast(_ module: String, _ x: String) -> String {
    node.shape.count == 3 ? "\(module)(\(x).permute(0, 2, 3, 1)).permute(0, 3, 1, 2)" : "\(module)(\(x))"
  }

  private func batchNorm(_ x: String) -> PyTorchLayer {
    let kind = node.shape.count == 3 ? "nn.BatchNorm2d" : "nn.BatchNorm1d"
    let made = "\(kind)(\(length("weight")), eps=\(epsilon(1e-5)), momentum=\(number("momentum") ?? 0.1))"
    let isSequence = node.shape.count == 2
    return PyTorchLayer(
      constructor: made, expression: isSequence ? "\(module)(\(x).transpose(1, 2)).transpose(1, 2)" : "\(module)(\(x))")
  }

  /// The window of a pool, and whether PyTorch's own takes it: zeros alike on both sides and at most half the kernel.
  private func poolWindow() throws(ExportError) -> (ConvolutionGeometry, isOwn: Bool) {
    guard let geometry = node.layer.options.window(over: node.inputShapes.first ?? []) else {
      throw ExportError(.defect, "a pool has no window")
    }
    let padding = geometry.padding
    let isEven = padding.top == padding.bottom && padding.left == padding.right
    return (geometry, isEven && padding.top * 2 <= geometry.kernel.height && padding.left * 2 <= geometry.kernel.width)
  }

  private func sizes(_ geometry: ConvolutionGeometry) -> String {
    "\(tuple([geometry.kernel.height, geometry.kernel.width])), \(tuple([geometry.stride.height, geometry.stride.width]))"
  }

  private func maxPool(_ x: String) throws(ExportError) -> PyTorchLayer {
    let (geometry, isOwn) = try poolWindow()
    let padding = geometry.padding
    if isOwn {
      let around = padding == .none ? "" : ", \(tuple([padding.top, padding.left]))"
      return plain("F.max_pool2d(\(x), \(sizes(geometry))\(around))")
    }
    return PyTorchLayer(expression: "max_pool(\(x), \(sizes(geometry)), \(zeros(padding)))", parts: [.maxPool])
  }

  private func averagePool(_ x: String) throws(ExportError) -> PyTorchLayer {
    let (geometry, isOwn) = try poolWindow()
    let (padding, includes) = (geometry.padding, node.layer.options.boolean("include_padding") ?? true)
    if isOwn {
      let around = padding == .none ? "" : ", \(tuple([padding.top, padding.left])), count_include_pad=\(python(includes))"
      return plain("F.avg_pool2d(\(x), \(sizes(geometry))\(around))")
    }
    return PyTorchLayer(
      expression: "average_pool(\(x), \(sizes(geometry)), \(zeros(padding)), \(python(includes)))", parts: [.averagePool])
  }
}
