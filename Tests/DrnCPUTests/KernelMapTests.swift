import CKernels
import DrnTestSupport
import Testing

/// A map program with its inputs and outputs as Swift values.
struct MapProgram {
  var instructions: [drn_map_instruction] = []
  var inputKinds: [drn_map_kind]
  var outputRegisters: [UInt8] = []

  mutating func append(_ opcode: drn_map_opcode, _ destination: UInt8, _ left: UInt8 = 0, _ right: UInt8 = 0, _ immediate: Float = 0) {
    instructions.append(
      drn_map_instruction(opcode: opcode.rawValue, destination: destination, left: left, right: right, immediate: immediate))
  }

  /// Calls `body` with the program in C's form.
  func withProgram<Result>(_ body: (UnsafePointer<drn_map_program>) -> Result) -> Result {
    instructions.withUnsafeBufferPointer { instructions in
      outputRegisters.withUnsafeBufferPointer { outputs in
        var program = drn_map_program(
          instruction_count: Int32(instructions.count), instructions: instructions.baseAddress, input_count: Int32(inputKinds.count),
          output_count: Int32(outputs.count), output_registers: outputs.baseAddress)
        return body(&program)
      }
    }
  }

  /// Runs over a piece of matrices held in `memory`; inputs and outputs are indices into it, and may name the same matrix.
  func run(_ memory: inout [PaddedMatrix], inputs: [Int], outputs: [Int], rows: Range<Int>, columns: Range<Int>) {
    let pointers = memory.map { matrix in
      let pointer = UnsafeMutablePointer<Float>.allocate(capacity: matrix.storage.count)
      pointer.initialize(from: matrix.storage, count: matrix.storage.count)
      return pointer
    }
    let cInputs = zip(inputs, inputKinds).map { drn_map_input(pointer: pointers[$0.0], pitch: memory[$0.0].pitch, kind: $0.1) }
    let cOutputs = outputs.map { drn_map_output(pointer: pointers[$0], pitch: memory[$0].pitch, is_half: 0) }
    withProgram { program in
      drn_map_run(program, cInputs, cOutputs, rows.lowerBound, rows.upperBound, columns.lowerBound, columns.upperBound)
    }
    for index in memory.indices {
      memory[index].storage = Array(UnsafeBufferPointer(start: pointers[index], count: memory[index].storage.count))
      pointers[index].deallocate()
    }
  }

  /// The outputs for one element, in double precision, one instruction after the other.
  func evaluate(_ inputs: [Double]) -> [Double] {
    var registers = inputs + [Double](repeating: 0, count: 32 - inputs.count)
    for instruction in instructions {
      let x = registers[Int(instruction.left)]
      let y = registers[Int(instruction.right)]
      let destination = Int(instruction.destination)
      registers[destination] = naiveOperation(instruction, x, y, registers[destination])
    }
    return outputRegisters.map { registers[Int($0)] }
  }
}

@Suite("Kernels: map programs")
struct KernelMapTests {
  private static let full = DRN_MAP_FULL
  private static let pieces: [(rows: Range<Int>, columns: Range<Int>)] = [
    (0..<5, 0..<37), (1..<4, 3..<36), (0..<5, 0..<10), (2..<2, 0..<37), (0..<5, 7..<7), (4..<5, 36..<37), (0..<5, 16..<32),
  ]

  /// Runs `program` on random matrices of all its input kinds over every piece, for all instruction sets, against the naive evaluation.
  private func check(
    _ program: MapProgram, columns: Int = 37, pad: Int = 3, pieces: [(rows: Range<Int>, columns: Range<Int>)] = pieces,
    outputsInPlace: [Int?], tolerance: Double = 1e-6
  ) {
    #expect(program.withProgram { drn_map_check($0) } == 0)
    let count = program.inputKinds.count
    let before = (0..<count + outputsInPlace.count).map {
      PaddedMatrix(rows: 5, columns: columns, pad: pad, seed: UInt64($0 + 1))
    }
    let expected = (0..<5).map { row in (0..<columns).map { program.evaluate(inputs(program, before, row, $0)) } }
    for isa in InstructionSet.allCases {
      for piece in pieces {
        var memory = before
        let outputs = outputsInPlace.enumerated().map { $0.element ?? count + $0.offset }
        isa.run { program.run(&memory, inputs: Array(0..<count), outputs: outputs, rows: piece.rows, columns: piece.columns) }
        for (position, output) in outputs.enumerated() {
          let error = memory[output].largestError { row, column in
            let isInside = piece.rows ~= row && piece.columns ~= column
            return isInside ? expected[row][column][position] : Double(before[output][row, column])
          }
          #expect(error <= tolerance, "\(isa) \(piece) output \(position)")
          #expect(memory[output].paddingIsUntouched)
        }
      }
    }
  }

