import DrnIR
import DrnPasses
import DrnReference
import DrnTestSupport
import Testing

@Suite("Products with one_hot are choices of rows")
struct TokenProductTests {
  /// How an embedding of `classes` rows and `columns` is written.
  enum Form: String, CaseIterable {
    case dense, transposed, factored, factoredTransposed, threeFactors, fromTheRight, sum
  }

  /// A step that embeds tokens and multiplies the result by another matrix, with gradients by all weights.
  private func module(_ form: Form, tokens count: Int = 6, classes: Int = 7, columns: Int = 5, rank: Int = 2) throws -> Module {
    var b = Builder(function: "step", in: Module(name: "embedding"))
    let tokens = b.argument("tokens", role: .batch, TensorType(.i32, [Dimension(count)]))
    var weights: [Value] = []
    func weight(_ rows: Int, _ columns: Int) -> Value {
      weights.append(b.argument("w\(weights.count)", role: .weight, .f32([Dimension(rows), Dimension(columns)])))
      return weights[weights.count - 1]
    }
    let oneHot = try b.oneHot(tokens, classes: classes)
    let embedded: Value
    switch form {
    case .dense: embedded = try b.matmul(oneHot, weight(classes, columns))
    case .transposed: embedded = try b.matmul(oneHot, weight(columns, classes), transposeRight: true)
    case .factored: embedded = try b.product([oneHot, weight(classes, rank), weight(rank, columns)])
    case .factoredTransposed:
      embedded = try b.product([oneHot, weight(rank, classes), weight(columns, rank)], transposes: [false, true, true])
    case .threeFactors: embedded = try b.product([oneHot, weight(classes, rank), weight(rank, rank), weight(rank, columns)])
    case .fromTheRight:
      embedded = try b.transpose(try b.matmul(weight(columns, classes), oneHot, transposeRight: true))
    case .sum:
      embedded = try b.add(
        try b.matmul(oneHot, weight(classes, columns)), try b.product([oneHot, weight(classes, rank), weight(rank, columns)]))
    }
    let loss = try b.sumAll(try b.square(try b.matmul(embedded, weight(columns, 3))))
    let gradients = try pullBack(of: [loss], cotangents: [try b.constant(1)], wrt: weights, in: &b, from: 0)
    b.result("loss", role: .output, loss)
    for (index, gradient) in gradients.enumerated() { b.result("d\(index)", role: .output, gradient) }
    var module = Module(name: "embedding")
    module.set(b.function)
    return module
  }

  private func arguments(_ function: Function) -> [String: ReferenceTensor] {
    var arguments = function.sampleArguments(seed: 3)
    let tokens = arguments["tokens"]?.values ?? []
    arguments["tokens"]?.values = tokens.indices.map { [3, 0, 6, 3, 9, -2][$0 % 6] }
    return arguments
  }

  @Test("values and gradients stay, and no one_hot is left", arguments: Form.allCases)
  func agrees(form: Form) throws {
    let module = try module(form)
    let ordered = try optimize(module, roots: ["step"])
    #expect(verify(ordered) == [])
    let (before, after) = (try #require(module.function("step")), try #require(ordered.function("step")))
    #expect(after.count(.oneHot) == 0 && after.count(.gatherRows) > 0 && after.count(.scatterRows) > 0)
    let arguments = arguments(before)
    let expected = try evaluate(function: before, module: module, arguments: arguments)
    let found = try evaluate(function: after, module: ordered, arguments: arguments)
    #expect(expected.keys.sorted() == found.keys.sorted())
    for (name, tensor) in expected {
      // Both in double precision: sums of a few products below 1 in another order.
      let isClose = found[name]?.values.elementsEqual(tensor.values) { abs($0 - $1) <= 1e-9 } ?? false
      #expect(isClose, "\(form) \(name)")
    }
  }

  @Test("few rows are chosen from the first factor, many from the product of the factors")
  func order() throws {
    func gathered(tokens: Int, classes: Int) throws -> [[Int]] {
      let ordered = try chooseContractionOrder(try module(.factored, tokens: tokens, classes: classes, columns: 64, rank: 8))
      let function = try #require(ordered.function("step"))
      return function.operations.filter { $0.opcode == .gatherRows }.compactMap { function.type(of: $0.operands[1]).extents }
    }
    #expect(try gathered(tokens: 64, classes: 4096).first == [4096, 8])
    #expect(try gathered(tokens: 65536, classes: 32).first == [32, 64])
  }

  @Test("a one_hot that something else reads too is kept")
  func otherUses() throws {
    var b = Builder(function: "step", in: Module(name: "both"))
    let tokens = b.argument("tokens", role: .batch, TensorType(.i32, [4]))
    let oneHot = try b.oneHot(tokens, classes: 3)
    let table = b.argument("table", role: .weight, .f32([3, 2]))
    b.result("y", role: .output, try b.matmul(oneHot, table))
    b.result("one_hot", role: .output, oneHot)
    var module = Module(name: "both")
    module.set(b.function)
    let function = try #require(try optimize(module, roots: ["step"]).function("step"))
    #expect(function.count(.oneHot) == 1 && function.count(.gatherRows) == 1 && function.count(.matmul) == 0)
  }
}
