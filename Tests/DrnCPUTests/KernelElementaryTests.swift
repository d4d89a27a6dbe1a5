import CKernels
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One instruction in double precision, straight from its definition.
func naiveOperation(_ instruction: drn_map_instruction, _ x: Double, _ y: Double, _ d: Double) -> Double {
  let immediate = Double(instruction.immediate)
  switch drn_map_opcode(rawValue: instruction.opcode) {
  case DRN_MAP_CONSTANT: return immediate
  case DRN_MAP_COPY: return x
  case DRN_MAP_ADD: return x + y
  case DRN_MAP_SUBTRACT: return x - y
  case DRN_MAP_MULTIPLY: return x * y
  case DRN_MAP_DIVIDE: return x / y
  case DRN_MAP_MAXIMUM: return larger(x, y)
  case DRN_MAP_MINIMUM: return -larger(-x, -y)
  case DRN_MAP_GREATER: return x > y ? 1 : 0
  case DRN_MAP_MULTIPLY_ADD: return d + x * y
  case DRN_MAP_ADD_IMMEDIATE: return x + immediate
  case DRN_MAP_MULTIPLY_IMMEDIATE: return x * immediate
  case DRN_MAP_MAXIMUM_IMMEDIATE: return larger(x, immediate)
  case DRN_MAP_MINIMUM_IMMEDIATE: return -larger(-x, -immediate)
  case DRN_MAP_GREATER_IMMEDIATE: return x > immediate ? 1 : 0
  default: return naiveFunction(instruction.opcode, x)
  }
}

/// NaN if either is, as PyTorch's `maximum`.
private func larger(_ x: Double, _ y: Double) -> Double { x.isNaN || y.isNaN ? .nan : max(x, y) }

private func naiveFunction(_ opcode: UInt8, _ x: Double) -> Double {
  let distribution = 0.5 * erfc(-x / 2.0.squareRoot())
  switch drn_map_opcode(rawValue: opcode) {
  case DRN_MAP_NEGATE: return -x
  case DRN_MAP_ABSOLUTE: return abs(x)
  case DRN_MAP_SIGN: return x > 0 ? 1 : x < 0 ? -1 : 0
  case DRN_MAP_SQUARE: return x * x
  case DRN_MAP_SQUARE_ROOT: return x.squareRoot()
  case DRN_MAP_RECIPROCAL_SQUARE_ROOT: return 1 / x.squareRoot()
  case DRN_MAP_RECIPROCAL: return 1 / x
  case DRN_MAP_EXPONENTIAL: return exp(x)
  case DRN_MAP_LOGARITHM: return log(x)
  case DRN_MAP_HYPERBOLIC_TANGENT: return tanh(x)
  case DRN_MAP_SIGMOID: return 1 / (1 + exp(-x))
  case DRN_MAP_GELU: return x * distribution
  case DRN_MAP_GELU_GRADIENT: return distribution + x * exp(-x * x / 2) / (2 * Double.pi).squareRoot()
  case DRN_MAP_RELU: return larger(x, 0)
  case DRN_MAP_ERROR_FUNCTION: return erf(x)
  default: return .nan
  }
}

@Suite("Kernels: elementary functions")
struct KernelElementaryTests {
  /// One opcode over a list.
  private func apply(_ opcode: drn_map_opcode, _ x: [Float], _ y: [Float]? = nil, immediate: Float = 0) -> [Float] {
    var memory = [x, y ?? x].map { list in PaddedMatrix(rows: 1, columns: list.count, pad: 0) { list[$1] } }
    memory.append(PaddedMatrix(rows: 1, columns: x.count, pad: 0) { _, _ in 0 })
    var program = MapProgram(inputKinds: [DRN_MAP_FULL, DRN_MAP_FULL], outputRegisters: [2])
    program.append(opcode, 2, 0, 1, immediate)
    program.run(&memory, inputs: [0, 1], outputs: [2], rows: 0..<1, columns: 0..<x.count)
    return Array(memory[2].storage.prefix(x.count))
  }

  /// The largest error of an opcode over `x`: in units in the last place, or in `unit` where that is given.
  private func worst(_ opcode: drn_map_opcode, _ x: [Float], unit: (Double) -> Double) -> Double {
    zip(x, apply(opcode, x)).reduce(0.0) { worst, pair in
      let exact = naiveFunction(opcode.rawValue, Double(pair.0))
      let error = abs(Double(pair.1) - exact) / unit(exact)
      return error.isNaN ? .infinity : max(worst, error)
    }
  }

  private func ulp(_ exact: Double) -> Double {
    Double(max(Float(abs(exact)), .leastNormalMagnitude).ulp)
  }

