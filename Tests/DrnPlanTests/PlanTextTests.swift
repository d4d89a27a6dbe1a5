import DrnCompiler
import DrnIR
import DrnLowering
import DrnPlan
import DrnProgram
import DrnTestSupport
import Testing

@Suite("The text of a plan, read back")
struct PlanTextTests {
  /// A plan with the module that it is of.
  struct Planned {
    let name: String
    let module: Module
    let plan: SegmentPlan
  }

  /// The plans of every phase of a program, of the transitions between them and of its initial values, for one thread and two.
  private static func plans(of model: String) throws -> [Planned] {
    let compiler = PhaseCompiler(program: try checkedProgram(try Models.small(model)))
    var compiled = [("initial values", try compiler.initialization(ranks: compiler.scheduledRanks(phase: 0)))]
    for phase in compiler.program.phases.indices {
      let ranks = compiler.scheduledRanks(phase: phase)
      compiled.append(("phase \(phase)", try compiler.compiled(phase: phase, ranks: ranks)))
      guard phase > 0, let transition = try compiler.lowering.transitionModule(into: phase) else { continue }
      compiled.append(
        ("into phase \(phase)", try compiler.compiled(transition, from: compiler.scheduledRanks(phase: phase - 1), to: ranks)))
    }
    return try compiled.flatMap { name, compiled in
      try [1, 2].map { Planned(name: "\(model), \(name)", module: compiled.module, plan: try compiled.plan(threads: $0)) }
    }
  }

  /// The plan of a random module, with work space for some of its operations.
  private static func random(seed: Int) throws -> Planned {
    let module = try RandomModule.module(seed: seed)
    let plan = try planSegment(
      module, functions: ["step"], scratch: { operation, _ in operation.operands.count > 1 ? 40 * operation.operands.count : 0 },
      pitch: seed % 2 == 0 ? alignedPitch : tightPitch)
    return Planned(name: "seed \(seed)", module: module, plan: plan)
  }

  /// The plans that are broken.
  private static let sound = Result {
    try (0..<30).map { try random(seed: $0) } + plans(of: "core") + plans(of: "mnist_cnn")
  }

  private func expectSame(_ planned: Planned) throws {
    let text = planned.plan.text(of: planned.module)
    let read = try readPlan(text, of: planned.module)
    #expect(read == planned.plan, "\(planned.name)\n\(text)")
    #expect(read.text(of: planned.module) == text, "\(planned.name)")
    #expect(checkPlan(read, planned.module) == [], "\(planned.name)")
  }

  @Test(
    "the plans of programs are what their texts say, and sound",
    arguments: ["tiny", "core", "mnist_cnn", "mest", "published", "dlrt", "tdlrt", "adarankgrad"])
  func programs(model: String) throws { for planned in try Self.plans(of: model) { try expectSame(planned) } }

  @Test("so are those of random modules") func randomModules() throws {
    for seed in 0..<60 { try expectSame(try Self.random(seed: seed)) }
  }

  /// One way to break a plan, and what the checker says of it.
  struct Fault: Sendable, CustomTestStringConvertible {
    let name: String
    /// One of them is part of a finding.
    let says: [String]
    /// Whether the text of the broken plan is one: a text says of a layout only how many bytes it takes.
    var isWritten = true
    /// False where the plan has no place for the fault.
    let apply: @Sendable (inout SegmentPlan, Module, inout SplitMix64) -> Bool
    var testDescription: String { name }
  }

  /// The temporary values of the first function that take memory, by number.
  private static func temporaries(_ plan: SegmentPlan) -> [(value: Int, place: Placement)] {
    plan.functions[0].placements.enumerated().compactMap { index, place in
      guard let place, place.slot == nil, place.layout.bytes > 0 else { return nil }
      return (index, place)
    }
  }

