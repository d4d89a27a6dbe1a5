import DrnCPU
import DrnIR
import DrnPlan
import DrnReference
import DrnTestSupport
import Testing

/// Shapes with one element, odd and even extents, widths that get a pitch (17, 33) or already have one (16, 64, 1024), and single columns.
private let shapes = [(1, 1), (5, 1), (1, 33), (3, 5), (7, 17), (6, 16), (18, 20), (2, 1024)]

@Suite("Executor against the reference interpreter")
struct ExecutorOpTests {
  @Test("every op agrees with the reference on every shape", arguments: Opcode.allCases)
  func opAgrees(_ opcode: Opcode) throws {
    // The reference takes seconds for x^T y of 1024 x 1024.
    for (rows, columns) in shapes where opcode != .matmul || columns < 1000 { try expectAgreement(opcode, rows, columns) }
  }

  @Test(
    "so do steps of several tasks",
    arguments: [
      Opcode.multiply, .sum, .transpose, .softmaxCrossEntropyGradient, .layerNormGradient, .batchNormGradient, .dropout, .matmul,
      .randomNormal, .batchNorm, .convolution, .convolutionInputGradient, .convolutionWeightGradient, .map, .power, .largest,
    ])
  func manyTasks(_ opcode: Opcode) throws { try expectAgreement(opcode, 135, opcode == .matmul ? 79 : 129) }

  @Test("the op's own example agrees with the reference; ops without one have no kernel", arguments: Opcode.allCases)
  func exampleAgrees(_ opcode: Opcode) throws {
    guard let module = try exampleModule(opcode, rows: 7, columns: 17) else {
      #expect([.product, .valueAndGradient].contains(opcode))
      return
    }
    try expectAgreement(opcode, module, 7, 17)
  }

  private func expectAgreement(_ opcode: Opcode, _ rows: Int, _ columns: Int) throws {
    guard let module = try sampleModule(opcode, rows: rows, columns: columns) else { return }
    try expectAgreement(opcode, module, rows, columns)
  }

  private func expectAgreement(_ opcode: Opcode, _ module: Module, _ rows: Int, _ columns: Int) throws {
    let arguments = module.sampleArguments("f", seed: UInt64(rows + columns), classes: columns)
    let segment = try Segment(module: module, functions: ["f"], threads: 2)
    #expect(checkPlan(segment.plan, module) == [])
    try segment.write(arguments)
    try segment.run("f")
    let function = try #require(module.function("f"))
    let reference = try evaluate(function: function, module: module, arguments: arguments)
    for port in function.results {
      let expected = try #require(reference[port.name])
      expectClose(
        try segment.read(port.name), expected, tolerance: tolerance(opcode), magnitude: magnitude(opcode, expected, rows, columns),
        "\(opcode.mnemonic) \(rows) x \(columns), \(port.name)")
    }
  }

  /// Single precision carries 6e-8; 1e-5 of the sum of magnitudes leaves room for sums of some hundred terms. Factorizations amplify by the
  /// inverse of the gap between singular values, about 1e-2 at these sizes.
  private func tolerance(_ opcode: Opcode) -> Double {
    opcode == .singularValues || opcode == .orthonormalize ? 2e-3 : 1e-5
  }

  /// A bound on the sum of the magnitudes of the terms of one element, given arguments below 1.5.
  private func magnitude(_ opcode: Opcode, _ expected: ReferenceTensor, _ rows: Int, _ columns: Int) -> Double {
    let largest = expected.values.reduce(1) { max($0, abs($1)) }
    switch opcode {
    case .reduce(.sum): return Double(2 * rows * columns)
    // Windows of at most 49 taps of 40 channels; weight gradients of at most some hundred pixels.
    case .convolve(.forward), .convolve(.inputGradient), .convolve(.weightGradient): return max(largest, 100)
    case .matmul: return max(largest, Double(max(rows, columns)))
    case .normalize(.batchNorm), .normalize(.batchNormGradient), .normalize(.layerNorm), .normalize(.layerNormGradient):
      return max(largest, Double(max(rows, columns)))
    default: return largest
    }
  }

