import DrnIR
import DrnKernels

/// One matrix of a product, as it enters.
struct ChainFactor: Hashable, Comparable {
  let value: Value
  let isTransposed: Bool

  var transposed: ChainFactor { ChainFactor(value: value, isTransposed: !isTransposed) }
  static func < (left: ChainFactor, right: ChainFactor) -> Bool {
    left.value == right.value ? !left.isTransposed && right.isTransposed : left.value < right.value
  }
}

/// A run of factors up to transposition: `(A B)^T` is `B^T A^T`, so both have the same canonical factors.
struct ChainKey {
  let factors: [ChainFactor]
  /// Whether the run as written is the transpose of `factors`.
  let isTransposed: Bool

  init(_ factors: ArraySlice<ChainFactor>) {
    let forward = Array(factors)
    let backward = forward.reversed().map(\.transposed)
    isTransposed = backward.lexicographicallyPrecedes(forward)
    self.factors = isTransposed ? backward : forward
  }
}

/// A product of matrices with concrete extents.
struct Chain {
  let factors: [ChainFactor]
  /// Factor `i` is `extents[i]` x `extents[i + 1]`.
  private(set) var extents: [Int]
  /// By factor, the windows of those that are patches of an image.
  var windows: [Int: WindowProduct] = [:]
  /// The factors that are made by `one_hot`, by their position: a product with one of them is a choice of rows.
  var tokens: Set<Int> = []
  /// Whether a factor is of half width: then every product of the chain multiplies in half width.
  let isHalf: Bool
  /// The windows of the patches whose gradient the product is, if it is one.
  var resultWindows: WindowProduct?

  init?(factors: [ChainFactor], types: [TensorType]) {
    var extents: [Int] = []
    for (factor, type) in zip(factors, types) {
      guard let shape = type.extents, shape.count == 2 else { return nil }
      let (rows, columns) = factor.isTransposed ? (shape[1], shape[0]) : (shape[0], shape[1])
      extents += extents.isEmpty ? [rows, columns] : [columns]
    }
    guard factors.count >= 2, extents.count == factors.count + 1 else { return nil }
    self.factors = factors
    self.extents = extents
    isHalf = types.contains { $0.element == .bf16 }
  }

  /// The chain an operation computes: a `product`, or a `matmul` without an epilogue.
  init?(_ operation: Operation, in function: Function) {
    let flags: [Bool]
    if operation.opcode == .product {
      flags = operation.attributes.booleans("transposes") ?? []
    } else if operation.opcode == .matmul, operation.operands.count == 2, operation.attributes["epilogue"] == nil {
      flags = ["transpose_left", "transpose_right"].map { operation.attributes.boolean($0) ?? false }
    } else {
      return nil
    }
    guard flags.count == operation.operands.count else { return nil }
    let factors = zip(operation.operands, flags).map { ChainFactor(value: $0, isTransposed: $1) }
    self.init(factors: factors, types: factors.map { function.type(of: $0.value) })
  }

  /// The extents as one of several devices has them.
  mutating func divide(_ division: BatchDivision, over devices: Int) {
    var divided: Set<Int> = []
    for (index, factor) in factors.enumerated() {
      guard let axis = division.axis(of: factor.value) else { continue }
      divided.insert(index + (factor.isTransposed ? 1 - axis : axis))
      windows[index] = windows[index]?.divided(by: devices)
    }
    for index in divided where extents[index].isMultiple(of: devices) { extents[index] /= devices }
    if divided.contains(0) || divided.contains(factors.count) { resultWindows = resultWindows?.divided(by: devices) }
  }
}