  private static let faults = [
    Fault(name: "two live values in one place", says: ["overwritten", "holds no value"]) { plan, module, random in
      guard let function = module.function(plan.functions[0].name) else { return false }
      let places = temporaries(plan)
      // A reshape may be the same bytes as what it reads, and an operation may write over what is read for the last time.
      let pairs = places.flatMap { first in
        places.filter { second in
          let time = second.place.lifetime.lowerBound
          return first.place.lifetime.lowerBound < time && time < first.place.lifetime.upperBound
            && function.operations.indices.contains(time) && function.operations[time].opcode != .reshape
        }.map { (first, $0) }
      }
      guard let (first, second) = random.pick(pairs) else { return false }
      plan.functions[0].placements[second.value]?.offset = first.place.offset
      return true
    },
    Fault(name: "two slots in one place", says: ["overlap"]) { plan, _, random in
      let places = plan.slots.indices.filter { plan.slots[$0].layout.bytes > 0 }
      guard places.count > 1, let first = random.pick(places), let second = random.pick(places.filter { $0 != first }) else { return false }
      plan.slots[second].offset = plan.slots[first].offset
      return true
    },
    Fault(name: "a slot too small", says: ["is laid out as"], isWritten: false) { plan, _, random in
      let places = plan.slots.indices.filter { (plan.slots[$0].type.extents?.first ?? 0) > 1 }
      guard let index = random.pick(places) else { return false }
      let type = plan.slots[index].type
      let smaller = TensorType(type.element, [type.shape[0] - 1] + type.shape.dropFirst())
      guard let layout = Layout(smaller, pitch: tightPitch) else { return false }
      plan.slots[index].layout = layout
      return true
    },
    Fault(name: "a value too small", says: ["is laid out as"], isWritten: false) { plan, _, random in
      let places = temporaries(plan).filter { $0.place.layout.columns > 1 }
      guard let (value, place) = random.pick(places) else { return false }
      let type = TensorType(place.layout.element, [Dimension(place.layout.rows), Dimension(place.layout.columns - 1)])
      guard let layout = Layout(type, pitch: tightPitch) else { return false }
      plan.functions[0].placements[value]?.layout = layout
      return true
    },
    Fault(name: "a value behind the arena", says: ["lies outside the temporary region"]) { plan, _, random in
      guard let (value, _) = random.pick(temporaries(plan)) else { return false }
      let end = plan.totalBytes
      plan.functions[0].placements[value]?.offset = end
      return true
    },
    Fault(name: "a value among the slots", says: ["lies outside the temporary region"]) { plan, _, random in
      guard plan.temporaryOffset > 0, let (value, _) = random.pick(temporaries(plan)) else { return false }
      plan.functions[0].placements[value]?.offset = 0
      return true
    },
    Fault(name: "a slot among the temporaries", says: ["reaches into the temporary region"]) { plan, _, random in
      let places = plan.slots.indices.filter { plan.slots[$0].layout.bytes > 0 }
      guard let index = random.pick(places) else { return false }
      plan.slots[index].offset = plan.temporaryOffset
      return true
    },
    Fault(name: "an arena that ends too early", says: ["lies outside the temporary region", "is misplaced"]) { plan, _, _ in
      let ends = temporaries(plan).map { $0.place.offset + $0.place.layout.bytes } + plan.functions[0].scratch.map { $0.offset + $0.bytes }
      guard let last = ends.max(), last > plan.temporaryOffset, plan.functions.count == 1 else { return false }
      plan.temporaryBytes = last - 1 - plan.temporaryOffset
      return true
    },
    Fault(name: "a value off its alignment", says: ["not a multiple of 64"]) { plan, _, random in
      guard let (value, place) = random.pick(temporaries(plan)) else { return false }
      plan.functions[0].placements[value]?.offset = place.offset + 4
      return true
    },
    Fault(name: "work space that is behind the arena", says: ["work space at"]) { plan, _, random in
      let scratch = plan.functions[0].scratch
      guard let time = random.pick(scratch.indices.filter { scratch[$0].bytes > 0 }) else { return false }
      let end = plan.totalBytes
      plan.functions[0].scratch[time].offset = end
      return true
    },
    Fault(name: "a lifetime that ends too early", says: ["the plan says"]) { plan, _, random in
      guard let (value, place) = random.pick(temporaries(plan).filter { $0.place.lifetime.count > 1 }) else { return false }
      plan.functions[0].placements[value]?.lifetime = place.lifetime.lowerBound...place.lifetime.upperBound - 1
      return true
    },
    Fault(name: "a copy left out", says: ["overwritten or was never written"]) { plan, _, random in
      let destinations = plan.slots.map(\.offset)
      let moves = plan.functions[0].moves
      guard let index = random.pick(moves.indices.filter { destinations.contains(moves[$0].destination) }) else { return false }
      plan.functions[0].moves.remove(at: index)
      return true
    },
  ]

  @Test("a broken plan is refused by what is wrong with it, as it is and read from its text", arguments: faults) func broken(_ fault: Fault)
    throws
  {
    var random = SplitMix64(seed: 5)
    var count = 0
    for planned in try Self.sound.get() {
      var plan = planned.plan
      guard fault.apply(&plan, planned.module, &random) else { continue }
      count += 1
      let findings = checkPlan(plan, planned.module)
      #expect(findings.contains { finding in fault.says.contains { finding.contains($0) } }, "\(planned.name): \(findings)")
      let text = plan.text(of: planned.module)
      guard fault.isWritten else {
        #expect(throws: TestFailure.self, "\(planned.name)") { try readPlan(text, of: planned.module) }
        continue
      }
      #expect(checkPlan(try readPlan(text, of: planned.module), planned.module) != [], "\(planned.name)")
    }
    #expect(count > 5)
  }
}
