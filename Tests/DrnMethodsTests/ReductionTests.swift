import DrnIR
import DrnMethods
import DrnReference
import DrnTestSupport
import Testing

@Suite("Sums and means over an axis, arithmetic between axes of size 1, shared weights")
struct ReductionTests {
  /// The layer's result on a batch of two examples of those shapes, whose values lie one example after the other in the language's order.
  private func run(_ layer: any Layer, _ shapes: [[Int]], _ values: [[Double]]) throws -> [Double] {
    var bench = Bench()
    var inputs: [Value] = []
    for (index, shape) in shapes.enumerated() {
      let laid = valueShape(of: shape, batch: 2).compactMap(\.value)
      inputs.append(
        bench.input(
          "x\(index)", laid.map { Dimension($0) }, ReferenceTensor(shape: laid, values: lying(values[index], shape, toValue: true))))
    }
    var context = LayerContext(
      builder: bench.builder, mode: .train, batch: 2, inputs: shapes, layer: "layer", key: bench.key(), tensors: [:]
    ) { (_: inout Builder, _: String, _: WeightInput) throws(IRError) -> Value in throw IRError("no weight") }
    let result = try layer.emit(inputs, in: &context)
    let shape = try layer.infer(shapes)
    #expect(context.builder.type(of: result).shape == valueShape(of: shape, batch: 2))
    let flat = try context.builder.reshape(result, to: [1, Dimension(2 * shape.reduce(1, *))])
    bench.builder = context.builder
    bench.output("y", flat)
    return lying(try #require(try bench.run()["y"]).values, shape, toValue: false)
  }

  /// Images lie channels last in values, and channels first in the language.
  private func lying(_ values: [Double], _ shape: [Int], toValue: Bool) -> [Double] {
    guard shape.count == 3 else { return values }
    let (channels, places) = (shape[0], shape[1] * shape[2])
    var result = values
    for example in 0..<2 {
      for channel in 0..<channels {
        for place in 0..<places {
          let (first, last) = (
            example * channels * places + channel * places + place, example * channels * places + place * channels + channel
          )
          if toValue { result[last] = values[first] } else { result[first] = values[last] }
        }
      }
    }
    return result
  }

  /// Sums of a tensor of two examples over some axes, which stay with the size 1.
  private func sums(_ values: [Double], _ shape: [Int], over axes: Set<Int>) -> [Double] {
    let whole = [2] + shape
    let kept = whole.indices.map { axes.contains($0 - 1) ? 1 : whole[$0] }
    var result = [Double](repeating: 0, count: kept.reduce(1, *))
    for (index, value) in values.enumerated() {
      var (rest, place, stride) = (index, 0, 1)
      for axis in whole.indices.reversed() {
        if kept[axis] > 1 { place += rest % whole[axis] * stride }
        rest /= whole[axis]
        stride *= kept[axis]
      }
      result[place] += value
    }
    return result
  }

  private func numbers(_ count: Int, seed: UInt64) -> [Double] { Matrix(1, count, seed: seed).values }

  @Test("sum and mean over features and positions, of vectors, sequences and images")
  func reduces() throws {
    let cases: [(shape: [Int], over: String, axes: Set<Int>)] = [
      ([5], "features", [0]), ([3, 4], "features", [1]), ([3, 4], "positions", [0]), ([3, 4, 5], "features", [0]),
      ([3, 4, 5], "positions", [1, 2]), ([1, 1], "positions", [0]),
    ]
    for (shape, over, axes) in cases {
      let x = numbers(2 * shape.reduce(1, *), seed: 5)
      let expected = sums(x, shape, over: axes)
      let count = Double(axes.reduce(1) { $0 * shape[$1] })
      let sum = try run(layer("sum", ["over": .word(over)]), [shape], [x])
      let mean = try run(layer("mean", ["over": .word(over)]), [shape], [x])
      #expect(sum.count == expected.count && zip(sum, expected).allSatisfy { abs($0 - $1) < 1e-13 }, "\(shape) over \(over)")
      #expect(zip(mean, expected).allSatisfy { abs($0 - $1 / count) < 1e-13 }, "\(shape) over \(over)")
    }
    #expect(throws: LayerError.self) { try layer("mean", ["over": .word("positions")]).infer([[5]]) }
  }

  @Test("an axis of size 1 is repeated, in either operand, of vectors, sequences and images")
  func broadcasts() throws {
    let cases: [([Int], [Int])] = [
      ([3, 4], [3, 1]), ([3, 1], [3, 4]), ([3, 4], [1, 4]), ([3, 1], [1, 4]), ([3, 4], [1, 1]), ([5], [1]), ([3, 4, 5], [3, 1, 1]),
      ([3, 4, 5], [1, 4, 5]), ([1, 4, 1], [3, 1, 5]),
    ]
    for (left, right) in cases {
      let shape = zip(left, right).map(max)
      let (a, b) = (numbers(2 * left.reduce(1, *), seed: 6), numbers(2 * right.reduce(1, *), seed: 7))
      let y = try run(layer("subtract"), [left, right], [a, b])
      for index in y.indices {
        func value(_ values: [Double], _ own: [Int]) -> Double {
          var (rest, place, stride) = (index, 0, 1)
          for axis in shape.indices.reversed() {
            if own[axis] > 1 { place += rest % shape[axis] * stride }
            rest /= shape[axis]
            stride *= own[axis]
          }
          return values[place + rest * stride]
        }
        #expect(y[index] == value(a, left) - value(b, right), "\(left) - \(right)")
      }
    }
    #expect(throws: LayerError.self) { try layer("add").infer([[3, 4], [4]]) }
    #expect(throws: LayerError.self) { try layer("add").infer([[3, 4], [3, 2]]) }
  }

  @Test("to_sequence reads the places of an image row by row")
  func places() throws {
    let x = numbers(2 * 3 * 2 * 2, seed: 9)
    let y = try run(layer("to_sequence"), [[3, 2, 2]], [x])
    for example in 0..<2 {
      for place in 0..<4 {
        for channel in 0..<3 { #expect(y[example * 12 + place * 3 + channel] == x[example * 12 + channel * 4 + place]) }
      }
    }
  }

  @Test("tied multiplies by the other layer's matrix, transposed unless told otherwise, and says what does not fit")
  func tied() throws {
    let (x, w) = (Matrix(2, 3, seed: 1), Matrix(5, 3, seed: 2))
    for (isTransposed, weight) in [(true, w), (false, w.transposed)] {
      var bench = Bench()
      let inputs = [bench.input("x", x), bench.input("w", weight)]
      let tied = layer("tied", ["transpose": .boolean(isTransposed), "bias": .boolean(true)])
      #expect(try tied.infer([[3], [weight.rows, weight.columns]]) == [5])
      #expect(tied.parameters([[3], [weight.rows, weight.columns]]).map(\.kind) == [.vector(5)])
      let bias = bench.input("bias", [5], ReferenceTensor(shape: [5], values: [1, 2, 3, 4, 5]))
      var context = LayerContext(
        builder: bench.builder, mode: .train, batch: 2, inputs: [[3], [weight.rows, weight.columns]], layer: "layer", key: bench.key(),
        tensors: ["bias": bias]
      ) { (_: inout Builder, _: String, _: WeightInput) throws(IRError) -> Value in throw IRError("no weight") }
      let y = try tied.emit(inputs, in: &context)
      bench.builder = context.builder
      bench.output("y", y)
      let found = try #require(try bench.run()["y"])
      let expected = x * w.transposed
      for row in 0..<2 { for column in 0..<5 { #expect(abs(found[row, column] - expected[row, column] - Double(column + 1)) < 1e-13) } }
    }
    let error = #expect(throws: LayerError.self) { try layer("tied").infer([[8, 5], [5, 3]]) }
    #expect(error?.message == "a weight of 5 x 3, transposed, takes 3 features, but the input has shape [8, 5]")
    #expect(error?.help == "write `transpose: false`")
  }
}
