import CKernels
import DrnIR
import DrnKernels
import DrnPlan
import Foundation

/// Runs a function step by step and holds its kernels to their memory.
///
/// Before an operation its results and its work space are poisoned with NaN, so that what is read before it is written shows in the results.
/// After each step the gaps between the regions of its work space and the margins around the arena must still be poisoned, and in the first
/// runs everything else that the step may not write must be as it was.
public final class MemoryGuard {
  /// Whether segments are guarded where nothing else is said: where the environment has `DRNC_GUARD_MEMORY=1`.
  public static let isDefault = ProcessInfo.processInfo.environment["DRNC_GUARD_MEMORY"] == "1"
  /// Bytes around the arena; kernels that run away by a row are found there.
  static let margin = 1 << 16
  /// Runs of a function in which the whole arena is compared: what a kernel writes does not depend on the values.
  private static let comparedRuns = 2

  /// What belongs to one step.
  struct Step {
    let operations: String
    /// Poisoned before it.
    var poisoned: [Range<Int>] = []
    /// Work space in which nothing may be written.
    var gaps: [Range<Int>] = []
    /// Where it may write, in order and without overlaps.
    var writable: [Range<Int>] = []
  }

  private let arena: Arena
  let steps: [Step]
  private var runs = 0
  private var copy: UnsafeMutableRawPointer?

  init(arena: Arena, steps: [Step]) {
    (self.arena, self.steps) = (arena, steps)
    poison(arena.base - arena.margin, bytes: arena.margin)
    poison(arena.base + arena.bytes, bytes: arena.margin)
  }

  convenience init(_ function: Function, _ plan: FunctionPlan, _ arena: Arena, owners: [ClosedRange<Int>], threads: Int) {
    let reader = StepReader(function: function, plan: plan, threads: threads)
    var (started, written): (Set<Int>, Set<Int>) = ([], [])
    self.init(
      arena: arena,
      steps: owners.map { owner in
        let fresh = owner.filter { started.insert($0).inserted }
        return reader.step(owner, fresh: fresh, isFirst: written.insert(owner.lowerBound).inserted)
      })
  }

  deinit { copy?.deallocate() }

  /// Runs the steps in order; an error at the first that writes where it may not.
  func run(_ program: UnsafePointer<drn_step>, _ count: Int, threads: Int) throws(ExecutionError) {
    runs += 1
    if runs <= Self.comparedRuns { startComparing() } else { stopComparing() }
    for (index, step) in steps.prefix(count).enumerated() {
      for range in step.poisoned { poison(arena.base + range.lowerBound, bytes: range.count) }
      drn_program_run(program + index, 1, Int32(threads))
      try check(step)
    }
  }

  private func startComparing() {
    if copy == nil { copy = .allocate(byteCount: max(arena.bytes, 1), alignment: SegmentPlan.alignment) }
    copy?.copyMemory(from: arena.base, byteCount: arena.bytes)
  }

  private func stopComparing() {
    copy?.deallocate()
    copy = nil
  }

  private func check(_ step: Step) throws(ExecutionError) {
    for gap in step.gaps + [-arena.margin..<0, arena.bytes..<arena.bytes + arena.margin] {
      guard let byte = firstUnpoisoned(arena.base + gap.lowerBound, bytes: gap.count) else { continue }
      throw outside(step, gap.lowerBound + byte)
    }
    guard let copy else { return }
    var end = 0
    for range in step.writable + [arena.bytes..<arena.bytes] {
      // What was poisoned is writable, so that it is never compared.
      if let byte = firstDifference(arena.base + end, copy + end, bytes: range.lowerBound - end) { throw outside(step, end + byte) }
      (copy + range.lowerBound).copyMemory(from: arena.base + range.lowerBound, byteCount: range.count)
      end = range.upperBound
    }
  }

  private func outside(_ step: Step, _ byte: Int) -> ExecutionError {
    let nearest = step.writable.last { $0.lowerBound <= byte } ?? step.writable.first
    let place = nearest.map { ", which may be written from \($0.lowerBound) to \($0.upperBound)" } ?? ""
    return .wroteOutside(operations: step.operations, place: "byte \(byte) of the arena\(place)")
  }
}

/// What the steps of a function may write, read off its plan.
private struct StepReader {
  let function: Function
  let plan: FunctionPlan
  let threads: Int

  /// A step of these operations, of which the `fresh` ones have no step before; `isFirst` where the first of them has none of its own.
  ///
  /// An operation whose first pass runs in the tasks of the one before writes its results in steps of its own: until then they may lie over
  /// what that one still reads.
  func step(_ owners: ClosedRange<Int>, fresh: [Int], isFirst: Bool) -> MemoryGuard.Step {
    let operations = owners.filter { $0 < function.operations.count }
    let read = operations.flatMap { function.operations[$0].operands }.filter { definition(of: $0) < owners.lowerBound }.compactMap(bytes)
    let names = operations.map { "operation \($0), \(function.operations[$0].opcode.mnemonic)," }
    var step = MemoryGuard.Step(operations: names.isEmpty ? "a copy at the end" : "@\(function.name): " + names.joined(separator: " "))
    var writable = owners.contains(function.operations.count) ? plan.moves.map { $0.destination..<$0.destination + $0.bytes } : []
    for time in operations {
      let results = function.operations[time].results.compactMap(bytes)
      let scratch = plan.scratch[time]
      writable += results + [scratch.offset..<scratch.offset + scratch.bytes]
      let space = kernelWorkSpace(function.operations[time], function, threads: threads)
      step.gaps += space.gaps.map { scratch.offset + 4 * $0.lowerBound..<scratch.offset + 4 * $0.upperBound }
      if isFirst, time == owners.lowerBound { step.poisoned += results.filter { result in !read.contains { $0.overlaps(result) } } }
      if fresh.contains(time) { step.poisoned.append(scratch.offset..<scratch.offset + scratch.bytes) }
    }
    step.poisoned.removeAll(where: \.isEmpty)
    step.writable = merged(writable.filter { !$0.isEmpty })
    return step
  }

  private func bytes(of value: Value) -> Range<Int>? {
    plan.placements[Int(value.index)].map { $0.offset..<$0.offset + $0.layout.bytes }
  }

  private func definition(of value: Value) -> Int { plan.placements[Int(value.index)]?.lifetime.lowerBound ?? -1 }

  private func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, last.upperBound >= range.lowerBound {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }
}

/// A quiet NaN that no computation gives.
private let poisonPattern: UInt32 = 0x7FC5_ADBE

/// Fills memory with NaN; bytes behind the last whole float are left.
func poison(_ memory: UnsafeMutableRawPointer, bytes: Int) {
  memory.assumingMemoryBound(to: UInt32.self).update(repeating: poisonPattern, count: bytes / 4)
}

private func firstUnpoisoned(_ memory: UnsafeMutableRawPointer, bytes: Int) -> Int? {
  let words = UnsafeBufferPointer(start: memory.assumingMemoryBound(to: UInt32.self), count: bytes / 4)
  return words.firstIndex { $0 != poisonPattern }.map { 4 * $0 }
}

private func firstDifference(_ left: UnsafeMutableRawPointer, _ right: UnsafeMutableRawPointer, bytes: Int) -> Int? {
  guard bytes > 0, memcmp(left, right, bytes) != 0 else { return nil }
  return (0..<bytes).first { left.load(fromByteOffset: $0, as: UInt8.self) != right.load(fromByteOffset: $0, as: UInt8.self) }
}
