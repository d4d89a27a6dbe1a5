@testable import DrnPasses
import DrnIR
import DrnKernels
import DrnTestSupport
import Testing

@Suite("Order of multiplication")
struct ContractionTests {
  /// The shapes of the matmuls of a training step of one factored layer, as rows x inner x columns in program order.
  static func shapes(
    batch: Int, inputs: Int, outputs: Int, rank: Int, form: TrainingStep.Form = .twoFactors
  ) throws -> [[Int]] {
    let module = try TrainingStep(form: form, batch: batch, widths: [inputs, outputs], rank: rank).module()
    let ordered = try chooseContractionOrder(try eliminateDeadCode(module, roots: ["step"]))
    let function = try #require(ordered.function("step"))
    #expect(verify(ordered) == [])
    #expect(function.count(.product) == 0)
    return function.operations.filter { $0.opcode == .matmul }.compactMap { operation in
      guard let left = function.type(of: operation.operands[0]).extents, let result = function.type(of: operation.results[0]).extents else {
        return nil
      }
      return [result[0], operation.attributes.boolean("transpose_left") == true ? left[0] : left[1], result[1]]
    }
  }

  @Test("at a small rank x (U V) is never formed, and x U and dy V^T are computed once")
  func smallRank() throws {
    // x U, (x U) V, dy V^T, x^T (dy V^T), (x U)^T dy: the input needs no gradient.
    let expected = [[128, 784, 64], [128, 64, 1024], [128, 1024, 64], [784, 128, 64], [64, 128, 1024]]
    #expect(Set(try Self.shapes(batch: 128, inputs: 784, outputs: 1024, rank: 64)) == Set(expected))
    #expect(try Self.shapes(batch: 128, inputs: 784, outputs: 1024, rank: 64).count == 5)
  }

  @Test("at full rank with a small batch the factors are still applied one after the other")
  func fullRankSmallBatch() throws {
    let shapes = try Self.shapes(batch: 128, inputs: 784, outputs: 1024, rank: 784)
    #expect(shapes.first == [128, 784, 784] && shapes.count == 5)
  }

  @Test("at full rank with a large batch U V is formed once, and x^T dy serves both factors")
  func fullRankLargeBatch() throws {
    let shapes = try Self.shapes(batch: 8192, inputs: 784, outputs: 1024, rank: 784)
    let expected = [[784, 784, 1024], [8192, 784, 1024], [784, 8192, 1024], [784, 1024, 784], [784, 784, 1024]]
    #expect(shapes.count == 5)
    #expect(shapes.map(\.description).sorted() == expected.map(\.description).sorted())
  }

  @Test("three factors at a small rank pass through the rank everywhere")
  func threeFactors() throws {
    let shapes = try Self.shapes(batch: 128, inputs: 784, outputs: 1024, rank: 32, form: .threeFactors)
    // x U, x U S, (x U S) V, dy V^T, dy V^T S^T and the three gradients.
    #expect(shapes.count == 8)
    #expect(shapes.allSatisfy { $0.contains(32) })
  }

  @Test(
    "the joint choice costs no more than choosing each product alone", arguments: [2, 16, 64, 200, 392, 784], TrainingStep.Form.allCases)
  func joint(rank: Int, form: TrainingStep.Form) throws {
    let module = try TrainingStep(form: form, batch: 256, widths: [784, 1024], rank: rank).module()
    let function = try #require(try chooseContractionOrder(try eliminateDeadCode(module, roots: ["step"])).function("step"))
    let chosen = function.operations.filter { $0.opcode == .matmul }.reduce(0) { sum, operation in
      sum + MachineModel.compiledFor.time(of: operation, in: function).seconds
    }
    // By hand: always through the factors, sharing what can be shared; and always through the dense weight.
    let (b, m, n, r) = (256, 784, 1024, rank)
    let throughFactors: [Product] =
      switch form {
      case .dense: [.plain(b, m, n), .left(m, b, n)]
      case .twoFactors: [.plain(b, m, r), .plain(b, r, n), .right(b, n, r), .left(m, b, r), .left(r, b, n)]
      case .threeFactors:
        [
          .plain(b, m, r), .plain(b, r, r), .plain(b, r, n), .right(b, n, r), .right(b, r, r), .left(m, b, r), .left(r, b, r),
          .left(r, b, n),
        ]
      }
    let throughWeight: [Product] =
      switch form {
      case .dense: throughFactors
      case .twoFactors: [.plain(m, r, n), .plain(b, m, n), .left(m, b, n), .right(m, n, r), .left(r, m, n)]
      case .threeFactors:
        [
          .plain(m, r, r), .plain(m, r, n), .plain(b, m, n), .left(m, b, n), .plain(r, r, n), .right(m, n, r), .left(r, m, n),
          .right(r, n, r),
          .left(r, r, n),
        ]
      }
    // Whether a product of factors enters the next one transposed is not known when the order is chosen, and moves a price a little.
    #expect(chosen <= throughFactors.reduce(0) { $0 + $1.seconds } * 1.01)
    #expect(chosen <= throughWeight.reduce(0) { $0 + $1.seconds } * 1.01)
  }