  private func inputs(_ program: MapProgram, _ memory: [PaddedMatrix], _ row: Int, _ column: Int) -> [Double] {
    program.inputKinds.enumerated().map { index, kind in
      switch kind {
      case DRN_MAP_ROW: Double(memory[index][0, column])
      case DRN_MAP_COLUMN: Double(memory[index][row, 0])
      case DRN_MAP_SCALAR: Double(memory[index][0, 0])
      default: Double(memory[index][row, column])
      }
    }
  }

  @Test("bias and relu, into another matrix and in place")
  func biasAndRelu() {
    var program = MapProgram(inputKinds: [Self.full, DRN_MAP_ROW])
    program.append(DRN_MAP_ADD, 2, 0, 1)
    program.append(DRN_MAP_RELU, 3, 2)
    program.outputRegisters = [3]
    check(program, outputsInPlace: [nil])
    check(program, outputsInPlace: [0])
    check(program, columns: 1100, pad: 0, pieces: [(0..<5, 0..<1100), (1..<3, 5..<1099)], outputsInPlace: [0])
  }

  @Test("momentum and Nesterov with weight decay, weights and momentum in place")
  func momentum() {
    // Registers: weights, momentum, gradient, rate, mu, decay.
    var program = MapProgram(inputKinds: [Self.full, Self.full, Self.full, DRN_MAP_SCALAR, DRN_MAP_SCALAR, DRN_MAP_SCALAR])
    program.append(DRN_MAP_MULTIPLY, 6, 5, 0)
    program.append(DRN_MAP_ADD, 2, 2, 6)
    program.append(DRN_MAP_MULTIPLY, 7, 1, 4)
    program.append(DRN_MAP_ADD, 1, 7, 2)
    program.append(DRN_MAP_MULTIPLY_ADD, 2, 1, 4)
    program.append(DRN_MAP_MULTIPLY, 2, 2, 3)
    program.append(DRN_MAP_SUBTRACT, 0, 0, 2)
    program.outputRegisters = [0, 1]
    check(program, outputsInPlace: [0, 1])
    check(program, pad: 0, outputsInPlace: [0, 1])
    check(program, outputsInPlace: [nil, 1])
  }

  @Test("an output written early does not spoil an input read later from the same memory")
  func lateReads() {
    var program = MapProgram(inputKinds: [Self.full, Self.full])
    program.append(DRN_MAP_ADD, 2, 0, 1)
    program.append(DRN_MAP_MULTIPLY, 3, 0, 1)
    program.append(DRN_MAP_NEGATE, 3, 3)
    program.outputRegisters = [2, 3]
    check(program, outputsInPlace: [0, 1])
    check(program, outputsInPlace: [1, 0])
  }

  @Test("two matrices swap places, and one value goes to several outputs")
  func copies() {
    var program = MapProgram(inputKinds: [Self.full, Self.full])
    program.outputRegisters = [1, 0]
    check(program, outputsInPlace: [0, 1])
    program.append(DRN_MAP_SUBTRACT, 5, 0, 1)
    program.append(DRN_MAP_COPY, 6, 0)
    program.append(DRN_MAP_COPY, 7, 5)
    program.append(DRN_MAP_CONSTANT, 8, 0, 0, 2.5)
    program.append(DRN_MAP_SQUARE, 5, 5)
    program.outputRegisters = [5, 5, 7, 6, 8, 0, 7]
    check(program, outputsInPlace: [0, nil, nil, 1, nil, nil, nil])
  }

