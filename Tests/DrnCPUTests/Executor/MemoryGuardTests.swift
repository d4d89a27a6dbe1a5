import CKernels
import DrnIR
import DrnKernels
import DrnPlan
import DrnTestSupport
import Testing

@testable import DrnCPU

/// Where a kernel of these tests writes a word.
private let writeWord: StepTask = { pointer, _ in
  pointer?.assumingMemoryBound(to: UnsafeMutablePointer<UInt32>.self).pointee.pointee = 7
}

@Suite("Guarded memory") struct MemoryGuardTests {
  /// The error of a step that writes one word at a byte of an arena of 256 bytes; it may write 64..<128, with a gap of 96..<112.
  private func writing(at byte: Int, run: Int = 1) throws -> ExecutionError? {
    let arena = try Arena(bytes: 256, margin: MemoryGuard.margin)
    let step = MemoryGuard.Step(operations: "operation 0, add,", poisoned: [64..<128], gaps: [96..<112], writable: [64..<128])
    let memoryGuard = MemoryGuard(arena: arena, steps: [step])
    let memory = StepMemory()
    let harmless = memory.store((arena.base + 64).assumingMemoryBound(to: UInt32.self))
    let place = memory.store((arena.base + byte).assumingMemoryBound(to: UInt32.self))
    do {
      for index in 1...run {
        var step = drn_step(task: writeWord, context: UnsafeMutableRawPointer(index == run ? place : harmless), task_count: 1)
        try memoryGuard.run(&step, 1, threads: 1)
      }
      return nil
    } catch { return error }
  }

  @Test("a write into the step's own memory is none of its business", arguments: [64, 92, 112, 124])
  func inside(byte: Int) throws { #expect(try writing(at: byte) == nil) }

  @Test("a write outside is named with its operation and byte", arguments: [-4, -(1 << 16), 0, 60, 128, 252, 256, 256 + (1 << 16) - 4])
  func outside(byte: Int) throws {
    let description = try #require(try writing(at: byte)).description
    #expect(description.contains("operation 0, add, wrote outside its memory: byte \(byte) of the arena"))
  }

  @Test("a write into a gap is found in every run, into another value in the first ones")
  func runs() throws {
    for run in 1...4 {
      #expect(try writing(at: 96, run: run) != nil && writing(at: 108, run: run) != nil && writing(at: -8, run: run) != nil)
      #expect((try writing(at: 0, run: run) != nil) == (run <= 2))
    }
  }

  @Test("the regions of a work space and the gaps around them cover it, without overlaps")
  func gaps() {
    var numbers = SplitMix64(seed: 3)
    for _ in 0..<200 {
      var space = WorkSpace()
      var covered: [Range<Int>] = []
      for _ in 0..<numbers.below(5) {
        let region = space.add(numbers.below(70), pieces: numbers.below(4))
        for piece in 0..<region.pieces {
          covered.append(region.offset + piece * region.step..<region.offset + piece * region.step + region.floats)
        }
      }
      let all = (covered + space.gaps).sorted { $0.lowerBound < $1.lowerBound }
      #expect(all.reduce(0) { $1.lowerBound == $0 ? $1.upperBound : -1 } == space.floats)
      // A whole cache line before and behind every piece.
      for range in covered {
        #expect(space.gaps.contains { $0.upperBound == range.lowerBound && $0.count >= 16 })
        #expect(space.gaps.contains { $0.lowerBound == range.upperBound && $0.count >= 16 })
      }
    }
  }

  @Test("a guarded segment gives the results of one that is not, and its work space is NaN before it is written")
  func sameResults() throws {
    for form in TrainingStep.Form.allCases {
      let module = try TrainingStep(form: form, rule: .adam, batch: 32, widths: [30, 41, 10], rank: 5).optimized()
      let arguments = module.sampleArguments("step", seed: 9, classes: 10)
      let losses = try [false, true].map { isGuarded in
        let segment = try Segment(module: module, functions: ["step"], threads: 2, isGuarded: isGuarded)
        try segment.write(arguments)
        for _ in 0..<4 { try segment.run("step") }
        return try segment.read("loss")
      }
      #expect(losses[0] == losses[1] && losses[0].allSatisfy(\.isFinite))
    }
  }

  @Test("results are NaN before their operation writes them") func poisonedResults() throws {
    let module = try TrainingStep(batch: 8, widths: [20, 30, 5]).optimized()
    let segment = try Segment(module: module, functions: ["step"], threads: 1, isGuarded: true)
    let steps = try #require(try segment.entry("step").memoryGuard).steps
    let function = try #require(module.function("step"))
    #expect(steps.flatMap(\.poisoned).count > function.operations.count / 2)
  }
}
