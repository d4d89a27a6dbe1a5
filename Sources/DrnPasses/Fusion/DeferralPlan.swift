import DrnIR

/// Which normalizations of a function their readers compute for themselves.
///
/// One whose result only convolutions, their gradients by the weight and its own gradient's prologue read is not stored at all. One that
/// reads more, as the sum of a residual block does, is stored for the forward pass, but not kept: gradients compute it again from x and
/// from the others, where these are kept anyway. So of the sums of consecutive blocks every second one is kept.
struct DeferralPlan {
  enum Choice { case dropped, stored }

  /// By the number of the normalization.
  private(set) var choices: [Int: Choice] = [:]
  private let function: Function
  private let module: Module
  private let graph: DependenceGraph
  private let results: Set<Value>

  init(_ function: Function, _ module: Module) {
    self.function = function
    self.module = module
    graph = DependenceGraph(function)
    results = Set(function.results.map(\.value))
    for index in function.operations.indices where isRecomputed(index) { choices[index] = .stored }
    for index in function.operations.indices where isDropped(index) { choices[index] = .dropped }
  }

  /// The operands that an operation normalizes as it reads them, `nil` where there are none.
  func normalizedOperands(of operation: Operation) -> [Int]? {
    let places = readableOperands(operation).filter { place in
      guard let choice = graph.producer(operation.operands[place]).flatMap({ choices[$0] }) else { return false }
      return choice == .dropped || operation.isNormalizedGradient
    }
    return places.isEmpty ? nil : places
  }

  /// The operands of which an operation may compute the elements: the images of a convolution that has no prologue yet, or the elements
  /// that the prologue of a gradient reads.
  private func readableOperands(_ operation: Operation) -> [Int] {
    guard let place = operation.opcode.fusedFunctionPlace, place.attribute == "prologue" else { return [] }
    if operation.opcode != .batchNormGradient { return operation.attributes["prologue"] == nil ? [0] : [] }
    guard operation.attributes["prologue"] != nil, let kinds = operation.attributes.integers("kinds") else { return [] }
    return [0] + kinds.indices.filter { kinds[$0] == OperandKind.full.rawValue }.map { $0 + place.ownOperands }
  }

  /// A normalization of one result beside its moments, cheap enough to compute in each of its readers.
  private func isCheap(_ index: Int) -> Bool {
    let operation = function.operations[index]
    guard operation.opcode == .batchNorm, operation.results.count == 3, !results.contains(operation.results[0]) else { return false }
    guard let name = operation.attributes.function("epilogue") else { return true }
    guard let body = module.function(name), body.operations.count <= Self.mostOperations else { return false }
    return body.operations.allSatisfy { Self.cheap.contains($0.opcode) }
  }

  private static let mostOperations = 4
  private static let cheap: Set<Opcode> = [.constant, .relu, .add, .subtract, .multiply, .maximum, .minimum, .greater, .negate, .absolute]

  private func readers(_ value: Value) -> [Int] { graph.readers[value] ?? [] }

  /// Whether an operation reads the result of a normalization once, where it may compute it; a gradient only beside x.
  private func canCompute(_ index: Int, in reader: Int) -> Bool {
    let (normalization, operation) = (function.operations[index], function.operations[reader])
    let places = operation.operands.indices.filter { operation.operands[$0] == normalization.results[0] }
    guard places.count == 1, readableOperands(operation).contains(places[0]) else { return false }
    return operation.opcode != .batchNormGradient || operation.operands[1] == normalization.operands[0]
  }

  private func isDropped(_ index: Int) -> Bool {
    let operation = function.operations[index]
    guard isCheap(index), operation.operands.count == 3 else { return false }
    let readers = readers(operation.results[0])
    if isReadByRecomputed(index) { return true }
    return readers.contains { function.operations[$0].opcode == .convolution } && readers.allSatisfy { canCompute(index, in: $0) }
  }

  /// Whether one normalization that is computed again reads this one, and nothing else does.
  private func isReadByRecomputed(_ index: Int) -> Bool {
    let readers = readers(function.operations[index].results[0])
    return readers.count == 1 && choices[readers[0]] == .stored
  }

  private func isRecomputed(_ index: Int) -> Bool {
    let operation = function.operations[index]
    guard isCheap(index), operation.operands.count > 3,
      operation.attributes.integers("kinds")?.allSatisfy({ $0 == OperandKind.full.rawValue }) == true
    else { return false }
    let readers = readers(operation.results[0])
    guard let first = readers.firstIndex(where: { function.operations[$0].isNormalizedGradient }), let last = readers.last,
      first > 0, readers[first...].allSatisfy({ canCompute(index, in: $0) })
    else { return false }
    return isKept(operation.operands[0], until: last) && operation.operands.dropFirst(3).allSatisfy { isKept($0, by: index, until: last) }
  }

  /// Whether a value that a normalization adds is there until an operation, or can be computed there.
  private func isKept(_ value: Value, by index: Int, until last: Int) -> Bool {
    guard let producer = graph.producer(value) else { return true }
    let operation = function.operations[producer]
    if isCheap(producer), operation.operands.count == 3, readers(value) == [index] { return isKept(operation.operands[0], until: last) }
    return choices[producer] == nil && isKept(value, until: last)
  }

  private func isKept(_ value: Value, until last: Int) -> Bool { (readers(value).last ?? 0) >= last }
}

extension Operation {
  /// Whether it may compute normalized elements in the backward pass.
  fileprivate var isNormalizedGradient: Bool { opcode == .convolutionWeightGradient || opcode == .batchNormGradient }
}
