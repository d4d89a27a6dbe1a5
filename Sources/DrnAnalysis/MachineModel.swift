import DrnIR
import DrnPasses

/// What the cost model knows of a machine: how fast it multiplies and how fast it reads memory.
///
/// A step's time is the sum over its operations of the larger of arithmetic and traffic, plus a fixed cost per operation for starting it.
public struct MachineModel: Sendable, Hashable {
  /// Multiply-adds of a large matrix product, in 10^9 floating-point operations per second, with all threads.
  public let peak: Double
  /// Bytes per nanosecond of an elementwise operation on data in the shared cache.
  public let bandwidth: Double
  /// Nanoseconds to start one operation on all threads.
  public let start: Double
  public init(peak: Double, bandwidth: Double, start: Double = 1500) {
    self.peak = peak
    self.bandwidth = bandwidth
    self.start = start
  }

  /// The predicted time of one call of a concrete function.
  public func milliseconds(of name: String, in module: Module) -> Double {
    guard let function = module.function(name) else { return 0 }
    return function.operations.reduce(0) { $0 + nanoseconds($1, function, module) } / 1e6
  }

  private func nanoseconds(_ operation: Operation, _ function: Function, _ module: Module) -> Double {
    let types = (operation.operands + operation.results).map { function.type(of: $0) }
    let bytes = types.reduce(0.0) { $0 + Double($1.elementCount ?? 0) * 4 }
    let request = InferenceRequest(
      operands: operation.operands.map { function.type(of: $0) }, attributes: operation.attributes, function: { module.function($0) })
    let arithmetic: Double
    switch operation.opcode {
    case .matmul: arithmetic = Self.paddedOperations(request) / peak
    case _: arithmetic = 0
    }
    // A fused update is done while a tile is in cache: traffic and arithmetic add up rather than overlap.
    let traffic = bytes / bandwidth
    return start + arithmetic + traffic
  }

  /// A product of fewer than 16 columns or inner elements costs as much as one of 16: the width of a vector.
  private static func paddedOperations(_ request: InferenceRequest) -> Double {
    let left = request.operands[0].extents ?? [0, 0]
    let right = request.operands[1].extents ?? [0, 0]
    let transposesLeft = request.attributes.boolean("transpose_left") == true
    let transposesRight = request.attributes.boolean("transpose_right") == true
    let rows = left[transposesLeft ? 1 : 0]
    let inner = left[transposesLeft ? 0 : 1]
    let columns = right[transposesRight ? 0 : 1]
    return 2 * Double(rows) * Double(max(inner, 16)) * Double((columns + 15) / 16 * 16)
  }
}
