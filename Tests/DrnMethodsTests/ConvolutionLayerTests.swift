import DrnIR
import DrnMethods
import DrnReference
import DrnTestSupport
import Testing

@Suite("Layers of images")
struct ConvolutionLayerTests {
  /// The layer's result on images, its dense weight and its vectors given, and its new buffers.
  private func run(
    _ layer: any Layer, _ inputs: [Images], weight: Matrix? = nil, groups: Int = 1, _ vectors: [String: [Double]] = [:],
    mode: LayerContext.Mode = .train
  ) throws -> [String: [Double]] {
    var bench = Bench()
    let values = inputs.enumerated().map { bench.input("x\($0)", $1.shape, $1.tensor) }
    var tensors: [String: Value] = [:]
    for (name, numbers) in vectors.sorted(by: { $0.key < $1.key }) {
      tensors[name] = bench.input(name, [Dimension(numbers.count)], ReferenceTensor(shape: [numbers.count], values: numbers))
    }
    let matrix = weight.map { bench.input("w", $0) }
    let key = mode == .train ? bench.key() : nil
    let shape = WeightShape(inputs: weight?.rows ?? 1, outputs: weight?.columns ?? 1, groups: groups)
    var context = LayerContext(
      builder: bench.builder, mode: mode, batch: inputs.first?.batch ?? 0, inputs: inputs.map { [$0.channels, $0.height, $0.width] },
      layer: "layer", key: key, tensors: tensors
    ) {
      (builder: inout Builder, _: String, input: WeightInput) throws(IRError) -> Value in
      guard let matrix else { throw IRError("no weight") }
      return try Dense(options: Options()).apply(input, parameters: [matrix], shape: shape, rank: 0, in: &builder)
    }
    let result = try layer.emit(values, in: &context)
    bench.builder = context.builder
    bench.output("y", result)
    for (name, value) in context.newBuffers.sorted(by: { $0.key < $1.key }) { bench.output("new \(name)", value) }
    return try bench.run().mapValues(\.values)
  }

