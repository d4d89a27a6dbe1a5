import CKernels
import DrnIR
import DrnReference
import DrnTestSupport
import Testing

/// The elementwise functions of map programs, as the kernels list them.
enum MapFunctions {
  static var all: [drn_map_function] {
    var (functions, index): ([drn_map_function], Int32) = ([], 0)
    while let function = drn_map_function_at(index)?.pointee {
      functions.append(function)
      index += 1
    }
    return functions
  }

  static func mnemonic(_ function: drn_map_function) -> String { String(cString: function.mnemonic) }

  private static let mnemonics = Dictionary(uniqueKeysWithValues: all.map { ($0.opcode.rawValue, mnemonic($0)) })

  /// What an opcode computes, by the reference interpreter's definition of the op of its mnemonic; NaN for other opcodes.
  static func reference(_ opcode: UInt8, _ x: Double, _ y: Double) -> Double {
    guard let mnemonic = mnemonics[opcode] else { return .nan }
    if let op = UnaryOp(rawValue: mnemonic) { return referenceFunction(of: op)(x) }
    return BinaryOp(rawValue: mnemonic).map { referenceFunction(of: $0)(x, y) } ?? .nan
  }
}

/// One instruction in double precision, straight from its definition.
func naiveOperation(_ instruction: drn_map_instruction, _ x: Double, _ y: Double, _ d: Double) -> Double {
  let immediate = Double(instruction.immediate)
  switch drn_map_opcode(rawValue: instruction.opcode) {
  case DRN_MAP_CONSTANT: return immediate
  case DRN_MAP_COPY: return x
  case DRN_MAP_MULTIPLY_ADD: return d + x * y
  case DRN_MAP_ADD_IMMEDIATE: return x + immediate
  case DRN_MAP_MULTIPLY_IMMEDIATE: return x * immediate
  case DRN_MAP_MAXIMUM_IMMEDIATE: return larger(x, immediate)
  case DRN_MAP_MINIMUM_IMMEDIATE: return -larger(-x, -immediate)
  case DRN_MAP_GREATER_IMMEDIATE: return x > immediate ? 1 : 0
  default: return MapFunctions.reference(instruction.opcode, x, y)
  }
}

/// NaN if either is, as PyTorch's `maximum`.
private func larger(_ x: Double, _ y: Double) -> Double { x.isNaN || y.isNaN ? .nan : max(x, y) }

@Suite("Kernels: elementary functions")
struct KernelElementaryTests {
  /// One opcode over a list.
  private func apply(_ opcode: drn_map_opcode, _ x: [Float]) -> [Float] {
    var memory = [x, x].map { list in PaddedMatrix(rows: 1, columns: list.count, pad: 0) { list[$1] } }
    memory.append(PaddedMatrix(rows: 1, columns: x.count, pad: 0) { _, _ in 0 })
    var program = MapProgram(inputKinds: [DRN_MAP_FULL, DRN_MAP_FULL], outputRegisters: [2])
    program.append(opcode, 2, 0, 1, 0)
    program.run(&memory, inputs: [0, 1], outputs: [2], rows: 0..<1, columns: 0..<x.count)
    return Array(memory[2].storage.prefix(x.count))
  }

  private static func grid(_ bound: Float) -> [Float] { (-4000...4000).map { bound * Float($0) / 4000 } }

  /// Numbers of all magnitudes and both signs, denser where functions bend and where they leave the range of floats.
  private static let operands: [Float] = {
    let magnitudes = (0..<8000).map { Float(bitPattern: UInt32($0) * 265_000 + 1 + 0x0080_0000) }.filter(\.isFinite)
    return magnitudes + magnitudes.map { -$0 } + grid(2) + grid(12) + grid(88.7)
  }()

  @Test("every elementwise op has a function of the kernels, and every function an op of as many operands")
  func functionsOfOps() {
    let unary = MapFunctions.all.filter { $0.operands == 1 }.map(MapFunctions.mnemonic)
    let binary = MapFunctions.all.filter { $0.operands == 2 }.map(MapFunctions.mnemonic)
    #expect(unary.sorted() == UnaryOp.allCases.map(\.rawValue).sorted())
    #expect(binary.sorted() == BinaryOp.allCases.map(\.rawValue).sorted())
    #expect(drn_map_function_at(-1) == nil && drn_map_function_at(Int32(MapFunctions.all.count)) == nil)
  }

  @Test("functions of one operand keep the errors their list states", arguments: InstructionSet.allCases, UnaryOp.allCases)
  func accuracy(isa: InstructionSet, op: UnaryOp) throws {
    let function = try #require(MapFunctions.all.first { MapFunctions.mnemonic($0) == op.rawValue })
    let (exactly, bound) = (referenceFunction(of: op), function.error)
    var worst = (share: 0.0, x: Float(0))
    for (x, y) in zip(Self.operands, isa.run { apply(function.opcode, Self.operands) }) {
      let exact = exactly(Double(x))
      // Neither what floats cannot hold nor what they hold with fewer digits.
      let isNormal = abs(exact) <= Double(Float.greatestFiniteMagnitude) && abs(exact) >= Double(Float.leastNormalMagnitude)
      guard isNormal || exact == 0 else { continue }
      let unit = Double(max(Float(abs(exact)), .leastNormalMagnitude).ulp)
      let allowed = bound.ulps * unit + bound.absolute + bound.of_operand * max(1, Double(abs(x)))
      let share = abs(Double(y) - exact) / allowed
      if share.isNaN || share > worst.share { worst = (share.isNaN ? .infinity : share, x) }
    }
    #expect(worst.share <= 1, "\(op) of \(worst.x) errs by \(worst.share) of what is allowed")
  }

  @Test("the ends of the ranges come out as stated", arguments: InstructionSet.allCases)
  func ends(isa: InstructionSet) {
    isa.run {
      let infinity = Float.infinity
      #expect(apply(DRN_MAP_EXPONENTIAL, [infinity, -infinity, 0, 89, -120]) == [infinity, 0, 1, infinity, 0])
      #expect(apply(DRN_MAP_LOGARITHM, [infinity, 0, 1]) == [infinity, -infinity, 0])
      #expect(apply(DRN_MAP_LOGARITHM, [-1, -infinity, .nan]).allSatisfy { $0.isNaN })
      #expect(apply(DRN_MAP_HYPERBOLIC_TANGENT, [infinity, -infinity, 0]) == [1, -1, 0])
      #expect(apply(DRN_MAP_SIGMOID, [infinity, -infinity, 0]) == [1, 0, 0.5])
      #expect(apply(DRN_MAP_SIGN, [-2, 0, 5, .nan]) == [-1, 0, 1, 0])
    }
  }

  @Test("every opcode agrees with its definition", arguments: 0..<DRN_MAP_OPCODE_COUNT.rawValue)
  func definitions(opcode: UInt8) {
    var generator = SplitMix64(seed: 4)
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
