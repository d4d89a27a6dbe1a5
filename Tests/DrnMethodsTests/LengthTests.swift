import DrnIR
import DrnMethods
import DrnReference
import DrnTestSupport
import Foundation
import Testing

/// Sequences of which the last positions are filling: whatever a layer does, the filling is not in it.
@Suite("Sequences with lengths")
struct LengthTests {
  /// Layers that take sequences of two features or more, with options; a layer of tokens takes no sequence of numbers.
  private static let sequenceLayers: [any Layer] = Layers.all.compactMap { type in
    guard !type.takesTokens, !type.takesWeight else { return nil }
    let values: [String: OptionValue] = [
      "outputs": .integer(3), "channels": .integer(4), "kernel": .integer(3), "hidden": .integer(3), "heads": .integer(2),
      "over": .word("positions"), "factor": .decimal(2), "by": .decimal(0.5), "exponent": .integer(2), "rate": .decimal(0.25),
    ]
    let known = Set(type.spec.options.map(\.name))
    let options = Options(defaultsOf: type.spec).replacing(values.filter { known.contains($0.key) && ($0.key != "initial") })
    let layer = type.init(options: options)
    guard (try? layer.infer([[Int]](repeating: [5, 4], count: type.inputCount))) != nil else { return nil }
    return layer
  }

  /// What the layer makes of a batch of sequences of `positions` positions, in single examples of the given lengths or of all positions.
  private func run(
    _ layer: any Layer, _ inputs: [Matrix], positions: Int, lengths: [Int]?, mode: LayerContext.Mode = .train
  ) throws -> Matrix {
    var bench = Bench()
    let (batch, shapes) = (inputs[0].rows / positions, inputs.map { [positions, $0.columns] })
    let values = inputs.enumerated().map { bench.input("x\($0)", $1) }
    var vectors: [String: Value] = [:]
    var matrices: [String: (value: Value, shape: WeightShape)] = [:]
    for parameter in layer.parameters(shapes) {
      // The same numbers whatever the number of positions: they begin alike.
      switch parameter.kind {
      case .vector(let count):
        let numbers = Matrix(1, 64, seed: 11).values.prefix(count)
        vectors[parameter.name] = bench.input(parameter.name, [Dimension(count)], ReferenceTensor(shape: [count], values: Array(numbers)))
      case .matrix(let shape):
        matrices[parameter.name] = (bench.input(parameter.name, Matrix(shape.inputs, shape.outputs, seed: 12)), shape)
      }
    }
    for buffer in layer.buffers(shapes) {
      let numbers = [Double](repeating: 0.5, count: buffer.size)
      vectors[buffer.name] = bench.input(buffer.name, [Dimension(buffer.size)], ReferenceTensor(shape: [buffer.size], values: numbers))
    }
    let own = lengths.map { lengths in
      SequenceLengths(
        counts: bench.input(
          "lengths", TensorType(.i32, [Dimension(batch)]), ReferenceTensor(shape: [batch], values: lengths.map(Double.init))),
        mask: bench.input(
          "mask", [Dimension(batch * positions)],
          ReferenceTensor(
            shape: [batch * positions], values: lengths.flatMap { length in (0..<positions).map { $0 < length ? 1 : 0 } })))
    }
    let key = bench.key()
    var context = LayerContext(
      builder: bench.builder, mode: mode, batch: batch, inputs: shapes, lengths: own, layer: "layer", key: key, tensors: vectors
    ) { [matrices] (builder: inout Builder, name: String, input: WeightInput) throws(IRError) -> Value in
      guard let matrix = matrices[name] else { throw IRError("no weight") }
      return try Dense(options: Options()).apply(input, parameters: [matrix.value], shape: matrix.shape, rank: 0, in: &builder)
    }
    let result = try layer.emit(values, in: &context)
    bench.builder = context.builder
    bench.output("y", result)
    return try #require(try bench.run()["y"])
  }

  /// Numbers of which every function is a number.
  private func positive(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    Matrix(rows, columns, Matrix(rows, columns, seed: seed).values.map { abs($0) + 0.1 })
  }

