import DrnCPU
import DrnIR
import DrnPasses
import DrnPlan
import Synchronization

/// What the cost model knows of a machine: how fast it multiplies, how fast it reads memory, what starting an operation costs.
///
/// A step's time is the sum over its operations of arithmetic and traffic, as in `ContractionCostModel`, plus a start each.
public struct MachineModel: Sendable, Hashable {
  public let costs: ContractionCostModel
  /// Nanoseconds to start one operation on all threads.
  public let start: Double
  /// Threads of the run that is priced.
  public let threads: Int
  public init(costs: ContractionCostModel, start: Double = 1500, threads: Int) {
    self.costs = costs
    self.start = start
    self.threads = threads
  }

  /// A machine nobody measured: good enough for everything but time.
  public static func typical(threads: Int) -> MachineModel {
    let one = ContractionCostModel()
    return MachineModel(
      costs: ContractionCostModel(peak: one.peak * Double(threads), bandwidth: one.bandwidth * Double(threads)), threads: threads)
  }

  /// This machine, by a matrix product of a few milliseconds; measured once in a process for each number of threads.
  public static func measured(threads: Int) -> MachineModel {
    known.withLock { known in
      if let model = known[threads] { return model }
      let probe = Machine.measure(threads: threads)
      let model = MachineModel(costs: ContractionCostModel(peak: probe.product, bandwidth: probe.bandwidth), threads: threads)
      known[threads] = model
      return model
    }
  }

  private static let known = Mutex<[Int: MachineModel]>([:])

  /// The predicted time of one call of a concrete function.
  public func milliseconds(of name: String, in module: Module) -> Double {
    guard let function = module.function(name) else { return 0 }
    return function.operations.reduce(0) { $0 + seconds($1, function) } * 1e3
  }

  private func seconds(_ operation: Operation, _ function: Function) -> Double {
    if let work = KernelWork(operation, function) {
      return start * 1e-9 + 2 * work.multiplyAdds / costs.peak + work.bytes / costs.bandwidth
    }
    let operands = operation.operands.map { function.type(of: $0) }
    let results = operation.results.map { function.type(of: $0) }
    let elements = (operands + results).reduce(0.0) { $0 + Double($1.elementCount ?? 0) }
    guard let product = MatrixProduct(operation, in: function) else {
      return start * 1e-9 + elements * 4 / costs.bandwidth
    }
    // Beyond the three matrices of the product, an epilogue reads its operands and writes its results.
    let beside = elements - product.elements
    return start * 1e-9 + costs.time(rows: product.rows, inner: product.inner, columns: product.columns) + max(0, beside) * 4
      / costs.bandwidth
  }
}
