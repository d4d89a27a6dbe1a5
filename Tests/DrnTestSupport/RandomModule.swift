import DrnIR

/// A seeded random straight line over matrices, vectors and scalars. Operations whose result jumps (`sign`, `greater`) read arguments only,
/// so that rounding cannot make two equal programs differ by more than rounding.
public struct RandomModule {
  private var random: SplitMix64
  private var builder: Builder
  private var pool: [Value] = []
  private var arguments: [Value] = []

  /// The module of that seed, with the one function `step`.
  public static func module(seed: Int, operations: Int = 30) throws -> Module {
    var program = RandomModule(seed: seed)
    for _ in 0..<operations { try program.step() }
    return program.finish()
  }

  private init(seed: Int) {
    random = SplitMix64(seed: UInt64(seed))
    builder = Builder(function: "step", in: Module(name: "random"))
    for (index, shape) in [[3, 4], [4, 3], [4, 5], [3, 3], [5, 4], [4], [3], [], []].enumerated() {
      let value = builder.argument("a\(index)", role: .weight, .f32(shape.map { Dimension($0) }))
      pool.append(value)
      arguments.append(value)
    }
  }

  private func shape(_ value: Value) -> [Dimension] { builder.type(of: value).shape }
  private func values(where condition: (Value) -> Bool) -> [Value] { pool.filter(condition) }

  private mutating func step() throws {
    guard let x = random.pick(pool) else { return }
    let made: Value? =
      switch random.below(10) {
      case 0, 1: try builder.emitOne(random.pick([.negate, .relu, .tanh, .sigmoid, .absolute]) ?? .negate, [x])
      case 2, 3, 4: try binary(x)
      case 5: try numeric(x)
      case 6: try matrixProduct(x)
      case 7: try chain(x)
      case 8: try reshaping(x)
      default: try repetition(x)
      }
    if let made { pool.append(made) }
  }

  private mutating func binary(_ x: Value) throws -> Value? {
    guard let y = random.pick(values { shape($0) == shape(x) || shape($0).isEmpty }) else { return nil }
    let operands = random.below(2) == 0 ? [x, y] : [y, x]
    return try builder.emitOne(random.pick([.add, .subtract, .multiply, .maximum, .minimum]) ?? .add, operands)
  }

  private mutating func numeric(_ x: Value) throws -> Value? {
    let numbers: [Double] = [0, 1, -1, 2, 0.5]
    let number = random.pick(numbers) ?? 1
    if random.below(4) == 0, let argument = random.pick(arguments) {
      return try builder.emitOne(.greater, [argument, try builder.constant(number)])
    }
    let constant = try builder.constant(number, shape: random.below(3) == 0 ? shape(x) : [])
    return try builder.emitOne(random.pick([.add, .multiply, .subtract]) ?? .add, [x, constant])
  }

  private mutating func matrixProduct(_ x: Value) throws -> Value? {
    guard shape(x).count == 2 else { return nil }
    let (left, right) = (random.below(2) == 0, random.below(2) == 0)
    let inner = shape(x)[left ? 0 : 1]
    guard let y = random.pick(values { shape($0).count == 2 && shape($0)[right ? 1 : 0] == inner }) else { return nil }
    // Bounded results keep long products from growing without limit.
    return try builder.emitOne(.tanh, [try builder.matmul(x, y, transposeLeft: left, transposeRight: right)])
  }

  private mutating func chain(_ x: Value) throws -> Value? {
    guard shape(x).count == 2 else { return nil }
    var operands = [x]
    var flags = [random.below(2) == 0]
    var columns = shape(x)[flags[0] ? 0 : 1]
    for _ in 0..<(2 + random.below(3)) {
      let flag = random.below(2) == 0
      guard let next = random.pick(values { shape($0).count == 2 && shape($0)[flag ? 1 : 0] == columns }) else { return nil }
      operands.append(next)
      flags.append(flag)
      columns = shape(next)[flag ? 0 : 1]
    }
    return try builder.emitOne(.tanh, [try builder.product(operands, transposes: flags)])
  }

  private mutating func reshaping(_ x: Value) throws -> Value? {
    let shape = shape(x)
    guard shape.count == 2 else { return try builder.reshape(x, to: shape) }
    switch random.below(5) {
    case 0: return try builder.transpose(x)
    case 1:
      return try builder.reshape(
        try builder.reshape(x, to: [shape[1], shape[0]]), to: random.below(2) == 0 ? shape : [shape[1], shape[0]])
    case 2: return try builder.slice(x, starts: [0, 0], sizes: random.below(2) == 0 ? shape : [shape[0], 3])
    case 3: return try builder.sum(x, axes: random.pick([[0], [1], [0, 1]]) ?? [])
    default: return try builder.pad(x, starts: [0, 0], shape: shape)
    }
  }

  private mutating func repetition(_ x: Value) throws -> Value? {
    guard let target = random.pick(values { shape($0).count == 2 }) else { return nil }
    let to = shape(target)
    if shape(x).isEmpty { return try builder.add(target, try builder.broadcast(x, to: to, axes: [])) }
    guard shape(x).count == 1 else { return nil }
    for axis in 0..<2 where to[axis] == shape(x)[0] { return try builder.multiply(target, try builder.broadcast(x, to: to, axes: [axis])) }
    return nil
  }

  private mutating func finish() -> Module {
    for (index, value) in pool.suffix(4).enumerated() { builder.result("y\(index)", role: .output, value) }
    var replaced: Set<String> = []
    for value in pool.dropFirst(arguments.count).suffix(12) {
      guard
        let index = arguments.firstIndex(where: { builder.type(of: $0) == builder.type(of: value) && !replaced.contains("a\($0.index)") })
      else { continue }
      replaced.insert("a\(index)")
      builder.result("a\(index)", role: .weight, value)
    }
    var module = Module(name: "random")
    module.set(builder.function)
    return module
  }
}