  /// The sequence with other numbers at the positions that are filling.
  private func refilled(_ x: Matrix, positions: Int, lengths: [Int], seed: UInt64) -> Matrix {
    let other = positive(x.rows, x.columns, seed: seed)
    return Matrix(
      x.rows, x.columns,
      x.values.enumerated().map { index, value in
        let row = index / x.columns
        return row % positions < lengths[row / positions] ? value : 100 * other.values[index]
      })
  }

  /// The rows that are examples' own positions, or all where the result is no sequence any more.
  private func ownRows(_ y: Matrix, positions: Int, lengths: [Int]) -> [[Double]] {
    (0..<y.rows).filter { y.rows != lengths.count * positions || $0 % positions < lengths[$0 / positions] }
      .map { row in (0..<y.columns).map { y[row, $0] } }
  }

  @Test("no bit of an example's own positions depends on its filling, in any layer that does not refuse lengths")
  func filling() throws {
    let (positions, lengths) = (5, [3, 5, 1])
    var seen: Set<String> = []
    for layer in Self.sequenceLayers {
      let inputs = (0..<type(of: layer).inputCount).map { positive(15, 4, seed: 20 + UInt64($0)) }
      let name = type(of: layer).spec.name
      if case .refused = layer.lengthRule(inputs.map { _ in [positions, 4] }) { continue }
      let (first, second) = (
        try run(
          layer, inputs.map { refilled($0, positions: positions, lengths: lengths, seed: 1) }, positions: positions, lengths: lengths),
        try run(layer, inputs.map { refilled($0, positions: positions, lengths: lengths, seed: 2) }, positions: positions, lengths: lengths)
      )
      #expect(
        ownRows(first, positions: positions, lengths: lengths) == ownRows(second, positions: positions, lengths: lengths), "\(name)")
      seen.insert(name)
    }
    #expect(seen.isSuperset(of: ["attend", "batch_norm", "conv1d", "lstm", "gru", "mean", "sum", "mean_over_time", "select", "linear"]))
  }

  @Test("a shorter example gives what it gives alone, without filling")
  func alone() throws {
    for layer in Self.sequenceLayers {
      let name = type(of: layer).spec.name
      // Statistics of a batch and random numbers depend on the other examples.
      guard name != "dropout", name != "batch_norm" else { continue }
      let inputs = (0..<type(of: layer).inputCount).map { positive(10, 4, seed: 30 + UInt64($0)) }
      if case .refused = layer.lengthRule(inputs.map { _ in [5, 4] }) { continue }
      let filled = try run(layer, inputs, positions: 5, lengths: [3, 5])
      let short = try run(layer, inputs.map { Matrix(3, 4, Array($0.values.prefix(12))) }, positions: 3, lengths: nil)
      for row in 0..<short.rows {
        for column in 0..<short.columns { #expect(abs(filled[row, column] - short[row, column]) < 1e-13, "\(name)") }
      }
    }
  }

  @Test("batch_norm normalizes by the mean and the variance of the examples' own positions")
  func batchNorm() throws {
    let (x, norm) = (Matrix(10, 2, seed: 4), layer("batch_norm", ["epsilon": .decimal(0)]))
    let y = try run(norm, [x], positions: 5, lengths: [2, 4])
    let own = [0, 1, 5, 6, 7, 8]
    let (scale, shift) = (Matrix(1, 64, seed: 11).values, Matrix(1, 64, seed: 11).values)
    for column in 0..<2 {
      let mean = own.reduce(0) { $0 + x[$1, column] } / 6
      let variance = own.reduce(0) { $0 + (x[$1, column] - mean) * (x[$1, column] - mean) } / 6
      for row in own {
        #expect(abs(y[row, column] - ((x[row, column] - mean) / variance.squareRoot() * scale[column] + shift[column])) < 1e-12)
      }
    }
  }

  @Test("what cannot leave the filling out says why")
  func refused() {
    func reason(_ name: String, _ options: [String: OptionValue] = [:]) -> String? {
      if case .refused(let reason) = layer(name, options).lengthRule([[5, 4]]) { reason } else { nil }
    }
    #expect(reason("flatten")?.contains("one vector") == true)
    let strided: [String: OptionValue] = ["channels": .integer(4), "kernel": .integer(3), "stride": .integer(2)]
    #expect(reason("conv1d", strided)?.contains("another number of positions") == true)
    #expect(reason("conv1d", ["channels": .integer(4), "kernel": .integer(3)]) == nil)
  }
}