  /// A product by its extents, rows x inner x columns, and which of its matrices enters transposed.
  private enum Product {
    case plain(Int, Int, Int)
    case left(Int, Int, Int)
    case right(Int, Int, Int)

    var seconds: Double {
      let sizes =
        switch self {
        case .plain(let rows, let inner, let columns): ProductSizes(rows: rows, inner: inner, columns: columns)
        case .left(let rows, let inner, let columns): ProductSizes(rows: rows, inner: inner, columns: columns, isTransposedLeft: true)
        case .right(let rows, let inner, let columns): ProductSizes(rows: rows, inner: inner, columns: columns, isTransposedRight: true)
        }
      return MachineModel.compiledFor.time(KernelWork(sizes)).seconds
    }
  }

  @Test("a product and the transpose of its mirror image are one multiplication")
  func transposedEqual() throws {
    let module = try readModule(
      """
      module @m {
        func @f(%a: f32[20, 30] {plain "a"}, %b: f32[30, 40] {plain "b"}, %c: f32[40, 5] {plain "c"})
          -> (%p {output "p"}, %q {output "q"}) {
          %p = product %a, %b, %c {transposes = [false, false, false]} : f32[20, 5]
          %q = product %c, %b, %a {transposes = [true, true, true]} : f32[5, 20]
        }
      }
      """)
    let function = try #require(try chooseContractionOrder(module).function("f"))
    #expect(function.operations.map(\.opcode) == [.matmul, .matmul, .transpose])
    #expect(print(try chooseContractionOrder(module)).contains("%bC = matmul %b, %c"))
  }

  @Test("a sub-product that is an existing matmul is not computed again; an unrelated one is left alone")
  func existing() throws {
    let module = { (second: String) in
      try readModule(
        """
        module @m {
          func @f(%a: f32[20, 30] {plain "a"}, %b: f32[30, 40] {plain "b"}, %c: f32[40, 50] {plain "c"})
            -> (%p {output "p"}, %q {output "q"}) {
            %p = matmul %a, %b {transpose_left = false, transpose_right = false} : f32[20, 40]
            %q = product \(second), %b, %c {transposes = [false, false, false]} : f32[20, 50]
          }
        }
        """)
    }
    let shared = try chooseContractionOrder(try module("%a"))
    #expect(shared.function("f")?.count(.matmul) == 2)
    #expect(throws: IRTextError.self) { try module("%p") }
  }

  @Test("products of symbolic matrices are refused")
  func symbolic() throws {
    let module = try TrainingStep(form: .twoFactors, rank: nil).module()
    #expect(throws: IRError.self) { try chooseContractionOrder(module) }
    #expect(throws: IRError.self) { try optimize(module, roots: ["step"]) }
  }

  private static func time(rows: Int, inner: Int, columns: Int) -> Double {
    MachineModel.compiledFor.time(KernelWork(ProductSizes(rows: rows, inner: inner, columns: columns))).seconds
  }

  @Test("the arithmetic of a product with few columns is that of a block, and no size overflows")
  func thin() {
    let work = { (columns: Int) in KernelWork(ProductSizes(rows: 128, inner: 784, columns: columns)).multiplyAdds }
    #expect(work(3) == work(16) && work(17) == work(32) && work(16) < work(17))
    #expect(Self.time(rows: Int.max, inner: Int.max, columns: Int.max).isFinite)
  }

  @Test("a product is ordered by the price that it has as an operation", arguments: 0..<10)
  func prices(seed: Int) throws {
    let sizes = [1, 3, 7, 16, 33, 64, 200, 1024, 4096]
    for number in 0..<50 {
      // Every size in every place, in an order of its own.
      let draw = (seed * 50 + number) * 7919
      let extents = [sizes[draw % 9], sizes[draw / 9 % 9], sizes[draw / 81 % 9]]
      let flags = [draw % 2 == 0, draw / 3 % 2 == 0]
      var builder = Builder(function: "f", in: Module(name: "m"))
      let shapes = [[extents[0], extents[1]], [extents[1], extents[2]]]
      var values: [Value] = []
      for (index, shape) in shapes.enumerated() {
        let stored = flags[index] ? [shape[1], shape[0]] : shape
        values.append(builder.argument("x\(index)", role: .plain, .f32(stored.map { Dimension($0) })))
      }
      builder.result("y", role: .output, try builder.matmul(values[0], values[1], transposeLeft: flags[0], transposeRight: flags[1]))
      let function = builder.function
      let chain = try #require(Chain(function.operations[0], in: function))
      let node = Association.Node(range: 0..<2, split: 1)
      #expect(chain.time(node, .compiledFor) == MachineModel.compiledFor.time(of: function.operations[0], in: function).seconds)
    }
  }
}
