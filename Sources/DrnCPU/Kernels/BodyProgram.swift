import CKernels
import DrnIR

/// A scalar function as a program of the map kernel: constants become immediates, values share registers once they are dead.
struct BodyProgram {
  private(set) var instructions: [drn_map_instruction] = []
  private(set) var outputs: [UInt8] = []
  let inputCount: Int

  private var registers: [Value: UInt8] = [:]
  private var constants: [Value: Float] = [:]
  private var free: [UInt8]
  private var lastRead: [Value: Int] = [:]
  /// What is narrowed as it is written, by the narrowed value.
  private var narrowed: [Value: Value] = [:]

  init(_ body: Function) throws(ExecutionError) {
    inputCount = body.arguments.count
    guard inputCount <= Int(DRN_MAP_REGISTERS) else {
      throw .missingKernel(opcode: "map", reason: "@\(body.name) has \(inputCount) arguments, the kernel at most \(DRN_MAP_REGISTERS)")
    }
    free = (inputCount..<Int(DRN_MAP_REGISTERS)).reversed().map(UInt8.init)
    for (index, port) in body.arguments.enumerated() { registers[port.value] = UInt8(index) }
    for (time, operation) in body.operations.enumerated() { for value in operation.operands { lastRead[value] = time } }
    for operation in body.operations where operation.opcode == .narrow { narrowed[operation.results[0]] = operation.operands[0] }
    for port in body.results { lastRead[narrowed[port.value] ?? port.value] = body.operations.count }
    for (time, operation) in body.operations.enumerated() { try compile(operation, at: time, in: body) }
    for port in body.results { outputs.append(try register(of: narrowed[port.value] ?? port.value, in: body)) }
    guard instructions.count <= Int(DRN_MAP_INSTRUCTIONS), outputs.count <= Int(DRN_MAP_REGISTERS) else {
      throw .missingKernel(
        opcode: "map", reason: "@\(body.name) needs \(instructions.count) instructions, the kernel has at most \(DRN_MAP_INSTRUCTIONS)")
    }
  }

  private mutating func compile(_ operation: Operation, at time: Int, in body: Function) throws(ExecutionError) {
    guard let result = operation.results.first, operation.opcode != .narrow else { return }
    if operation.opcode == .constant {
      constants[result] = Float(operation.attributes.number("value") ?? 0)
      return
    }
    guard let kernel = operation.opcode.mapKernel, let left = operation.operands.first else {
      throw .missingKernel(opcode: operation.opcode.mnemonic, reason: "it is not elementwise, inside @\(body.name)")
    }
    let folded = foldedConstant(operation)
    let x = try register(of: folded?.other ?? left, in: body)
    let y = folded == nil && operation.operands.count > 1 ? try register(of: operation.operands[1], in: body) : 0
    for operand in Set(operation.operands) where lastRead[operand] == time { release(operand) }
    let destination = try allocate(body)
    registers[result] = destination
    let opcode = folded?.opcode ?? kernel
    instructions.append(
      drn_map_instruction(opcode: opcode.rawValue, destination: destination, left: x, right: y, immediate: folded?.immediate ?? 0))
    if lastRead[result] == nil { release(result) }
  }

  /// The register of a value; a constant gets one when it is first needed.
  private mutating func register(of value: Value, in body: Function) throws(ExecutionError) -> UInt8 {
    if let register = registers[value] { return register }
    guard let constant = constants[value] else {
      throw .missingKernel(opcode: "map", reason: "@\(body.name) uses a value before its definition")
    }
    let register = try allocate(body)
    instructions.append(
      drn_map_instruction(opcode: DRN_MAP_CONSTANT.rawValue, destination: register, left: 0, right: 0, immediate: constant))
    registers[value] = register
    return register
  }

  private mutating func allocate(_ body: Function) throws(ExecutionError) -> UInt8 {
    guard let register = free.popLast() else {
      throw .missingKernel(opcode: "map", reason: "@\(body.name) needs more than \(DRN_MAP_REGISTERS) values at once")
    }
    return register
  }

  private mutating func release(_ value: Value) {
    if let register = registers.removeValue(forKey: value) { free.append(register) }
  }

  /// The instruction with an immediate that does the same, bit for bit, where one operand is a constant.
  private func foldedConstant(_ operation: Operation) -> (opcode: drn_map_opcode, other: Value, immediate: Float)? {
    guard operation.operands.count == 2 else { return nil }
    let (left, right) = (operation.operands[0], operation.operands[1])
    if let immediate = constants[right], constants[left] == nil, let opcode = operation.opcode.immediateKernel {
      return (opcode, left, operation.opcode == .subtract ? -immediate : immediate)
    }
    if let immediate = constants[left], constants[right] == nil, operation.opcode == .add || operation.opcode == .multiply {
      return operation.opcode.immediateKernel.map { ($0, right, immediate) }
    }
    return nil
  }
}

extension Opcode {
  /// The instructions of the elementwise functions, by the mnemonics of their ops.
  private static let mapKernels: [String: drn_map_opcode] = {
    var kernels: [String: drn_map_opcode] = [:]
    var index: Int32 = 0
    while let function = drn_map_function_at(index)?.pointee {
      kernels[String(cString: function.mnemonic)] = function.opcode
      index += 1
    }
    return kernels
  }()

  /// The instruction that computes the op on registers; `nil` for ops that are not elementwise.
  fileprivate var mapKernel: drn_map_opcode? { isElementwise ? Self.mapKernels[mnemonic] : nil }

  /// The instruction whose right operand is an immediate; `subtract` adds the negated one.
  fileprivate var immediateKernel: drn_map_opcode? {
    guard case .binary(let op) = self else { return nil }
    switch op {
    case .add, .subtract: return DRN_MAP_ADD_IMMEDIATE
    case .multiply: return DRN_MAP_MULTIPLY_IMMEDIATE
    case .maximum: return DRN_MAP_MAXIMUM_IMMEDIATE
    case .minimum: return DRN_MAP_MINIMUM_IMMEDIATE
    case .greater: return DRN_MAP_GREATER_IMMEDIATE
    case .divide: return nil
    }
  }
}
