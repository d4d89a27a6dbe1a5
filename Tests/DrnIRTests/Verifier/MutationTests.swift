import DrnCompiler
import DrnIR
import DrnKernels
import DrnLowering
import DrnProgram
import DrnReference
import DrnTestSupport
import Testing

@testable import DrnPasses

/// A module on its way through the compiler.
private struct Stage {
  let name: String
  let module: Module
  /// What its rank symbols become where values are compared.
  let ranks: [Int]

  /// The modules of a program: of each phase as lowered, with gradients, at its ranks, and after every pass; of each transition into one; and
  /// its initial values.
  static func all(_ name: String) throws -> [Stage] {
    let compiler = PhaseCompiler(program: try checkedProgram(try Models.small(name)))
    var stages = try steps(of: try compiler.lowering.initialization(), compiler.scheduledRanks(phase: 0), root: FunctionName.initialize)
    for phase in compiler.program.phases.indices {
      let ranks = compiler.scheduledRanks(phase: phase)
      stages += try steps(of: try compiler.lowered(phase: phase), ranks, root: FunctionName.step)
      guard phase > 0, let transition = try compiler.lowering.transitionModule(into: phase) else { continue }
      var numbers = numbers(transition.module, transition.oldSymbols, compiler.scheduledRanks(phase: phase - 1))
      for (weight, symbol) in transition.newSymbols { numbers[symbol.index] = ranks[weight] }
      stages += try steps(of: transition.module, numbers, root: FunctionName.transition)
    }
    return stages.map { Stage(name: "\(name), \($0.name)", module: $0.module, ranks: $0.ranks) }
  }

  private static func numbers(_ module: Module, _ symbols: [Int: Symbol], _ ranks: [Int]) -> [Int] {
    var numbers = [Int](repeating: 0, count: module.symbols.count)
    for (weight, symbol) in symbols { numbers[symbol.index] = ranks[weight] }
    return numbers
  }

  private static func steps(of phase: PhaseModule, _ ranks: [Int], root: String) throws -> [Stage] {
    try steps(of: phase.module, numbers(phase.module, phase.symbols, ranks), root: root)
  }

  private static func steps(of module: Module, _ ranks: [Int], root: String) throws -> [Stage] {
    var stages = [Stage(name: "\(module.name) lowered", module: module, ranks: ranks)]
    func add(_ name: String, _ module: Module) { stages.append(Stage(name: "\(module.name) after \(name)", module: module, ranks: [])) }
    let expanded = try expandGradients(module)
    stages.append(Stage(name: "\(module.name) with gradients", module: expanded, ranks: ranks))
    var concrete = try specialize(expanded, ranks: ranks)
    add("specialization", concrete)
    for pass in passes(roots: [root], machine: .compiledFor) {
      concrete = try pass.run(concrete)
      add(pass.name, concrete)
    }
    return stages
  }

  /// One operation of an op, as its function `f`.
  static func all(_ opcode: Opcode) throws -> [Stage] {
    try OpSample.samples(of: opcode).prefix(3).map { sample in
      var module = try sampleModule()
      var b = Builder(function: "f", in: module)
      let operands = sample.types.enumerated().map { b.argument("x\($0)", role: .weight, $1) }
      for (index, value) in try b.emit(opcode, operands, sample.attributes).enumerated() {
        b.result(index < operands.count && b.type(of: value) == sample.types[index] ? "x\(index)" : "y\(index)", role: .weight, value)
      }
      module.set(b.function)
      return Stage(name: "\(opcode.mnemonic), \(sample.label)", module: module, ranks: [])
    }
  }

