import DrnCPU
import DrnIR
import Testing

@Suite("Executor: norms")
struct ExecutorNormTests {
  /// The closed form: n equal numbers x have the norm |x| sqrt n.
  @Test("a norm over several tensors of any shape is right at every scale that single precision holds")
  func scales() throws {
    for (rows, columns) in [(1, 1), (3, 5), (7, 17), (40, 1024)] {
      var b = Builder(function: "f", in: Module(name: "norm"))
      let x = b.argument("x", role: .batch, .f32([Dimension(rows), Dimension(columns)]))
      let y = b.argument("y", role: .batch, .f32([7]))
      b.result("one", role: .output, try b.norm([x]))
      b.result("both", role: .output, try b.norm([x, y]))
      var module = Module(name: "norm")
      module.set(b.function)
      let segment = try Segment(module: module, functions: ["f"], threads: 2)
      for exponent in stride(from: -36, through: 32, by: 4) {
        let scale = try #require(Float("3e\(exponent)"))
        try segment.write("x", [Float](repeating: -scale, count: rows * columns))
        try segment.write("y", [Float](repeating: scale, count: 7))
        try segment.run("f")
        for (port, count) in [("one", rows * columns), ("both", rows * columns + 7)] {
          let expected = Double(scale) * Double(count).squareRoot()
          #expect(abs(Double(try segment.read(port)[0]) / expected - 1) < 1e-6, "\(port) of \(rows) x \(columns) at \(scale)")
        }
      }
    }
  }
}
