import DrnCPU
import DrnIR
import DrnPlan
import DrnReference
import DrnTestSupport
import Testing

@Suite("Executor: products of half width", .enabled(if: Machine.multipliesHalf, "the processor does not multiply bfloat16"))
struct HalfProductTests {
  private struct Case: CustomTestStringConvertible {
    let rows: Int
    let inner: Int
    let columns: Int
    let isTransposedLeft: Bool
    let isTransposedRight: Bool
    var testDescription: String {
      "\(rows) x \(inner) x \(columns)\(isTransposedLeft ? ", left" : "")\(isTransposedRight ? ", right" : "")"
    }
  }

  /// One element, odd extents, several tiles with smaller ones at the edges, and a long inner extent.
  private static let cases: [Case] = {
    let sizes = [(1, 1, 1), (3, 1, 5), (1, 7, 33), (17, 33, 9), (100, 77, 53), (135, 64, 1), (70, 200, 1100), (33, 2100, 40)]
    return sizes.flatMap { rows, inner, columns in
      [(false, false), (true, false), (false, true), (true, true)].map {
        Case(rows: rows, inner: inner, columns: columns, isTransposedLeft: $0.0, isTransposedRight: $0.1)
      }
    }
  }()

  @Test("products with every transposition are the reference's", arguments: cases)
  private func agrees(_ one: Case) throws {
    let module = try module { b in
      let (x, w) = factors(one, &b)
      return [
        try b.matmul(try b.narrow(x), try b.narrow(w), transposeLeft: one.isTransposedLeft, transposeRight: one.isTransposedRight)
      ]
    }
    try expectAgreement(module, inner: one.inner)
  }

  @Test("with an epilogue, whose results are single, half, or both", arguments: cases.filter { !$0.isTransposedLeft && $0.inner < 100 })
  private func epilogue(_ one: Case) throws {
    for results in 1...3 {
      var holder = Module(name: "m")
      var body = Builder(function: "body", in: holder)
      let (z, bias) = (body.argument("z", role: .plain, .scalar), body.argument("b", role: .plain, .scalar))
      let y = try body.emitOne(.relu, [try body.add(z, bias)])
      if results & 1 != 0 { body.result("half", role: .plain, try body.narrow(y)) }
      if results & 2 != 0 { body.result("single", role: .plain, y) }
      holder.set(body.function)
      let module = try module(in: holder) { b in
        let (x, w) = factors(one, &b)
        let row = b.argument("row", role: .batch, .f32([Dimension(one.columns)]))
        return try b.emit(
          .matmul, [try b.narrow(x), try b.narrow(w), row],
          [
            "transpose_left": .boolean(false), "transpose_right": .boolean(one.isTransposedRight), "epilogue": .function("body"),
            "kinds": .integers([2]),
          ])
      }
      try expectAgreement(module, inner: one.inner, isRounded: true)
    }
  }

  @Test("the same bytes with one thread and with two")
  func threads() throws {
    let module = try module { b in
      let (x, w) = factors(Case(rows: 200, inner: 131, columns: 1300, isTransposedLeft: false, isTransposedRight: false), &b)
      return [try b.matmul(try b.narrow(x), try b.narrow(w))]
    }
    let results = try [1, 2].map { threads in
      let segment = try Segment(module: module, functions: ["f"], threads: threads)
      try segment.write(module.sampleArguments("f", seed: 3))
      try segment.run("f")
      return try segment.read("r0").map(\.bitPattern)
    }
    #expect(results[0] == results[1])
  }

  @Test(
    "a map narrows what products read and keeps what else is read, at widths with and without a pitch", arguments: [1, 5, 16, 17, 33, 1030])
  func fused(columns: Int) throws {
    let module = try module { b in
      let x = b.argument("x", role: .batch, .f32([7, Dimension(columns)]))
      let row = b.argument("row", role: .batch, .f32([Dimension(columns)]))
      return try b.emit(.map, [x, row], ["body": .function("body"), "kinds": .integers([0, 2])])
    }
    try expectAgreement(module, inner: 1, isRounded: true)
  }

  private func factors(_ one: Case, _ b: inout Builder) -> (Value, Value) {
    func matrix(_ name: String, _ rows: Int, _ columns: Int, _ isTransposed: Bool) -> Value {
      let shape = isTransposed ? [columns, rows] : [rows, columns]
      return b.argument(name, role: .batch, .f32(shape.map { Dimension($0) }))
    }
    return (matrix("x", one.rows, one.inner, one.isTransposedLeft), matrix("w", one.inner, one.columns, one.isTransposedRight))
  }

  private func module(in holder: Module? = nil, _ results: (inout Builder) throws -> [Value]) throws -> Module {
    var module: Module
    if let holder {
      module = holder
    } else {
      module = Module(name: "m")
      var body = Builder(function: "body", in: module)
      let (x, row) = (body.argument("x", role: .plain, .scalar), body.argument("r", role: .plain, .scalar))
      let y = try body.multiply(x, row)
      body.result("half", role: .plain, try body.narrow(y))
      body.result("single", role: .plain, y)
      body.result("passed", role: .plain, try body.narrow(x))
      module.set(body.function)
    }
    var b = Builder(function: "f", in: module)
    for (index, value) in try results(&b).enumerated() { b.result("r\(index)", role: .output, value) }
    module.set(b.function)
    return module
  }

  /// Sums of `inner` exact products in single precision: 6e-8 of the sum of magnitudes for each of the roundings of a sum, which random signs keep
  /// below 1e-5 of it. A result that is rounded to 8 bits may fall to the other side of a boundary: one place in 2^8.
  private func expectAgreement(_ module: Module, inner: Int, isRounded: Bool = false) throws {
    #expect(verify(module).isEmpty)
    let arguments = module.sampleArguments("f", seed: 5)
    let function = try #require(module.function("f"))
    let reference = try evaluate(function: function, module: module, arguments: arguments)
    for threads in [1, 2] {
      let segment = try Segment(module: module, functions: ["f"], threads: threads)
      #expect(checkPlan(segment.plan, module) == [])
      try segment.write(arguments)
      try segment.run("f")
      for port in function.results {
        let expected = try #require(reference[port.name])
        let isHalf = function.type(of: port.value).element == .bf16
        expectClose(
          try segment.read(port.name), expected, tolerance: isHalf && isRounded ? 1.0 / 256 : 1e-5,
          magnitude: Double(max(inner, 1)).squareRoot(),
          "\(port.name), \(threads) threads")
      }
    }
  }
}
