import DrnIR
import DrnTestSupport
import Testing

@Suite("A batch divided over devices") struct BatchDivisionTests {
  /// The division of a function of x (4 x 6) of the batch, w (6 x 5) and labels (4), over two devices.
  private func division(
    _ make: (inout Builder, _ x: Value, _ w: Value, _ labels: Value) throws -> [Value]
  ) throws -> (BatchDivision, Function) {
    var b = Builder(function: "f", in: Module(name: "m"))
    let x = b.argument("x", role: .batch, .f32([4, 6]))
    let w = b.argument("w", role: .weight, .f32([6, 5]))
    let labels = b.argument("labels", role: .batch, TensorType(.i32, [4]))
    for (index, value) in try make(&b, x, w, labels).enumerated() { b.result("y\(index)", role: .output, value) }
    return (try #require(BatchDivision(b.function, devices: 2)), b.function)
  }

  @Test("there is none on one device, without a batch, and where the devices do not divide its rows")
  func none() throws {
    var b = Builder(function: "f", in: Module(name: "m"))
    let x = b.argument("x", role: .batch, .f32([4, 6]))
    b.result("y", role: .output, x)
    #expect(BatchDivision(b.function, devices: 1) == nil && BatchDivision(b.function, devices: 3) == nil)
    #expect(BatchDivision(b.function, devices: 4) != nil)
    #expect(BatchDivision(Function(name: "empty"), devices: 2) == nil)
  }

  @Test("a product is divided with its rows, and is summed where rows are multiplied away")
  func products() throws {
    let (division, function) = try division { b, x, w, _ in
      let y = try b.matmul(x, w)
      return [
        y, try b.transpose(y), try b.matmul(x, y, transposeLeft: true), try b.matmul(w, x, transposeLeft: true, transposeRight: true),
      ]
    }
    let axes = function.results.map { division.axis(of: $0.value) }
    #expect(axes == [0, 1, nil, 1])
    #expect(division.sums.map(\.operation) == [2] && division.bytes == 4 * 6 * 5 && division.moves.isEmpty)
  }

  @Test("sums over the divided axis cost their results, others nothing; what nothing reads costs nothing")
  func sums() throws {
    let (division, function) = try division { b, x, w, labels in
      let columns = try b.sum(x, axes: [0])
      let rows = try b.sum(x, axes: [1])
      let norm = try b.emitOne(.norm, [x, w])
      let loss = try b.emitOne(.softmaxCrossEntropy, [try b.matmul(x, w), labels], ["smoothing": .number(0)])
      _ = try b.scatterRows(labels, x, rows: 9)
      return [columns, rows, norm, loss]
    }
    #expect(function.results.map { division.axis(of: $0.value) } == [nil, 0, nil, nil])
    #expect(division.sums.map(\.bytes) == [24, 8, 4] && division.bytes == 36)
  }

  @Test("reshapes and moves keep the axis, and parts of a batch travel")
  func moves() throws {
    let (division, function) = try division { b, x, _, _ in
      let flat = try b.reshape(x, to: [2, 2, 6])
      let wide = try b.reshape(x, to: [4, 2, 3])
      let part = try b.slice(x, starts: [0, 0], sizes: [2, 6])
      let columns = try b.slice(x, starts: [0, 1], sizes: [4, 2])
      return [flat, wide, part, columns, try b.channelsFirst(try b.reshape(x, to: [4, 1, 2, 3]))]
    }
    #expect(function.results.map { division.axis(of: $0.value) } == [0, 0, 0, 0, 0])
    #expect(division.moves == [2])
  }

  @Test("batch norm sums two moments and two gradients for each column, layer norm those of scale and offset")
  func normalizations() throws {
    let (division, function) = try division { b, x, _, _ in
      let vector = try b.constant(1, shape: [6])
      let normed = try b.emit(.batchNorm, [x, vector, vector], ["epsilon": .number(1e-5)])
      let gradients = try b.emit(
        .batchNormGradient, [x, x, normed[1], normed[2], vector], ["epsilon": .number(1e-5)])
      let layer = try b.emit(.layerNorm, [x, vector, vector], ["epsilon": .number(1e-5)])
      let others = try b.emit(.layerNormGradient, [x, x, layer[1], layer[2], vector])
      return normed + gradients + layer + others
    }
    #expect(function.results.map { division.axis(of: $0.value) } == [0, nil, nil, 0, nil, nil, 0, 0, 0, 0, nil, nil])
    #expect(division.bytes == 4 * 24 + 2 * 24)
  }
}