  @Test("values per row and scalars combine with full ones in every position")
  func broadcasts() {
    for kind in [DRN_MAP_ROW, DRN_MAP_COLUMN, DRN_MAP_SCALAR] {
      var program = MapProgram(inputKinds: [kind, Self.full, DRN_MAP_COLUMN])
      program.append(DRN_MAP_SUBTRACT, 3, 0, 1)
      program.append(DRN_MAP_SUBTRACT, 4, 1, 0)
      program.append(DRN_MAP_MAXIMUM, 5, 0, 2)
      program.append(DRN_MAP_MINIMUM, 6, 5, 1)
      program.append(DRN_MAP_SUBTRACT, 5, 5, 6)
      program.outputRegisters = [3, 4, 5]
      check(program, outputsInPlace: [nil, 1, nil])
    }
  }

  @Test("pairs of operations give what they give one by one")
  func randomPrograms() {
    for seed in 0..<120 {
      check(
        randomProgram(seed: UInt64(seed)), columns: 19, pieces: [(0..<2, 0..<19)], outputsInPlace: [nil, 1], tolerance: 1e-4)
    }
  }

  /// A program of operations that are safe for numbers of any sign; tanh between them keeps values, and so errors, small.
  private func randomProgram(seed: UInt64) -> MapProgram {
    var generator = SplitMix64(seed: seed)
    var program = MapProgram(inputKinds: [Self.full, Self.full, DRN_MAP_ROW, DRN_MAP_SCALAR])
    let operations = [
      DRN_MAP_ADD, DRN_MAP_SUBTRACT, DRN_MAP_MAXIMUM, DRN_MAP_MINIMUM, DRN_MAP_COPY, DRN_MAP_ADD_IMMEDIATE, DRN_MAP_MULTIPLY_IMMEDIATE,
      DRN_MAP_MAXIMUM_IMMEDIATE, DRN_MAP_NEGATE, DRN_MAP_ABSOLUTE, DRN_MAP_CONSTANT,
    ]
    let products = [DRN_MAP_MULTIPLY, DRN_MAP_MULTIPLY_ADD]
    func register() -> UInt8 { UInt8(generator.below(6)) }
    func appendSafe() {
      let operation = operations[generator.below(operations.count)]
      program.append(operation, register(), register(), register(), generator.float())
    }
    program.append(DRN_MAP_ADD, 4, 0, 2)
    program.append(DRN_MAP_MULTIPLY, 5, 1, 3)
    for _ in 0..<4 {
      appendSafe()
      appendSafe()
      program.append(products[generator.below(2)], register(), register(), register())
      appendSafe()
      appendSafe()
      for register in 0..<UInt8(6) { program.append(DRN_MAP_HYPERBOLIC_TANGENT, register, register) }
    }
    program.outputRegisters = [register(), register()]
    return program
  }

  @Test("the check finds counts, registers and reads before writes at fault, and passes sound programs")
  func checks() {
    func fault(_ inputs: Int, _ outputs: [UInt8], _ build: (inout MapProgram) -> Void = { _ in }) -> Int32 {
      var program = MapProgram(inputKinds: Array(repeating: Self.full, count: inputs), outputRegisters: outputs)
      build(&program)
      return program.withProgram { drn_map_check($0) }
    }
    #expect(fault(1, [0]) == 0)
    #expect(fault(32, [31]) { $0.append(DRN_MAP_ADD, 31, 30, 31) } == 0)
    #expect(fault(33, []) < 0)
    #expect(fault(1, [1]) == 1)
    #expect(fault(1, [1]) { $0.append(DRN_MAP_ADD, 1, 0, 1) } == 1)
    #expect(fault(1, [0]) { $0.append(DRN_MAP_NEGATE, 1, 0, 200) } == 0)
    #expect(fault(1, [0]) { $0.append(DRN_MAP_NEGATE, 32, 0) } == 1)
    #expect(fault(1, [0]) { $0.append(DRN_MAP_MULTIPLY_ADD, 2, 0, 0) } == 1)
    #expect(fault(1, [0]) { $0.append(DRN_MAP_OPCODE_COUNT, 0, 0) } == 1)
    #expect(fault(1, [0]) { program in (0..<65).forEach { _ in program.append(DRN_MAP_NEGATE, 0, 0) } } < 0)
  }
}
