import DrnIR
import DrnMethods
import DrnReference
import DrnTestSupport
import Foundation
import Testing

@Suite("Layers of sequences")
struct SequenceLayerTests {
  /// The layer's result on a batch of two examples of a shape, given as the matrix of all positions.
  private func run(
    _ layer: any Layer, _ inputs: [Matrix], shape: [Int], _ vectors: [String: [Double]] = [:]
  ) throws -> Matrix {
    var bench = Bench()
    let values = inputs.enumerated().map { bench.input("x\($0)", $1) }
    var named: [String: Value] = [:]
    for (name, numbers) in vectors.sorted(by: { $0.key < $1.key }) {
      named[name] = bench.input(name, [Dimension(numbers.count)], ReferenceTensor(shape: [numbers.count], values: numbers))
    }
    var context = LayerContext(
      builder: bench.builder, mode: .train, batch: 2, inputs: inputs.map { _ in shape }, layer: "layer", key: bench.key(), tensors: named
    ) { (_: inout Builder, _: String, _: WeightInput) throws(IRError) -> Value in throw IRError("no weight") }
    let result = try layer.emit(values, in: &context)
    #expect(context.builder.type(of: result).shape == valueShape(of: try layer.infer(inputs.map { _ in shape }), batch: 2))
    bench.builder = context.builder
    bench.output("y", result)
    return try #require(try bench.run()["y"])
  }

  private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// Two examples of 3 positions with 4 features.
  private let x = Matrix(6, 4, seed: 3)

