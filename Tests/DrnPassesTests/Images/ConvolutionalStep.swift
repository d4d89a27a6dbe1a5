import DrnIR
import DrnPasses
import DrnTestSupport

/// A hand-built training step of a residual network: the pattern that convolutions, their gradients and normalizations are compiled for.
struct ConvolutionalStep {
  enum Form: CaseIterable, Sendable { case dense, twoFactors, adapter }

  var form = Form.dense
  var image = [2, 3, 6, 5]
  /// Channels of each stage; every stage but the first begins with stride 2.
  var channels = [4, 6]
  /// Residual blocks of each stage.
  var blocks = 1
  var rank = 2
  var classes = 3

  /// The concrete module with `@loss` and `@step`, gradients expanded.
  func module() throws -> Module {
    var module = Module(name: "residual")
    var network = Network(step: self, builder: Builder(function: "loss", in: module))
    module.set(try network.loss())
    module.set(try step(module))
    return try expandGradients(module)
  }

  private func step(_ module: Module) throws -> Function {
    guard let loss = module.function("loss") else { throw IRError("no loss") }
    var builder = Builder(function: "step", in: module)
    let found = try builder.gradients(of: loss)
    for (name, weight, gradient) in found.weights {
      let momentum = builder.argument(name + "/momentum", role: .state, builder.type(of: gradient))
      let next = try builder.add(try builder.scale(momentum, by: 0.9), gradient)
      builder.result(name, role: .weight, try builder.subtract(weight, try builder.multiply(next, found.rate)))
      builder.result(name + "/momentum", role: .state, next)
    }
    return builder.function
  }
}

/// Builds the loss layer by layer, as the lowering does: products of patches, reshaped to images.
private struct Network {
  let step: ConvolutionalStep
  var builder: Builder

  mutating func loss() throws -> Function {
    let shape = step.image.map { Dimension($0) }
    let features = builder.argument("features", role: .batch, .f32(shape))
    let labels = builder.argument("labels", role: .batch, TensorType(.i32, [shape[0]]))
    var x = try normalize("bn0", try convolve("conv0", try builder.channelsLast(features), to: step.channels[0], kernel: 3, stride: 1))
    x = try builder.emitOne(.relu, [x])
    for (stage, channels) in step.channels.enumerated() {
      for block in 0..<step.blocks {
        x = try residual("s\(stage)b\(block)", x, channels, stride: stage > 0 && block == 0 ? 2 : 1)
      }
    }
    let pixels = builder.type(of: x).shape
    let window = ConvolutionGeometry(kernel: Extent2(height: pixels[1].constant, width: pixels[2].constant))
    let pooled = try builder.channelsFirst(try builder.averagePool(x, window, includePadding: false))
    let flat = try builder.reshape(pooled, to: [shape[0], pixels[3]])
    let head = builder.argument("head", role: .weight, .f32([pixels[3], Dimension(step.classes)]))
    let loss = try builder.emitOne(.softmaxCrossEntropy, [try builder.matmul(flat, head), labels], ["smoothing": .number(0)])
    // The loss is the first result of what gradients are taken of.
    var function = builder.function
    function.results.insert(Port(name: "loss", role: .output, value: loss), at: 0)
    return function
  }

  private mutating func residual(_ name: String, _ x: Value, _ channels: Int, stride: Int) throws -> Value {
    var y = try normalize(name + ".bn1", try convolve(name + ".conv1", x, to: channels, kernel: 3, stride: stride))
    y = try builder.emitOne(.relu, [y])
    y = try normalize(name + ".bn2", try convolve(name + ".conv2", y, to: channels, kernel: 3, stride: 1))
    var shortcut = x
    if builder.type(of: x) != builder.type(of: y) {
      shortcut = try normalize(name + ".bn3", try convolve(name + ".conv3", x, to: channels, kernel: 1, stride: stride))
    }
    return try builder.emitOne(.relu, [try builder.add(y, shortcut)])
  }

  private mutating func convolve(_ name: String, _ x: Value, to outputs: Int, kernel: Int, stride: Int) throws -> Value {
    let shape = builder.type(of: x).shape
    let geometry = ConvolutionGeometry(kernel: Extent2(kernel), stride: Extent2(stride), padding: Padding2(kernel / 2))
    let patches = try builder.patches(x, geometry)
    let inputs = builder.type(of: patches).shape[1]
    let (rank, columns) = (Dimension(step.rank), Dimension(outputs))
    func weight(_ suffix: String, _ shape: [Dimension], _ builder: inout Builder) -> Value {
      builder.argument("\(name).weight\(suffix)", role: .weight, .f32(shape))
    }
    let rows: Value
    switch step.form {
    case .dense: rows = try builder.matmul(patches, weight("", [inputs, columns], &builder))
    case .twoFactors:
      rows = try builder.product([patches, weight(".u", [inputs, rank], &builder), weight(".v", [rank, columns], &builder)])
    case .adapter:
      let base = try builder.matmul(patches, weight(".w", [inputs, columns], &builder))
      let change = try builder.product([patches, weight(".a", [inputs, rank], &builder), weight(".b", [rank, columns], &builder)])
      rows = try builder.add(base, try builder.scale(change, by: 0.5))
    }
    guard let output = geometry.output(height: shape[1].constant, width: shape[2].constant) else { throw IRError("no window fits") }
    return try builder.reshape(rows, to: [shape[0], Dimension(output.height), Dimension(output.width), columns])
  }

  private mutating func normalize(_ name: String, _ x: Value) throws -> Value {
    guard let channels = builder.type(of: x).shape.last else { return x }
    let vectors = ["weight", "bias"].map { builder.argument("\(name).\($0)", role: .weight, .f32([channels])) }
    let results = try builder.emit(.batchNorm, [x] + vectors, ["epsilon": .number(1e-5)])
    for (statistic, value) in zip(["running_mean", "running_var"], results.dropFirst()) {
      let old = builder.argument("\(name).\(statistic)", role: .buffer, .f32([channels]))
      builder.result(
        "\(name).\(statistic)", role: .buffer, try builder.add(try builder.scale(old, by: 0.9), try builder.scale(value, by: 0.1)))
    }
    return results[0]
  }
}
