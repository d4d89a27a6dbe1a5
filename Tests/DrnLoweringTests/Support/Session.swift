import DrnIR
import DrnLowering
import DrnMethods
import DrnPasses
import DrnProgram
import DrnReference
import DrnSema

/// Trains a lowered program in double precision, the way a trainer would: a store of tensors by name and a rank per weight.
struct Session {
  let lowering: Lowering
  var phase = 0
  var store: [String: ReferenceTensor] = [:]
  /// The rank of each weight, 0 for forms without one.
  var ranks: [Int]
  var count = 0
  private var segments: [String: (step: Function, module: Module)] = [:]

  init(_ program: CheckedProgram, key: UInt64 = 3) throws {
    lowering = Lowering(program: program)
    ranks = program.weights.map { $0.spans[0].rank ?? 0 }
    let drawn = try lowering.initialization()
    store = try run(drawn.module, FunctionName.initialize, symbols: drawn.symbols, extra: [PortName.key: ReferenceTensor(key: key)])
    try create(try lowering.tensors(phase: 0).filter { $0.initialValue != nil })
  }

  /// Specializes, verifies and runs one function on the store.
  func run(
    _ module: Module, _ function: String, symbols: [Int: Symbol], extra: [String: ReferenceTensor] = [:]
  ) throws -> [String: ReferenceTensor] {
    var numbers = Array(repeating: 1, count: module.symbols.count)
    for (weight, symbol) in symbols { numbers[symbol.index] = ranks[weight] }
    return try run(module, function, numbers: numbers, extra: extra)
  }

  func run(
    _ module: Module, _ function: String, numbers: [Int], extra: [String: ReferenceTensor] = [:]
  ) throws -> [String: ReferenceTensor] {
    try requireVerified(module, after: "lowering")
    let concrete = try expandGradients(try specialize(module, ranks: numbers))
    guard let function = concrete.function(function) else { throw ReferenceError("no function \(function)") }
    return try evaluate(function: function, module: concrete, arguments: store.merging(extra) { _, new in new })
  }

  private mutating func create(_ tensors: [TensorInfo]) throws {
    let symbols = try lowering.phaseModule(phase, evaluationBatch: 2).symbols
    var numbers = Array(repeating: 0, count: symbols.count)
    for (weight, symbol) in symbols { numbers[symbol.index] = ranks[weight] }
    for tensor in tensors {
      let shape = tensor.shape.map { $0.substituting(numbers).constant }
      store[tensor.name] = ReferenceTensor(shape: shape, values: Array(repeating: tensor.initialValue ?? 0, count: shape.reduce(1, *)))
    }
  }

  /// The concrete step of the current phase and ranks, made once for each.
  private mutating func segment() throws -> (step: Function, module: Module) {
    let name = "\(phase) \(ranks)"
    if let known = segments[name] { return known }
    let phaseModule = try lowering.phaseModule(phase, evaluationBatch: 2)
    try requireVerified(phaseModule.module, after: "lowering")
    var numbers = Array(repeating: 1, count: phaseModule.module.symbols.count)
    for (weight, symbol) in phaseModule.symbols { numbers[symbol.index] = ranks[weight] }
    let concrete = try expandGradients(try specialize(phaseModule.module, ranks: numbers))
    guard let step = concrete.function("step") else { throw ReferenceError("no step") }
    segments[name] = (step, concrete)
    return (step, concrete)
  }

  /// One step; outputs by name.
  @discardableResult
  mutating func step(_ batch: [String: ReferenceTensor], rate: Double = 0.1) throws -> [String: ReferenceTensor] {
    count += 1
    var scalars = ["rate": ReferenceTensor(rate), "key": ReferenceTensor(key: UInt64(count))]
    for counter in try lowering.counters(phase: phase) { scalars[counter.argument] = ReferenceTensor(Double(count)) }
    let segment = try segment()
    let arguments = store.merging(batch.merging(scalars) { _, new in new }) { _, new in new }
    let results = try evaluate(function: segment.step, module: segment.module, arguments: arguments)
    for tensor in try lowering.tensors(phase: phase) where tensor.role != .frozen { store[tensor.name] = results[tensor.name] }
    return results
  }

  /// Enters the next phase; outputs of the transition by name.
  @discardableResult
  mutating func enterNextPhase() throws -> [String: ReferenceTensor] {
    let transition = try lowering.transitionModule(into: phase + 1)
    phase += 1
    guard let transition else { return [:] }
    var numbers = Array(repeating: 1, count: transition.module.symbols.count)
    for (weight, symbol) in transition.oldSymbols { numbers[symbol.index] = ranks[weight] }
    let program = lowering.program
    for weight in transition.affected { ranks[weight] = program.weights[weight].spans[program.phases[phase].forms[weight]].rank ?? 0 }
    for (weight, symbol) in transition.newSymbols { numbers[symbol.index] = ranks[weight] }
    return try apply(transition, numbers)
  }

  /// Cuts one weight to a rank.
  mutating func cut(_ weight: Int, to rank: Int, state: StatePolicy = .carry) throws -> [String: ReferenceTensor] {
    let cut = try lowering.rankModule(phase: phase, weight: weight, state: state, direction: .down)
    var numbers = Array(repeating: 1, count: cut.module.symbols.count)
    if let symbol = cut.oldSymbols[weight] { numbers[symbol.index] = ranks[weight] }
    ranks[weight] = rank
    if let symbol = cut.newSymbols[weight] { numbers[symbol.index] = rank }
    return try apply(cut, numbers)
  }

  private mutating func apply(_ transition: TransitionModule, _ numbers: [Int]) throws -> [String: ReferenceTensor] {
    let results = try run(transition.module, "transition", numbers: numbers, extra: ["key": ReferenceTensor(key: 99)])
    let kept = store
    store = [:]
    for name in transition.unchanged { store[name] = kept[name] }
    for port in transition.module.functions[0].results where port.role != .output { store[port.name] = results[port.name] }
    try create(transition.reset)
    for pruning in transition.pruned {
      let values = (store[pruning.name]?.values ?? []).map { Float($0) }
      store[pruning.name]?.values = pruneToLargest(values, keep: pruning.keep).map { Double($0) }
    }
    return results
  }

  /// Every weight densely, by its name while dense.
  func dense() throws -> [String: ReferenceTensor] {
    let module = try lowering.denseModule(phase: phase)
    let results = try run(module.module, "dense", symbols: module.symbols)
    return Dictionary(uniqueKeysWithValues: results.map { (String($0.key.dropFirst("dense/".count)), $0.value) })
  }

  func singularValues(_ weight: Int) throws -> [Double] {
    let module = try lowering.measureModule(phase: phase, weight: weight)
    return try run(module.module, "singular_values", symbols: module.symbols)["singular_values"]?.values ?? []
  }
}

/// Reproducible features and labels.
func batch(_ count: Int, inputs: [Int] = [6], classes: Int = 4, seed: UInt64 = 1) -> [String: ReferenceTensor] {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
  func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / Double(1 << 52) - 1
  }
  let features = (0..<(count * inputs.reduce(1, *))).map { _ in next() }
  let labels = (0..<count).map { _ in Double(Int((next() + 1) / 2 * Double(classes)) % classes) }
  return [
    "features": ReferenceTensor(shape: [count] + inputs, values: features), "labels": ReferenceTensor(shape: [count], values: labels),
  ]
}

/// The largest difference of two tensors' entries; infinite where one is missing or shapes differ.
func distance(_ left: ReferenceTensor?, _ right: ReferenceTensor?) -> Double {
  guard let left, let right, left.shape == right.shape else { return .infinity }
  return zip(left.values, right.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
}