  @Test("what a layer of rows does to a sequence it does to each position")
  func positionsAlike() throws {
    #expect(try layer("linear", ["outputs": .integer(7)]).infer([[3, 4]]) == [3, 7])
    #expect(
      try layer("layer_norm").infer([[3, 4]]) == [3, 4]
        && layer("layer_norm").parameters([[3, 4]]).map(\.kind) == [.vector(4), .vector(4)])
    #expect(try layer("batch_norm").infer([[3, 4]]) == [3, 4] && layer("batch_norm").buffers([[3, 4]]).map(\.size) == [4, 4])
    guard case .matrix(let shape)? = layer("linear", ["outputs": .integer(7)]).parameters([[3, 4]]).first?.kind else {
      Issue.record("no weight")
      return
    }
    #expect(shape == WeightShape(inputs: 4, outputs: 7))
    let leaky = try run(layer("leaky_relu", ["slope": .decimal(0.25)]), [x], shape: [3, 4])
    #expect(leaky.values == x.values.map { $0 > 0 ? $0 : 0.25 * $0 })
    let silu = try run(layer("silu"), [x], shape: [3, 4])
    #expect(zip(silu.values, x.values).allSatisfy { abs($0 - $1 * sigmoid($1)) < 1e-14 })
    let rms = try run(layer("rms_norm", ["epsilon": .decimal(1e-3)]), [x], shape: [3, 4], ["weight": [1, 2, 3, 4]])
    for row in 0..<6 {
      let mean = (0..<4).reduce(0) { $0 + x[row, $1] * x[row, $1] } / 4
      for column in 0..<4 { #expect(abs(rms[row, column] - x[row, column] / (mean + 1e-3).squareRoot() * Double(column + 1)) < 1e-13) }
    }
    let gated = try run(layer("glu"), [x], shape: [3, 4])
    for row in 0..<6 { for column in 0..<2 { #expect(abs(gated[row, column] - x[row, column] * sigmoid(x[row, column + 2])) < 1e-14) } }
  }

  @Test("the mean, the first and the last position are vectors; a sequence is flattened position by position")
  func reductions() throws {
    let mean = try run(layer("mean_over_time"), [x], shape: [3, 4])
    let (first, last) = (
      try run(layer("select", ["position": .word("first")]), [x], shape: [3, 4]), try run(layer("select"), [x], shape: [3, 4])
    )
    for example in 0..<2 {
      for column in 0..<4 {
        let sum = (0..<3).reduce(0) { $0 + x[3 * example + $1, column] }
        #expect(abs(mean[example, column] - sum / 3) < 1e-14)
        #expect(first[example, column] == x[3 * example, column] && last[example, column] == x[3 * example + 2, column])
      }
    }
    #expect(try run(layer("flatten"), [x], shape: [3, 4]).values == x.values)
  }

  @Test("positions adds the same row to the same position of every example")
  func positions() throws {
    let table = (0..<12).map { Double($0) / 8 }
    let y = try run(layer("positions"), [x], shape: [3, 4], ["weight": table])
    for row in 0..<6 { for column in 0..<4 { #expect(y[row, column] == x[row, column] + table[row % 3 * 4 + column]) } }
  }

  @Test("operators and scalar functions work on each element")
  func arithmetic() throws {
    let y = Matrix(6, 4, seed: 8)
    let cases: [(String, (Double, Double) -> Double)] = [
      ("add", { $0 + $1 }), ("subtract", { $0 - $1 }), ("multiply", { $0 * $1 }), ("divide", { $0 / $1 }), ("maximum", { max($0, $1) }),
      ("minimum", { min($0, $1) }),
    ]
    for (name, function) in cases {
      let result = try run(layer(name), [x, y], shape: [3, 4])
      #expect(zip(result.values, zip(x.values, y.values)).allSatisfy { abs($0 - function($1.0, $1.1)) < 1e-14 }, "\(name)")
    }
    let functions: [(String, (Double) -> Double)] = [
      ("exp", { exp($0) }), ("square", { $0 * $0 }), ("abs", { abs($0) }), ("negate", { -$0 }), ("reciprocal", { 1 / $0 }),
    ]
    for (name, function) in functions {
      let result = try run(layer(name), [x], shape: [3, 4])
      #expect(zip(result.values, x.values).allSatisfy { abs($0 - function($1)) <= 1e-12 * abs(function($1)) }, "\(name)")
    }
    let positive = Matrix(6, 4, x.values.map { abs($0) + 0.1 })
    #expect(try run(layer("log"), [positive], shape: [3, 4]).values.elementsEqual(positive.values) { abs($0 - log($1)) < 1e-13 })
    #expect(try run(layer("sqrt"), [positive], shape: [3, 4]).values.elementsEqual(positive.values) { abs($0 - $1.squareRoot()) < 1e-13 })
    #expect(try run(layer("scale", ["factor": .decimal(0.5)]), [x], shape: [3, 4]).values == x.values.map { $0 / 2 })
    #expect(try run(layer("shift", ["by": .decimal(0.5)]), [x], shape: [3, 4]).values == x.values.map { $0 + 0.5 })
    let cubed = try run(layer("signed_power", ["exponent": .integer(3)]), [x], shape: [3, 4])
    #expect(zip(cubed.values, x.values).allSatisfy { abs($0 - $1 * $1 * $1) < 1e-13 })
  }

  @Test("concat joins the features of sequences of one length")
  func concatenation() throws {
    let y = try run(layer("concat"), [x, x], shape: [3, 4])
    #expect(y.columns == 8 && (0..<6).allSatisfy { y[$0, 1] == x[$0, 1] && y[$0, 6] == x[$0, 2] })
  }

  @Test("what does not fit is said with its numbers")
  func errors() throws {
    func message(_ name: String, _ inputs: [[Int]], _ options: [String: OptionValue] = [:]) throws -> String {
      let layer = layer(name, options)
      return #expect(throws: LayerError.self) { try layer.infer(inputs) }?.message ?? ""
    }
    #expect(try message("glu", [[3, 5]]) == "halves the features, but its input has shape [3, 5]")
    #expect(try message("mean_over_time", [[5]]).contains("[5]") && message("select", [[1, 2, 3]]).contains("[1, 2, 3]"))
    #expect(try message("concat", [[3, 4], [2, 4]]).contains("[2, 4]"))
    #expect(try message("gru", [[1025, 3]], ["hidden": .integer(2)]).contains("at most 1024 positions"))
    #expect(
      try message("multiply", [[3, 4], [4, 3]]) == "takes tensors of one shape, but for axes of size 1, and is given [3, 4] and [4, 3]")
    #expect(
      try message("embedding", [[3, 4]], ["vocabulary": .integer(5), "width": .integer(2)])
        == "expects tokens, but its input has shape [3, 4]")
  }
}

/// Layers with matrices, which are given by name.
@Suite("Layers of sequences with weights")
struct WeightedSequenceLayerTests {
  private func run(
    _ name: String, _ options: [String: OptionValue], _ x: Matrix, shape: [Int], batch: Int, _ matrices: [String: Matrix],
    _ vectors: [String: [Double]] = [:]
  ) throws -> Matrix {
    let layer = layer(name, options)
    var shapes: [String: WeightShape] = [:]
    for parameter in layer.parameters([shape]) {
      switch parameter.kind {
      case .matrix(let shape): shapes[parameter.name] = shape
      case .vector(let count): #expect(vectors[parameter.name]?.count == count)
      }
    }
    var bench = Bench()
    let input = bench.input("x", x)
    var weights: [String: Value] = [:]
    for (name, matrix) in matrices.sorted(by: { $0.key < $1.key }) {
      #expect(shapes[name]?.inputs == matrix.rows && shapes[name]?.outputs == matrix.columns)
      weights[name] = bench.input(name, matrix)
    }
    var tensors: [String: Value] = [:]
    for (name, numbers) in vectors.sorted(by: { $0.key < $1.key }) {
      tensors[name] = bench.input("vector " + name, [Dimension(numbers.count)], ReferenceTensor(shape: [numbers.count], values: numbers))
    }
    var context = LayerContext(
      builder: bench.builder, mode: .train, batch: batch, inputs: [shape], layer: "layer", key: bench.key(), tensors: tensors
    ) { [weights, shapes] (builder: inout Builder, name: String, input: WeightInput) throws(IRError) -> Value in
      guard let weight = weights[name], let shape = shapes[name] else { throw IRError("no weight") }
      return try Dense(options: Options()).apply(input, parameters: [weight], shape: shape, rank: 0, in: &builder)
    }
    let result = try layer.emit([input], in: &context)
    #expect(context.builder.type(of: result).shape == valueShape(of: try layer.infer([shape]), batch: batch))
    bench.builder = context.builder
    bench.output("y", result)
    return try #require(try bench.run()["y"])
  }

  private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  @Test("conv1d is a sum over neighbours, padded with zeros at both ends", arguments: [(1, 1), (2, 1), (1, 3), (2, 3)])
  func convolution(stride: Int, groups: Int) throws {
    let (batch, length, channels, outputs, kernel) = (2, 5, 3, 6, 3)
    let x = Matrix(batch * length, channels, seed: 2)
    let w = Matrix(kernel * channels / groups, outputs, seed: 4)
    let bias = (0..<outputs).map { Double($0) }
    let y = try run(
      "conv1d",
      [
        "channels": .integer(outputs), "kernel": .integer(kernel), "stride": .integer(stride), "groups": .integer(groups),
        "padding": .integer(1),
      ],
      x, shape: [length, channels], batch: batch, ["weight": w], ["bias": bias])
    let places = (length + 2 - kernel) / stride + 1
    #expect(y.rows == batch * places && y.columns == outputs)
    let perGroup = channels / groups
    for example in 0..<batch {
      for place in 0..<places {
        for output in 0..<outputs {
          let first = output / (outputs / groups) * perGroup
          var sum = bias[output]
          for tap in 0..<kernel {
            let position = place * stride + tap - 1
            guard (0..<length).contains(position) else { continue }
            for channel in 0..<perGroup { sum += x[example * length + position, first + channel] * w[tap * perGroup + channel, output] }
          }
          #expect(abs(y[example * places + place, output] - sum) < 1e-13)
        }
      }
    }
  }

  @Test("lstm and gru are PyTorch's cells, step by step from a state of zero", arguments: [1, 4])
  func recurrent(length: Int) throws {
    let (batch, features, hidden) = (2, 3, 2)
    let x = Matrix(batch * length, features, seed: 2)
    func cell(_ gates: Int) -> (Matrix, Matrix, [Double]) {
      (Matrix(features, gates * hidden, seed: 5), Matrix(hidden, gates * hidden, seed: 6), Matrix(1, gates * hidden, seed: 7).values)
    }
    let (w, r, b) = cell(4)
    let lstm = try run(
      "lstm", ["hidden": .integer(hidden)], x, shape: [length, features], batch: batch, ["weight": w, "recurrent": r], ["bias": b])
    let (wg, rg, bg) = cell(3)
    let own = [0.3, -0.2]
    let gru = try run(
      "gru", ["hidden": .integer(hidden)], x, shape: [length, features], batch: batch, ["weight": wg, "recurrent": rg],
      ["bias": bg, "recurrent_bias": own])
    for example in 0..<batch {
      var (h, c, g) = ([0.0, 0], [0.0, 0], [0.0, 0])
      for t in 0..<length {
        func sum(_ w: Matrix, _ b: [Double], _ column: Int) -> Double {
          b[column] + (0..<features).reduce(0) { $0 + x[example * length + t, $1] * w[$1, column] }
        }
        func state(_ r: Matrix, _ h: [Double], _ column: Int) -> Double { (0..<hidden).reduce(0) { $0 + h[$1] * r[$1, column] } }
        let z = (0..<4 * hidden).map { sum(w, b, $0) + state(r, h, $0) }
        let n = (0..<hidden).map { unit in
          let reset = sigmoid(sum(wg, bg, unit) + state(rg, g, unit))
          return tanh(sum(wg, bg, 4 + unit) + reset * (state(rg, g, 4 + unit) + own[unit]))
        }
        let kept = (0..<hidden).map { sigmoid(sum(wg, bg, 2 + $0) + state(rg, g, 2 + $0)) }
        for unit in 0..<hidden {
          c[unit] = sigmoid(z[2 + unit]) * c[unit] + sigmoid(z[unit]) * tanh(z[4 + unit])
          h[unit] = sigmoid(z[6 + unit]) * tanh(c[unit])
          g[unit] = (1 - kept[unit]) * n[unit] + kept[unit] * g[unit]
          #expect(abs(lstm[example * length + t, unit] - h[unit]) < 1e-13)
          #expect(abs(gru[example * length + t, unit] - g[unit]) < 1e-13)
        }
      }
    }
  }
}