  @Test("ops without a kernel are refused before anything runs")
  func missingKernels() throws {
    var b = Builder(function: "f", in: Module(name: "chain"))
    let x = b.argument("x", role: .batch, .f32([4, 4]))
    b.result("y", role: .output, try b.product([x, x, x]))
    var module = Module(name: "chain")
    module.set(b.function)
    #expect(throws: ExecutionError.missingKernel(opcode: "product", reason: "the order of multiplication has not been chosen")) {
      _ = try Segment(module: module, functions: ["f"], threads: 1)
    }
  }

  @Test("one thread and two give the same bits")
  func threadsAgree() throws {
    for opcode in Opcode.allCases {
      guard let module = try sampleModule(opcode, rows: 130, columns: 77) else { continue }
      let arguments = module.sampleArguments("f", seed: 5, classes: 77)
      let segments = try [1, 2, 5].map { try Segment(module: module, functions: ["f"], threads: $0) }
      for segment in segments {
        try segment.write(arguments)
        try segment.run("f")
      }
      for port in try #require(module.function("f")).results {
        let bits = try segments.map { try $0.read(port.name).map(\.bitPattern) }
        #expect(bits[0] == bits[1] && bits[0] == bits[2], "\(opcode.mnemonic) \(port.name)")
      }
    }
  }

  @Test("a matrix with NaN is an error that names the op and the value, and the segment stays usable")
  func factorizationFails() throws {
    for opcode in [Opcode.singularValues, .orthonormalize] {
      let module = try #require(try sampleModule(opcode, rows: 4, columns: 3))
      let segment = try Segment(module: module, functions: ["f"], threads: 2)
      try segment.write(module.sampleArguments("f", seed: 1, classes: 3))
      try segment.write("x", [Float](repeating: .nan, count: 12))
      #expect(throws: ExecutionError.factorization(opcode: opcode.mnemonic, value: "x", reason: "the matrix holds NaN or infinity")) {
        try segment.run("f")
      }
      try segment.write("x", (0..<12).map { Float($0 * $0 % 7) })
      try segment.run("f")
    }
  }

  @Test("ports refuse the wrong name, count and element type")
  func ports() throws {
    let module = try #require(try sampleModule(.add, rows: 3, columns: 5))
    let segment = try Segment(module: module, functions: ["f"], threads: 1)
    #expect(throws: ExecutionError.unknownPort("z")) { try segment.write("z", [1]) }
    #expect(throws: ExecutionError.portMismatch(port: "x", expected: "15 elements f32", given: "14 elements f32")) {
      try segment.write("x", [Float](repeating: 0, count: 14))
    }
    #expect(throws: ExecutionError.portMismatch(port: "labels", expected: "3 elements i32", given: "3 elements f32")) {
      try segment.write("labels", [0, 0, 0])
    }
    #expect(throws: ExecutionError.unknownFunction("g")) { try segment.run("g") }
    let values = (0..<15).map { Float($0) }
    try segment.argument("x").withRows { pointer, pitch in
      for row in 0..<3 { for column in 0..<5 { pointer[row * pitch + column] = values[row * 5 + column] } }
    }
    #expect(try segment.read("x") == values)
  }

  @Test("a result of another shape than the argument of its name is read apart from it")
  func changedShape() throws {
    var b = Builder(function: "f", in: Module(name: "cut"))
    let w = b.argument("w", role: .weight, .f32([4, 4]))
    b.result("w", role: .weight, try b.slice(w, starts: [0, 0], sizes: [4, 2]))
    var module = Module(name: "cut")
    module.set(b.function)
    let segment = try Segment(module: module, functions: ["f"], threads: 1)
    try segment.write("w", (0..<16).map { Float($0) })
    try segment.run("f")
    #expect(try segment.read("w") == [0, 1, 4, 5, 8, 9, 12, 13])
  }

  @Test("an arena larger than the machine is an error, not a trap")
  func outOfMemory() throws {
    for extent in [1 << 40, 1 << 62] {
      var module = Module(name: "large")
      var function = Function(name: "f")
      function.addArgument("x", role: .weight, type: .f32([Dimension(extent), 4]))
      module.set(function)
      #expect(throws: ExecutionError.self) { _ = try Segment(module: module, functions: ["f"], threads: 1) }
    }
  }
}
