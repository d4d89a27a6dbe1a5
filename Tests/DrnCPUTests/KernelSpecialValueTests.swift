import CKernels
import Testing

/// NaN and infinities in every operand, held against the definitions in double precision, which are PyTorch's.
@Suite("Kernels: NaN and infinities")
struct KernelSpecialValueTests {
  private static let specials: [Float] = [.nan, .infinity, -.infinity, 0, 1, -2.5]
  /// Parts of a vector, whole vectors of every instruction set with and without a rest, and more than a tile.
  private static let sizes = [1, 3, 4, 7, 8, 9, 15, 16, 17, 33, 1100]

  private static let kinds = [
    [DRN_MAP_FULL, DRN_MAP_FULL], [DRN_MAP_ROW, DRN_MAP_COLUMN], [DRN_MAP_FULL, DRN_MAP_SCALAR], [DRN_MAP_SCALAR, DRN_MAP_FULL],
  ]

  /// Runs a program whose inputs go through all combinations of special values, and holds every element against its definition.
  private func check(_ program: MapProgram, rows: Int, columns: Int, pad: Int, _ what: String) {
    let specials = Self.specials
    let inputs = program.inputKinds.indices.map { input in
      PaddedMatrix(rows: rows, columns: columns, pad: pad) { row, column in
        let element = row * columns + column
        return specials[(0..<input).reduce(element) { rest, _ in rest / specials.count } % specials.count]
      }
    }
    var memory = inputs + [PaddedMatrix(rows: rows, columns: columns, pad: pad) { _, _ in 0 }]
    program.run(&memory, inputs: Array(inputs.indices), outputs: [inputs.count], rows: 0..<rows, columns: 0..<columns)
    for row in 0..<rows {
      for column in 0..<columns {
        let operands = zip(inputs, program.inputKinds).map { matrix, kind in
          switch kind {
          case DRN_MAP_ROW: Double(matrix[0, column])
          case DRN_MAP_COLUMN: Double(matrix[row, 0])
          case DRN_MAP_SCALAR: Double(matrix[0, 0])
          default: Double(matrix[row, column])
          }
        }
        let (found, expected) = (memory[inputs.count][row, column], Float(program.evaluate(operands)[0]))
        let isRight = expected.isNaN ? found.isNaN : found == expected || abs(found - expected) <= 1e-6 * max(1, abs(expected))
        if !isRight { return #expect(Bool(false), "\(what), \(rows) x \(columns): \(found) of \(operands), not \(expected)") }
      }
    }
  }

  @Test("every opcode, alone, over full operands and over one value for all", arguments: InstructionSet.allCases)
  func opcodes(isa: InstructionSet) {
    isa.run {
      for opcode in 0..<DRN_MAP_OPCODE_COUNT.rawValue where opcode != DRN_MAP_MULTIPLY_ADD.rawValue {
        let takesImmediate =
          opcode == DRN_MAP_CONSTANT.rawValue || DRN_MAP_ADD_IMMEDIATE.rawValue...DRN_MAP_GREATER_IMMEDIATE.rawValue ~= opcode
        for immediate in takesImmediate ? Self.specials : [0] {
          for kinds in Self.kinds {
            var program = MapProgram(inputKinds: kinds, outputRegisters: [2])
            program.append(drn_map_opcode(rawValue: opcode), 2, 0, 1, immediate)
            for size in Self.sizes { check(program, rows: 1, columns: size, pad: 0, "opcode \(opcode), \(immediate)") }
            check(program, rows: 37, columns: 19, pad: 3, "opcode \(opcode), \(immediate)")
          }
        }
      }
    }
  }

  @Test("every pair of operations that may run as one, with the first result on either side", arguments: InstructionSet.allCases)
  func pairs(isa: InstructionSet) {
    let first = [DRN_MAP_ADD, DRN_MAP_SUBTRACT, DRN_MAP_MULTIPLY, DRN_MAP_DIVIDE, DRN_MAP_GREATER]
    let second = [DRN_MAP_ADD, DRN_MAP_SUBTRACT, DRN_MAP_MULTIPLY, DRN_MAP_DIVIDE, DRN_MAP_MAXIMUM, DRN_MAP_MINIMUM, DRN_MAP_GREATER]
    isa.run {
      for one in first {
        for two in second {
          for (left, right) in [(3, 2), (2, 3)] as [(UInt8, UInt8)] {
            var program = MapProgram(inputKinds: [DRN_MAP_FULL, DRN_MAP_FULL, DRN_MAP_FULL], outputRegisters: [3])
            program.append(one, 3, 0, 1)
            program.append(two, 3, left, right)
            check(program, rows: 1, columns: 216, pad: 0, "\(one) then \(two)")
            check(program, rows: 24, columns: 9, pad: 2, "\(one) then \(two)")
          }
        }
        for clamp in [DRN_MAP_MAXIMUM_IMMEDIATE, DRN_MAP_MINIMUM_IMMEDIATE, DRN_MAP_RELU] {
          for immediate in Self.specials {
            var program = MapProgram(inputKinds: [DRN_MAP_FULL, DRN_MAP_ROW], outputRegisters: [3])
            program.append(one, 3, 0, 1)
            program.append(clamp, 3, 3, 0, immediate)
            for size in Self.sizes { check(program, rows: 2, columns: size, pad: 1, "\(one) then \(clamp) \(immediate)") }
          }
        }
      }
    }
  }

  @Test("a NaN anywhere in a row of logits makes its loss and its gradient NaN", arguments: InstructionSet.allCases)
  func crossEntropy(isa: InstructionSet) {
    isa.run {
      for classes in [2, 5, 8, 9, 16, 33] {
        for place in 0..<classes {
          for smoothing in [0, 0.1] as [Float] {
            let logits = (0..<classes).map { $0 == place ? Float.nan : Float($0) }
            var options = drn_cross_entropy_options(label_smoothing: smoothing, class_weights: nil, gradient_scale: 1)
            var (losses, gradient) = ([Float](repeating: 0, count: 1), [Float](repeating: 0, count: classes))
            drn_softmax_cross_entropy(logits, classes, [Int32(classes / 2)], 0, 1, classes, &options, &losses, &gradient, classes)
            #expect(losses[0].isNaN && gradient.allSatisfy(\.isNaN))
          }
        }
      }
    }
  }

  /// PyTorch 2.13, `cross_entropy(logits, labels, reduction="none")`.
  @Test("infinite logits cost what they cost in PyTorch", arguments: InstructionSet.allCases)
  func infiniteLogits(isa: InstructionSet) {
    func losses(_ logits: [Float], _ labels: [Int32], smoothing: Float = 0) -> [Float] {
      var options = drn_cross_entropy_options(label_smoothing: smoothing, class_weights: nil, gradient_scale: 1)
      var losses = [Float](repeating: 0, count: labels.count)
      drn_softmax_cross_entropy(logits, 3, labels, 0, labels.count, 3, &options, &losses, nil, 0)
      return losses
    }
    isa.run {
      let rows: [Float] = [-.infinity, 0, 1, 0, -.infinity, 1]
      #expect(losses(rows, [1, 0]).allSatisfy { abs($0 - 1.3132617) < 1e-6 })
      #expect(losses(rows, [0, 1]) == [.infinity, .infinity])
      #expect(losses(rows, [1, 0], smoothing: 0.1) == [.infinity, .infinity])
      #expect(losses([.infinity, 0, 1], [0])[0].isNaN)
    }
  }
}