  private func grid(_ range: ClosedRange<Float>, _ count: Int = 8001) -> [Float] {
    (0..<count).map { range.lowerBound + (range.upperBound - range.lowerBound) * Float($0) / Float(count - 1) }
  }

  /// Positive numbers of all magnitudes.
  private var magnitudes: [Float] {
    (0..<8000).map { Float(bitPattern: UInt32($0) * 265_000 + 1 + 0x0080_0000) }.filter(\.isFinite)
  }

  @Test("functions keep the accuracy their comments state", arguments: InstructionSet.allCases)
  func accuracy(isa: InstructionSet) {
    isa.run {
      let small = magnitudes.filter { $0 < 1 }
      let symmetric = small + small.map { -$0 } + grid(-12...12)
      #expect(worst(DRN_MAP_EXPONENTIAL, grid(-87...88.7) + symmetric, unit: ulp) <= 2)
      #expect(worst(DRN_MAP_LOGARITHM, magnitudes + grid(0.4...2.2), unit: ulp) <= 2)
      #expect(worst(DRN_MAP_HYPERBOLIC_TANGENT, symmetric, unit: ulp) <= 4)
      #expect(worst(DRN_MAP_SIGMOID, symmetric + grid(-87...20), unit: ulp) <= 4)
      #expect(worst(DRN_MAP_ERROR_FUNCTION, symmetric) { _ in 1 } <= 2e-7)
      #expect(worst(DRN_MAP_GELU_GRADIENT, symmetric) { _ in 1 } <= 4e-7)
      #expect(worst(DRN_MAP_RECIPROCAL_SQUARE_ROOT, magnitudes, unit: ulp) <= 1.5)
      for opcode in [DRN_MAP_SQUARE_ROOT, DRN_MAP_RECIPROCAL] {
        #expect(worst(opcode, magnitudes.filter { $0 < 1e37 }, unit: ulp) <= 0.5)
      }
      let gelu = zip(symmetric, apply(DRN_MAP_GELU, symmetric)).map { x, y in
        abs(Double(y) - naiveFunction(DRN_MAP_GELU.rawValue, Double(x))) / Double(max(1, abs(x)))
      }
      #expect((gelu.max() ?? .infinity) <= 2e-7)
    }
  }

  @Test("infinities, zeros and NaN come out as stated", arguments: InstructionSet.allCases)
  func specialValues(isa: InstructionSet) {
    isa.run {
      let infinity = Float.infinity
      #expect(apply(DRN_MAP_EXPONENTIAL, [infinity, -infinity, 0, 89, -120]) == [infinity, 0, 1, infinity, 0])
      #expect(apply(DRN_MAP_LOGARITHM, [infinity, 0, 1]) == [infinity, -infinity, 0])
      #expect(apply(DRN_MAP_LOGARITHM, [-1, -infinity, .nan]).allSatisfy { $0.isNaN })
      #expect(apply(DRN_MAP_HYPERBOLIC_TANGENT, [infinity, -infinity, 0]) == [1, -1, 0])
      #expect(apply(DRN_MAP_SIGMOID, [infinity, -infinity, 0]) == [1, 0, 0.5])
      #expect(apply(DRN_MAP_ERROR_FUNCTION, [infinity, -infinity]) == [1, -1])
      for opcode in [DRN_MAP_EXPONENTIAL, DRN_MAP_HYPERBOLIC_TANGENT, DRN_MAP_SIGMOID, DRN_MAP_GELU, DRN_MAP_GELU_GRADIENT] {
        #expect(apply(opcode, [.nan])[0].isNaN)
      }
      #expect(apply(DRN_MAP_SIGN, [-2, 0, 5, .nan]) == [-1, 0, 1, 0])
    }
  }

  @Test("every opcode agrees with its definition", arguments: 0..<DRN_MAP_OPCODE_COUNT.rawValue)
  func definitions(opcode: UInt8) {
    var generator = TestGenerator(seed: 4)
    let x = (0..<50).map { _ in abs(generator.float(3)) + 0.01 }
    let y = (0..<50).map { _ in generator.float(3) + 4 }
    var program = MapProgram(inputKinds: [DRN_MAP_FULL, DRN_MAP_FULL, DRN_MAP_FULL], outputRegisters: [2])
    program.append(drn_map_opcode(rawValue: opcode), 2, 0, 1, 1.5)
    for isa in InstructionSet.allCases {
      var memory = [x, y, x].map { list in PaddedMatrix(rows: 1, columns: 50, pad: 0) { list[$1] } }
      isa.run { program.run(&memory, inputs: [0, 1, 2], outputs: [2], rows: 0..<1, columns: 0..<50) }
      #expect(memory[2].largestError { _, i in program.evaluate([Double(x[i]), Double(y[i]), Double(x[i])])[0] } <= 4e-6)
    }
  }
}