  @Test(
    "conv2d adds its bias and keeps groups apart",
    arguments: [(1, 1, "same"), (2, 2, "same"), (4, 1, "valid"), (2, 2, "symmetric")])
  func convolution(groups: Int, stride: Int, padding: String) throws {
    let conv = layer(
      "conv2d",
      ["channels": .integer(8), "kernel": .integer(3), "stride": .integer(stride), "padding": .word(padding), "groups": .integer(groups)])
    guard case .matrix(let shape)? = conv.parameters([[4, 6, 5]]).first?.kind else { Issue.record("no weight"); return }
    #expect(shape.inputs == 36 / groups && shape.outputs == 8 && shape.groups == groups)
    let (x, w) = (Images(2, 6, 5, 4, seed: 1), Matrix(shape.inputs, 8, seed: 2))
    let bias = (0..<8).map { Double($0) / 4 }
    var expected = x.convolved(w, try #require(shape.convolution), groups: groups)
    for index in expected.values.indices { expected.values[index] += bias[index % 8] }
    let y = try #require(try run(conv, [x], weight: w, groups: groups, ["bias": bias])["y"])
    #expect(expected.distance(to: y) < 1e-13)
    #expect(try conv.infer([[4, 6, 5]]) == [8, expected.height, expected.width])
  }

  @Test(
    "same padding gives the input's size over the stride, the odd zero at the end; symmetric the same zeros on both sides",
    arguments: [(8, 3, 2, 0, 1), (7, 3, 2, 1, 1), (8, 3, 1, 1, 1), (9, 2, 1, 0, 1), (6, 5, 4, 1, 2), (5, 1, 2, 0, 0)])
  func padding(size: Int, kernel: Int, stride: Int, before: Int, after: Int) throws {
    func geometry(_ word: String) throws -> ConvolutionGeometry {
      let conv = layer(
        "conv2d", ["channels": .integer(1), "kernel": .integer(kernel), "stride": .integer(stride), "padding": .word(word)])
      guard case .matrix(let shape)? = conv.parameters([[1, size, size]]).first?.kind else { throw IRError("no weight") }
      return try #require(shape.convolution)
    }
    let same = try geometry("same").padding
    #expect([same.top, same.bottom, same.left, same.right] == [before, after, before, after])
    #expect(try geometry("same").output(height: size, width: size)?.height == (size + stride - 1) / stride)
    #expect(try geometry("symmetric").padding == Padding2((kernel - 1) / 2) && geometry("valid").padding == Padding2(0))
  }

  @Test("layer_norm and rms_norm take the channels of each pixel of an image")
  func pixelNorms() throws {
    let x = Images(2, 3, 2, 4, seed: 5)
    let (weight, bias) = ([1, 2, 3, 4.0], [0.5, 0, -1, 2])
    for norm in [layer("layer_norm"), layer("rms_norm")] {
      #expect(try norm.infer([[4, 3, 2]]) == [4, 3, 2])
      #expect(norm.parameters([[4, 3, 2]]).allSatisfy { $0.kind == .vector(4) })
    }
    let normed = try #require(try run(layer("layer_norm", ["epsilon": .decimal(0.01)]), [x], ["weight": weight, "bias": bias])["y"])
    let scaled = try #require(try run(layer("rms_norm", ["epsilon": .decimal(0.01)]), [x], ["weight": weight])["y"])
    for pixel in 0..<12 {
      let values = (0..<4).map { x.values[pixel * 4 + $0] }
      let mean = values.reduce(0, +) / 4
      let (square, variance) = (values.reduce(0) { $0 + $1 * $1 } / 4, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4)
      for channel in 0..<4 {
        let expected = (values[channel] - mean) / (variance + 0.01).squareRoot() * weight[channel] + bias[channel]
        #expect(abs(normed[pixel * 4 + channel] - expected) < 1e-13)
        #expect(abs(scaled[pixel * 4 + channel] - values[channel] / (square + 0.01).squareRoot() * weight[channel]) < 1e-13)
      }
    }
  }

  @Test("conv2d starts as PyTorch's Conv2d does, from the numbers one output sees")
  func initial() throws {
    let conv = layer("conv2d", ["channels": .integer(8), "kernel": .integer(3), "groups": .integer(2)])
    #expect(conv.parameters([[4, 6, 6]]).map(\.initializer) == [.fanInUniform(inputs: 18), .fanInUniform(inputs: 18)])
    let glorot = layer("conv2d", ["channels": .integer(8), "kernel": .integer(3), "initial": .word("glorot")])
    #expect(glorot.parameters([[4, 6, 6]]).map(\.initializer) == [.glorotUniform, .zeros])
  }

  @Test("what does not fit is said with its numbers")
  func errors() throws {
    func message(_ name: String, _ options: [String: OptionValue], _ inputs: [[Int]]) throws -> String {
      let layer = layer(name, options)
      return #expect(throws: LayerError.self) { try layer.infer(inputs) }?.message ?? ""
    }
    let base: [String: OptionValue] = ["channels": .integer(6), "kernel": .integer(5), "padding": .word("valid")]
    #expect(try message("conv2d", base, [[3, 4, 9]]) == "a kernel of 5 x 5 does not fit an image of 4 x 9")
    #expect(try message("conv2d", base, [[784]]).contains("[784]"))
    #expect(
      try message("conv2d", base.merging(["groups": .integer(2)]) { $1 }, [[3, 8, 8]])
        == "2 groups do not divide the 3 channels of its input")
    #expect(try message("conv2d", base.merging(["groups": .integer(4)]) { $1 }, [[4, 8, 8]]).contains("6 channels of its result"))
    #expect(try message("max_pool", ["kernel": .integer(2), "padding": .integer(2)], [[3, 8, 8]]).contains("padding"))
    #expect(try message("concat", [:], [[3, 8, 8], [3, 8, 9]]).contains("[3, 8, 9]"))
    #expect(try message("pad_channels", ["channels": .integer(2)], [[3, 8, 8]]) == "cannot pad 3 channels to 2")
    #expect(try message("global_average_pool", [:], [[10]]).contains("[10]"))
    #expect(try message("batch_norm", [:], [[3, 4, 2, 2]]).contains("[3, 4, 2, 2]"))
    let huge: [String: OptionValue] = ["channels": .integer(1), "kernel": .integer(1024), "padding": .integer(1024)]
    #expect(try message("conv2d", huge, [[Int.max / 2, 2, 2]]).contains("too long"))
  }

