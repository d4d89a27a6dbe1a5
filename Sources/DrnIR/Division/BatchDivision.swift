/// What happens to the values of a concrete function when its batch is divided over several devices: which axis of each is divided, and what is
/// summed over the devices.
///
/// Everything but the batch is whole on every device. An op that sums over a divided axis gives each device a part of the sum; the parts are
/// added over the devices, and the result is whole.
public struct BatchDivision: Sendable {
  /// One value that is added over the devices.
  public struct Sum: Hashable, Sendable {
    /// Where it is computed, by its place in the function.
    public let operation: Int
    /// Elements times the size of one.
    public let bytes: Int
  }
  /// In the order of the operations.
  public private(set) var sums: [Sum] = []
  /// The operations that read a divided axis in another way than element by element, so that examples pass from one device to another.
  public private(set) var moves: [Int] = []
  private var axes: [Value: Int] = [:]
  private let function: Function
  private let read: Set<Value>

  /// Of a function whose arguments of the batch are divided along their first axis over so many devices; `nil` where there is one device, where no
  /// argument is of the batch, or where one has a number of rows that the devices do not divide: then every device has all of it.
  public init?(_ function: Function, devices: Int) {
    let rows = function.arguments.filter { $0.role == .batch }.map { function.type(of: $0.value).extents?.first }
    guard devices > 1, !rows.isEmpty, rows.allSatisfy({ $0?.isMultiple(of: devices) ?? false }) else { return nil }
    self.function = function
    read = Set(function.operations.flatMap(\.operands) + function.results.map(\.value))
    for port in function.arguments where port.role == .batch { axes[port.value] = 0 }
    for (index, operation) in function.operations.enumerated() where operation.operands.contains(where: { axes[$0] != nil }) {
      divide(operation, index)
    }
  }

  /// The axis along which a value is divided; `nil` where it is whole on every device.
  public func axis(of value: Value) -> Int? { axes[value] }
  /// Bytes of all sums together.
  public var bytes: Int { sums.reduce(0) { $0 &+ $1.bytes } }

  private func shape(_ value: Value) -> [Int] { function.type(of: value).extents ?? [] }

  /// A result that is a sum over the devices; one that nothing reads is not made.
  private mutating func sum(_ value: Value, at index: Int, size: Int = 4) {
    if read.contains(value) { sums.append(Sum(operation: index, bytes: shape(value).reduce(size, &*))) }
  }

  private mutating func divide(_ operation: Operation, _ index: Int) {
    let (operands, results, attributes) = (operation.operands, operation.results, operation.attributes)
    let given = operands.map { axes[$0] }
    guard let axis = given.lazy.compactMap({ $0 }).first, let result = results.first else { return }
    switch operation.opcode {
    case .unary, .binary, .narrow, .random, .map, .magnitude(.power), .magnitude(.powerDerivative):
      for result in results { axes[result] = axis }
    case .constant, .valueAndGradient: break
    case .magnitude(.largest), .factorize: moves.append(index)
    case .reshape:
      axes[result] = reshaped(axis, from: shape(operands[0]), to: shape(result))
      if axes[result] == nil { moves.append(index) }
    case .move(let op): divide(op, operation, axis, index)
    case .reduce(.norm): sum(result, at: index, size: 8)
    case .reduce(.sum):
      let summed = attributes.integers("axes") ?? []
      if summed.contains(axis) { sum(result, at: index) } else { axes[result] = axis - summed.count { $0 < axis } }
    case .matmul:
      divideProduct(
        operation, given, [attributes.boolean("transpose_left") ?? false, attributes.boolean("transpose_right") ?? false], index)
    case .product: divideProduct(operation, given, attributes.booleans("transposes") ?? [], index)
    case .loss(.softmaxCrossEntropy):
      sum(result, at: index)
      // Beside the loss the weight of the batch, which its gradient takes from here.
      if operands.count > 2 { sum(result, at: index) }
    case .loss(.softmaxCrossEntropyGradient): axes[result] = axis
    case .normalize(let op): divide(op, operation, index)
    case .token(.oneHot), .token(.gatherRows): axes[result] = axis
    case .token(.scatterRows): sum(result, at: index)
    case .attend: for result in results { axes[result] = 0 }
    case .window, .convolve(.forward), .convolve(.inputGradient): axes[result] = 0
    case .convolve(.weightGradient): sum(result, at: index)
    }
  }

  private mutating func divide(_ op: MoveOp, _ operation: Operation, _ axis: Int, _ index: Int) {
    guard let operand = operation.operands.first(where: { axes[$0] != nil }), let result = operation.results.first else { return }
    switch op {
    case .broadcast: axes[result] = operation.attributes.integers("axes")?[axis]
    case .transpose: axes[result] = 1 - axis
    case .diagonal: axes[result] = 0
    case .channelsLast, .channelsFirst: axes[result] = axis == 0 ? 0 : nil
    case .slice, .pad, .concatenate:
      axes[result] = axis
      if shape(operand)[axis] != shape(result)[axis] { moves.append(index) }
    }
  }

  private mutating func divide(_ op: NormalizeOp, _ operation: Operation, _ index: Int) {
    let results = operation.results
    switch op {
    case .layerNorm, .logSoftmax: for result in results { axes[result] = 0 }
    case .batchNorm:
      for result in results.dropLast(2) { axes[result] = 0 }
      for _ in 0..<2 { if let moment = results.last { sums.append(Sum(operation: index, bytes: shape(moment).reduce(4, &*))) } }
    case .batchNormFactors: for result in results.dropFirst(2) { sum(result, at: index) }
    case .layerNormGradient, .batchNormGradient:
      axes[results[0]] = 0
      for result in results[1...2] {
        // The gradient by x is made of the sums of a batch norm, whoever reads them besides.
        if op == .batchNormGradient {
          sums.append(Sum(operation: index, bytes: shape(result).reduce(4, &*)))
        } else {
          sum(result, at: index)
        }
      }
      for result in results.dropFirst(3) { axes[result] = 0 }
    }
  }

  /// Of a chain: divided where an end is, a sum where an inner extent is.
  private mutating func divideProduct(_ operation: Operation, _ given: [Int?], _ transposes: [Bool], _ index: Int) {
    guard let result = operation.results.first else { return }
    var isSummed = false
    for (place, axis) in given.enumerated() {
      guard let axis, transposes.indices.contains(place) else { continue }
      let side = transposes[place] ? 1 - axis : axis
      if place == 0, side == 0 {
        axes[result] = 0
      } else if place == given.count - 1, side == 1 {
        axes[result] = 1
      } else {
        isSummed = true
      }
    }
    if isSummed { sum(result, at: index) }
  }

  /// Where a divided axis is in another shape of the same elements: behind as many elements as before.
  private func reshaped(_ axis: Int, from old: [Int], to new: [Int]) -> Int? {
    let before = old.prefix(axis).reduce(1, &*)
    var product = 1
    for (place, extent) in new.enumerated() {
      // An extent of 1 before it has no part of it.
      if product == before, extent != 1 || old[axis] == 1 { return place }
      product &*= extent
    }
    return nil
  }
}
