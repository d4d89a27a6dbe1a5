import DrnIR
import DrnMethods
import DrnReference
import DrnTestSupport
import Foundation
import Testing

@Suite("Layers")
struct LayerTests {
  /// The layer's result and new buffers on a batch, with a dense matrix named `weight` where it has one.
  private func run(
    _ layer: any Layer, _ inputs: [Matrix], _ tensors: [String: Matrix] = [:], mode: LayerContext.Mode = .train
  ) throws -> [String: Matrix] {
    var bench = Bench()
    let values = inputs.enumerated().map { bench.input("x\($0)", $1) }
    var named: [String: Value] = [:]
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      named[name] =
        tensor.rows == 1
        ? bench.input(name, [Dimension(tensor.columns)], ReferenceTensor(shape: [tensor.columns], values: tensor.values))
        : bench.input(name, tensor)
    }
    let key = mode == .train ? bench.key() : nil
    let weight = named["weight"]
    var context = LayerContext(
      builder: bench.builder, mode: mode, batch: inputs.first?.rows ?? 0, inputs: inputs.map { [$0.columns] }, layer: "layer", key: key,
      tensors: named
    ) {
      (builder: inout Builder, _: String, x: WeightInput) throws(IRError) -> Value in
      guard let weight else { throw IRError("no weight") }
      return try builder.matmul(try x.matrix(in: &builder), weight)
    }
    let result = try layer.emit(values, in: &context)
    bench.builder = context.builder
    bench.output("y", result)
    for (name, value) in context.newBuffers.sorted(by: { $0.key < $1.key }) { bench.output("new \(name)", value) }
    return try bench.run()
  }

  @Test("every word leads to its layer, and every layer says how many tensors it takes")
  func words() throws {
    for type in Layers.all {
      #expect(Layers.named(type.spec.name)?.spec.name == type.spec.name)
      #expect(type.inputCount >= 1 && !type.spec.summary.isEmpty)
    }
    #expect(Layers.named("liner") == nil)
  }

  @Test("linear refuses an image and says what to put before it; flatten makes it fit")
  func linearShapes() throws {
    let linear = layer("linear", ["outputs": .integer(10)])
    let error = #expect(throws: LayerError.self) { try linear.infer([[1, 28, 28]]) }
    #expect(error?.message == "expects a vector, or a sequence of them, but its input has shape [1, 28, 28]")
    #expect(error?.help == "put `flatten` before it")
    let flat = try layer("flatten").infer([[1, 28, 28]])
    #expect(flat == [784])
    #expect(try linear.infer([flat]) == [10])
    #expect(throws: LayerError.self) { try linear.infer([[3], [3]]) }
    #expect(throws: LayerError.self) { try layer("flatten").infer([[Int.max, 2]]) }
  }

  @Test("linear computes x W + b and initializes like PyTorch unless told otherwise")
  func linear() throws {
    let linear = layer("linear", ["outputs": .integer(3)])
    let (x, w, b) = (Matrix(4, 5, seed: 1), Matrix(5, 3, seed: 2), Matrix(1, 3, seed: 3))
    let y = try #require(try run(linear, [x], ["weight": w, "bias": b])["y"])
    let expected = x * w + Matrix(4, 1, repeating: 1) * b
    #expect(y.distance(to: expected) < 1e-13)
    let parameters = linear.parameters([[5]])
    #expect(parameters.map(\.initializer) == [.fanInUniform(inputs: 5), .fanInUniform(inputs: 5)])
    let he = layer("linear", ["outputs": .integer(3), "initial": .word("he"), "bias": .boolean(false)])
    #expect(he.parameters([[5]]).map(\.initializer) == [.heNormal])
    #expect(try run(he, [x], ["weight": w])["y"] == x * w)
  }

  @Test("add takes two tensors of one shape and no others")
  func add() throws {
    let add = layer("add")
    #expect(try add.infer([[4], [4]]) == [4])
    let error = #expect(throws: LayerError.self) { try add.infer([[4], [5]]) }
    #expect(error?.message.contains("[4] and [5]") == true)
    let (a, b) = (Matrix(2, 3, seed: 1), Matrix(2, 3, seed: 2))
    #expect(try run(add, [a, b])["y"] == a + b)
  }

  @Test("batch_norm normalizes by the biased variance and averages the unbiased one")
  func batchNorm() throws {
    let norm = layer("batch_norm", ["momentum": .decimal(0.25)])
    let x = Matrix(6, 2, seed: 5)
    let tensors = [
      "weight": Matrix(1, 2, [2, 3]), "bias": Matrix(1, 2, [0.5, -1]), "running_mean": Matrix(1, 2, [1, 1]),
      "running_var": Matrix(1, 2, [4, 4]),
    ]
    let trained = try run(norm, [x], tensors)
    let evaluated = try run(norm, [x], tensors, mode: .evaluate)
    for column in 0..<2 {
      let values = (0..<6).map { x[$0, column] }
      let mean = values.reduce(0, +) / 6
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let (scale, shift) = ([2.0, 3][column], [0.5, -1][column])
      let expected = (values[0] - mean) / (squares / 6 + 1e-5).squareRoot() * scale + shift
      #expect(abs(try #require(trained["y"])[0, column] - expected) < 1e-12)
      #expect(abs(try #require(trained["new running_mean"]).values[column] - (0.75 + 0.25 * mean)) < 1e-12)
      #expect(abs(try #require(trained["new running_var"]).values[column] - (3 + 0.25 * squares / 5)) < 1e-12)
      let fixed = (values[0] - 1) / (4 + 1e-5).squareRoot() * scale + shift
      #expect(abs(try #require(evaluated["y"])[0, column] - fixed) < 1e-12)
    }
    #expect(evaluated["new running_mean"] == nil)
  }

  @Test("batch_norm may start at scale zero")
  func zeroScale() throws {
    #expect(layer("batch_norm", ["scale": .word("zeros")]).parameters([[3]]).map(\.initializer) == [.zeros, .zeros])
    #expect(layer("batch_norm").parameters([[3]]).map(\.initializer) == [.ones, .zeros])
  }

  @Test("dropout drops about its rate while training and nothing when evaluating")
  func dropout() throws {
    let dropout = layer("dropout", ["rate": .decimal(0.25)])
    let x = Matrix(20, 50, repeating: 1)
    let y = try #require(try run(dropout, [x])["y"])
    let zeros = y.values.filter { $0 == 0 }.count
    // 1000 draws at 1/4: four standard deviations are 55.
    #expect(abs(zeros - 250) < 55)
    #expect(y.values.allSatisfy { $0 == 0 || abs($0 - 4 / 3) < 1e-12 })
    #expect(try run(dropout, [x], mode: .evaluate)["y"] == x)
  }

  @Test("layer_norm brings each example to mean 0 and variance 1")
  func layerNorm() throws {
    let norm = layer("layer_norm", ["epsilon": .decimal(0)])
    let y = try #require(try run(norm, [Matrix(3, 8, seed: 4)], ["weight": Matrix(1, 8, repeating: 1), "bias": Matrix(1, 8)])["y"])
    for row in 0..<3 {
      let values = (0..<8).map { y[row, $0] }
      #expect(abs(values.reduce(0, +)) < 1e-12)
      #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 8 - 1) < 1e-12)
    }
  }

  @Test("softmax sums to 1 over the features, and log_softmax is its logarithm")
  func softmax() throws {
    let x = Matrix(3, 8, seed: 4)
    let y = try #require(try run(layer("softmax"), [x])["y"])
    let logarithms = try #require(try run(layer("log_softmax"), [x])["y"])
    for row in 0..<3 {
      let sum = (0..<8).reduce(0) { $0 + exp(x[row, $1]) }
      for column in 0..<8 {
        #expect(abs(y[row, column] - exp(x[row, column]) / sum) < 1e-12)
        #expect(abs(logarithms[row, column] - (x[row, column] - log(sum))) < 1e-12)
      }
    }
  }

  /// The layers that apply one function to each element, with that function. A new one takes an entry here.
  private static let elementwise: [String: @Sendable (Double) -> Double] = [
    "relu": { max($0, 0) },
    "gelu": { 0.5 * $0 * (1 + erf($0 / 2.0.squareRoot())) },
    "tanh": { tanh($0) },
    "sigmoid": { 1 / (1 + exp(-$0)) },
  ]
  /// The other layers, whose numbers have tests of their own here in `ConvolutionLayerTests`, in `SequenceLayerTests` or in `ReductionTests`.
  private static let others: Set<String> = [
    "linear", "conv2d", "dropout", "layer_norm", "batch_norm", "max_pool", "average_pool", "global_max_pool", "global_average_pool",
    "flatten", "concat", "subsample", "pad_channels", "leaky_relu", "silu", "glu", "rms_norm", "mean_over_time", "select", "positions",
    "embedding",
    "conv1d", "attend", "lstm", "gru", "add", "subtract", "multiply", "divide", "maximum", "minimum", "scale", "shift", "signed_power",
    "negate", "reciprocal", "exp", "log", "sqrt", "square", "abs", "sum", "mean", "to_sequence", "tied",
    "softmax", "log_softmax",
  ]

  @Test("every layer has a test of its numbers")
  func complete() {
    for type in Layers.all {
      let name = type.spec.name
      #expect(
        (Self.elementwise[name] != nil) != Self.others.contains(name),
        "no numbers of `\(name)` are checked: add its function to LayerTests.elementwise, or a test, and its name to LayerTests.others")
    }
  }

  @Test("elementwise layers compute their functions", arguments: elementwise.keys.sorted())
  func computes(name: String) throws {
    let points = [-30, -3, -1, -0.25, 0, 0.5, 2, 30]
    let y = try #require(try run(layer(name), [Matrix(1, points.count, points)])["y"]).values
    let function = try #require(Self.elementwise[name])
    // The reference's error function may be good to single precision only.
    for (x, value) in zip(points, y) { #expect(abs(value - function(x)) < 1e-6, "\(name)(\(x)) is \(value), not \(function(x))") }
  }
}
