import DrnCPU
import DrnIR
import DrnKernels
import DrnPasses
import DrnPlan
import DrnReference
import DrnTestSupport
import Testing

@Suite("Factorizations that run at the same time")
struct JointFactorizationTests {
  /// `f` replaces matrices of odd shapes one after the other: an orthonormal basis of each, the projection onto it, and its singular values. A later
  /// matrix may be made of an earlier basis, so that its factorization has to wait.
  private func module(_ seed: UInt64) throws -> Module {
    var numbers = SplitMix64(seed: seed)
    var b = Builder(function: "f", in: Module(name: "sample"))
    var earlier: Value?
    for index in 0..<3 + numbers.below(4) {
      let columns = 1 + numbers.below(9)
      let w = b.argument("w\(index)", role: .weight, .f32([Dimension(columns + numbers.below(14)), Dimension(columns)]))
      var matrix = w
      if let basis = earlier, numbers.below(3) == 0 {
        matrix = try b.multiply(w, try b.broadcast(try b.sumAll(basis), to: b.type(of: w).shape, axes: []))
      }
      let basis = try b.orthonormalize(matrix)
      let core = try b.matmul(basis, matrix, transposeLeft: true)
      let values = try b.singularValues(numbers.below(2) == 0 ? core : w).s
      b.result("w\(index)", role: .weight, try b.matmul(basis, core))
      b.result("s\(index)", role: .output, values)
      earlier = basis
    }
    var module = Module(name: "sample")
    module.set(b.function)
    return module
  }

  @Test(
    "any number of threads gives the bits of one, and the values of the reference, in guarded memory too",
    arguments: 0..<24 as Range<UInt64>)
  func threads(seed: UInt64) throws {
    let module = try self.module(seed)
    let scheduled = try schedule(module)
    let arguments = module.sampleArguments("f", seed: seed, classes: 1)
    let expected = try evaluate(function: #require(module.function("f")), module: module, arguments: arguments)
    let segments = try [(1, false), (2, false), (3, true)].map {
      try Segment(module: scheduled, functions: ["f"], threads: $0.0, isGuarded: $0.1)
    }
    for segment in segments {
      #expect(checkPlan(segment.plan, scheduled) == [])
      try segment.write(arguments)
      try segment.run("f")
    }
    for port in try #require(module.function("f")).results {
      let bits = try segments.map { try $0.read(port.name).map(\.bitPattern) }
      #expect(bits[0] == bits[1] && bits[0] == bits[2], "\(port.name)")
      // Matrices of at most 22 x 9 elements below 1 and orthonormal bases: rounding of a few sums of 22 products.
      expectClose(try segments[0].read(port.name), try #require(expected[port.name]), tolerance: 2e-5, magnitude: 10, port.name)
    }
  }

  @Test("factorizations that do not need each other are brought together; one that needs another follows it")
  func scheduling() throws {
    var longest = 0
    for seed in 0..<24 as Range<UInt64> {
      let function = try #require(try schedule(try module(seed)).function("f"))
      longest = max(longest, JointFactorizations(function).spans.map(\.count).max() ?? 0)
      var defined = Set(function.arguments.map(\.value))
      for operation in function.operations {
        #expect(defined.isSuperset(of: operation.operands))
        defined.formUnion(operation.results)
      }
    }
    #expect(longest >= 4)
  }

  @Test("the plan checker finds a place that two of them use at once")
  func overlap() throws {
    let module = try schedule(try self.module(1))
    let function = try #require(module.function("f"))
    let span = try #require(JointFactorizations(function).spans.first { $0.count > 1 })
    var plan = try Segment.plan(module, functions: ["f"], threads: 2)
    #expect(checkPlan(plan, module) == [])
    plan.functions[0].scratch[span.upperBound].offset = plan.functions[0].scratch[span.lowerBound].offset
    let expected = "@f: operation \(span.lowerBound) writes over memory of operation \(span.upperBound), with which it runs"
    #expect(checkPlan(plan, module).contains(expected))
  }

  @Test("two equal factorizations on two threads are priced as one, on one thread as two")
  func price() throws {
    func milliseconds(_ count: Int, threads: Int) throws -> Double {
      var b = Builder(function: "f", in: Module(name: "sample"))
      for index in 0..<count {
        b.result("q\(index)", role: .output, try b.orthonormalize(b.argument("a\(index)", role: .plain, .f32([64, 16]))))
      }
      var module = Module(name: "sample")
      module.set(b.function)
      let rates = MachineRates(product: 1e11 * Double(threads), cache: 1e11 * Double(threads), bandwidth: 1e10 * Double(threads))
      return MachineModel(rates: rates, start: 0, threads: threads).milliseconds(of: "f", in: module)
    }
    let one = try milliseconds(1, threads: 1)
    // Sums of products of the same numbers.
    #expect(abs(try milliseconds(2, threads: 1) - 2 * one) < 1e-9 * one)
    #expect(abs(try milliseconds(2, threads: 2) - one) < 1e-9 * one)
    #expect(abs(try milliseconds(3, threads: 2) - 2 * one) < 1e-9 * one)
  }
}
