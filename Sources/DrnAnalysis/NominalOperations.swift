import DrnCompiler
import DrnIR
import DrnKernels
import DrnLowering
import DrnPasses

/// Multiply-adds per example of the forms as they are written: every factor is applied to what the one before it gives.
///
/// What is compiled may differ: factors are multiplied with each other first where that is predicted to be faster, and the gradient by the
/// network's input is not computed.
public struct NominalOperations: Sendable, Hashable {
  /// Multiply-adds of one forward pass, with trained and with frozen weights.
  public internal(set) var trained = 0
  /// Multiply-adds of one forward pass, with weights that are not trained.
  public internal(set) var frozen = 0
  public init() {}

  /// Multiply-adds of one forward pass.
  public var forward: Int { trained &+ frozen }
  /// Multiply-adds of a training step: a trained weight counts three products, forward, input gradient and weight gradient; a frozen one two.
  public var training: Int { 3 &* trained &+ 2 &* frozen }
}

extension PhaseCompiler {
  /// The count for a phase at the given ranks, from its forward pass before any optimization.
  func nominalOperations(phase: Int, ranks: [Int]) throws(IRError) -> NominalOperations {
    let lowered = try lowering.evaluationModule(phase, batch: 1)
    let name = FunctionName.evaluate
    guard let function = try specialized(lowered, ranks: ranks).function(name) else { throw IRError("no function \(name)") }
    var counter = ProductCounter(function)
    for operation in function.operations { counter.count(operation) }
    return counter.total
  }
}

/// Adds up products by the role of the weight in them.
private struct ProductCounter {
  let function: Function
  var total = NominalOperations()
  /// Trained parameters, also moved, reshaped or narrowed.
  private var trained: Set<Value>

  init(_ function: Function) {
    self.function = function
    trained = Set(function.arguments.filter { $0.role == .weight }.map(\.value))
  }

  mutating func count(_ operation: Operation) {
    if operation.opcode == .product { return countChain(operation) }
    if let count = operation.multiplyAdds(in: function) {
      add(count, isTrained: operation.operands.contains(where: trained.contains))
    } else if [.reshape, .transpose, .narrow].contains(operation.opcode), operation.operands.contains(where: trained.contains) {
      trained.formUnion(operation.results)
    }
  }

  /// From left to right.
  private mutating func countChain(_ operation: Operation) {
    let shapes = operation.operands.compactMap { function.type(of: $0).extents }
    let flags = operation.attributes.booleans("transposes") ?? []
    guard shapes.count == operation.operands.count, flags.count == shapes.count, shapes.allSatisfy({ $0.count == 2 }) else { return }
    let extents = zip(shapes, flags).map { $1 ? ($0[1], $0[0]) : ($0[0], $0[1]) }
    guard let rows = extents.first?.0 else { return }
    for (operand, (inner, columns)) in zip(operation.operands, extents).dropFirst() {
      add(rows &* inner &* columns, isTrained: trained.contains(operand))
    }
  }

  private mutating func add(_ count: Int, isTrained: Bool) {
    if isTrained { total.trained &+= count } else { total.frozen &+= count }
  }
}