  /// Whether a module prints as this one, or gives the same values; sums of other orders may differ by rounding.
  func computes(the module: Module) throws -> Bool {
    if print(module) == print(self.module) { return true }
    let (before, after) = (
      try expandGradients(try specialize(self.module, ranks: ranks)), try expandGradients(try specialize(module, ranks: ranks))
    )
    for (function, original) in zip(module.functions, self.module.functions) where function != original {
      let first = try #require(before.function(original.name))
      let second = try #require(after.function(function.name))
      let arguments = first.sampleArguments(seed: 3, classes: 2)
      let expected = try evaluate(function: first, module: before, arguments: arguments)
      let found = try evaluate(function: second, module: after, arguments: arguments)
      guard expected.count == found.count else { return false }
      for (name, tensor) in expected {
        guard let other = found[name], other.shape == tensor.shape, other.key == tensor.key else { return false }
        let isSame = zip(tensor.values, other.values).allSatisfy { abs($0 - $1) <= 1e-12 * max(1, abs($0)) || $0.isNaN && $1.isNaN }
        if !isSame { return false }
      }
    }
    return true
  }
}

/// What became of the mutants.
private struct MutantTally {
  var reported: [String: Int] = [:]
  var rules: Set<String> = []
  var harmless = 0

  /// Every mutation at one place of each module, or at one of every `portion` modules.
  mutating func add(_ stages: [Stage], seed: UInt64, portion: Int = 1) throws {
    for (number, stage) in stages.enumerated() {
      #expect(verify(stage.module) == [], "\(stage.name)")
      for (index, mutation) in ModuleMutation.all.enumerated() where (number + index) % portion == 0 {
        var random = SplitMix64(seed: seed &* 1_000_003 &+ UInt64(number * ModuleMutation.all.count + index))
        var module = stage.module
        guard mutation.apply(&module, &random) else { continue }
        let found = Set(verify(module).map(\.rule))
        let what = "\(mutation.name) in \(stage.name), seed \(seed): \(found.sorted())"
        if found.isEmpty, mutation.mayBeHarmless {
          #expect(try stage.computes(the: module), "\(what)")
          harmless += 1
          continue
        }
        #expect(!found.isDisjoint(with: mutation.rules), "\(what)")
        rules.formUnion(found.intersection(mutation.rules))
        reported[mutation.name, default: 0] += 1
        // Any module prints.
        _ = print(module)
      }
    }
  }
}

@Suite("The verifier and broken modules")
struct MutationTests {
  /// A form or an update of its own each: factors, a core between frozen bases, Tucker convolutions with batch normalization, masks, an adapter,
  /// bases that move, gradients in a subspace.
  private static let models = ["tiny", "core", "mnist_cnn", "mest", "published", "dlrt", "adarankgrad"]

  @Test(
    "every mutation of a program's modules, at every stage, is reported by the rule that is meant; what is not, makes no difference",
    arguments: models)
  func programs(name: String) throws {
    var tally = MutantTally()
    try tally.add(try Stage.all(name), seed: 1, portion: 8)
    #expect(tally.rules.count >= 13)
  }

  @Test("so is every mutation of an operation of every op", arguments: Opcode.allCases)
  func ops(opcode: Opcode) throws {
    var tally = MutantTally()
    for seed in 1...2 { try tally.add(try Stage.all(opcode), seed: UInt64(seed)) }
    #expect(tally.reported.values.reduce(0, +) > 40)
  }

  @Test("every rule reports a mutation, and every mutation is reported somewhere")
  func complete() throws {
    var tally = MutantTally()
    try tally.add(try Stage.all(.convolution), seed: 2)
    try tally.add(try Stage.all("core"), seed: 2)
    #expect(tally.rules == Set(verifierRules.map(\.id)))
    #expect(Set(tally.reported.keys) == Set(ModuleMutation.all.map(\.name)))
    #expect(tally.harmless > 0)
  }

  @Test("several mutations at once make neither verifier nor printer trap", arguments: ["published", "mnist_cnn"])
  func several(name: String) throws {
    var random = SplitMix64(seed: 7)
    for stage in try Stage.all(name) {
      var module = stage.module
      for _ in 0..<12 {
        // A mutation may trap on a module that is broken already where it looks a type up, so that only those which do not are joined.
        guard let mutation = random.pick(ModuleMutation.all), verify(module).allSatisfy({ $0.rule != "values-in-range" }) else { break }
        _ = mutation.apply(&module, &random)
        _ = verify(module)
        _ = print(module)
      }
    }
  }
}