  @Test("batch_norm on images takes its statistics over batch, height and width")
  func batchNorm() throws {
    let x = Images(2, 3, 2, 2, seed: 5)
    let norm = layer("batch_norm", ["momentum": .decimal(0.25), "epsilon": .decimal(0)])
    #expect(try norm.infer([[2, 3, 2]]) == [2, 3, 2] && norm.buffers([[2, 3, 2]]).map(\.size) == [2, 2])
    let vectors = ["weight": [2.0, 3], "bias": [0.5, -1], "running_mean": [1.0, 1], "running_var": [4.0, 4]]
    let (trained, evaluated) = (try run(norm, [x], vectors), try run(norm, [x], vectors, mode: .evaluate))
    for channel in 0..<2 {
      let values = stride(from: channel, to: x.values.count, by: 2).map { x.values[$0] }
      let mean = values.reduce(0, +) / 12
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let (scale, shift) = (vectors["weight"]?[channel] ?? 0, vectors["bias"]?[channel] ?? 0)
      let last = values.count - 1
      let expected = (values[last] - mean) / (squares / 12).squareRoot() * scale + shift
      #expect(abs(try #require(trained["y"])[2 * last + channel] - expected) < 1e-12)
      #expect(abs(try #require(trained["new running_mean"])[channel] - (0.75 + 0.25 * mean)) < 1e-12)
      #expect(abs(try #require(trained["new running_var"])[channel] - (3 + 0.25 * squares / 11)) < 1e-12)
      #expect(abs(try #require(evaluated["y"])[2 * last + channel] - ((values[last] - 1) / 2 * scale + shift)) < 1e-12)
    }
  }

  @Test("pools take the largest or the mean of each window; a stride of the window's size unless given")
  func pools() throws {
    let x = Images(1, 4, 4, 1, (0..<16).map { Double($0) })
    #expect(try run(layer("max_pool", ["kernel": .integer(2)]), [x])["y"] == [5, 7, 13, 15])
    #expect(try run(layer("average_pool", ["kernel": .integer(2)]), [x])["y"] == [2.5, 4.5, 10.5, 12.5])
    let overlapping = layer("max_pool", ["kernel": .integer(3), "stride": .integer(2), "padding": .word("same")])
    #expect(try run(overlapping, [x])["y"] == [10, 11, 14, 15] && overlapping.infer([[1, 4, 4]]) == [1, 2, 2])
    func corner(_ includes: Bool) throws -> Double? {
      let pool = layer("average_pool", ["kernel": .integer(2), "padding": .integer(1), "include_padding": .boolean(includes)])
      return try run(pool, [Images(1, 2, 2, 1, [8, 1, 1, 1])])["y"]?.first
    }
    #expect(try corner(true) == 2 && corner(false) == 8)
    let two = Images(1, 2, 2, 2, [1, 10, 2, 20, 3, 30, 6, 60])
    #expect(try run(try layer("global_average_pool"), [two])["y"] == [3, 30] && layer("global_average_pool").infer([[2, 2, 2]]) == [2])
    #expect(try run(layer("global_max_pool"), [two])["y"] == [6, 60])
  }

  @Test("flatten reads an image channel by channel, as the language shows its shape")
  func flatten() throws {
    let x = Images(1, 1, 2, 3, [1, 2, 3, 4, 5, 6])
    #expect(try run(layer("flatten"), [x])["y"] == [1, 4, 2, 5, 3, 6])
  }

  @Test("concat joins channels, subsample keeps every other place, pad_channels adds zeros")
  func shortcuts() throws {
    let (a, b) = (Images(1, 1, 2, 1, [1, 2]), Images(1, 1, 2, 2, [3, 4, 5, 6]))
    #expect(
      try run(try layer("concat"), [a, b])["y"] == [1, 3, 4, 2, 5, 6] && layer("concat").infer([[1, 1, 2], [2, 1, 2]]) == [3, 1, 2])
    #expect(try layer("concat").infer([[4], [3]]) == [7])
    let x = Images(1, 3, 3, 1, (0..<9).map { Double($0) })
    let subsample = layer("subsample", ["stride": .integer(2)])
    #expect(try run(subsample, [x])["y"] == [0, 2, 6, 8] && subsample.infer([[1, 3, 3]]) == [1, 2, 2])
    #expect(try run(layer("pad_channels", ["channels": .integer(3)]), [a])["y"] == [1, 0, 0, 2, 0, 0])
    #expect(try run(layer("pad_channels", ["channels": .integer(3), "at": .word("both")]), [a])["y"] == [0, 1, 0, 0, 2, 0])
    #expect(try run(layer("pad_channels", ["channels": .integer(1)]), [a])["y"] == [1, 2])
  }

  @Test("dropout drops about its rate of an image")
  func dropout() throws {
    let x = Images(2, 10, 10, 5, Array(repeating: 1, count: 1000))
    let y = try #require(try run(layer("dropout", ["rate": .decimal(0.25)]), [x])["y"])
    let dropped = Double(y.filter { $0 == 0 }.count) / 1000
    // Five standard deviations of 1000 draws.
    #expect(abs(dropped - 0.25) < 0.07 && y.allSatisfy { $0 == 0 || abs($0 - 4.0 / 3) < 1e-12 })
  }
}
