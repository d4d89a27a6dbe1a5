import CKernels

/// A function that notes the time between its kernels; its results are those of the entry it was made of.
///
/// It runs the same steps, with one more between the kernels that reads a clock, so that a run takes a little longer.
public struct MeasuredEntry {
  /// The operations of each kernel, by their numbers in the function: one, or several whose tasks are joined. A view has no kernel. The moves
  /// after the last operation count as one more.
  public let kernels: [ClosedRange<Int>]
  private let steps: [drn_step]
  private let threads: Int
  private let marks: Marks
  /// Keeps what the steps point to.
  private let entry: Segment.Entry

  init(_ entry: Segment.Entry) {
    let runs = Self.runs(entry.owners)
    let marks = Marks(count: runs.count + 1)
    var steps: [drn_step] = []
    for (index, run) in runs.enumerated() {
      steps.append(marks.step(index))
      steps += run.steps.map { entry.steps[$0] }
    }
    steps.append(marks.step(runs.count))
    (kernels, threads) = (runs.map(\.operations), entry.threads)
    (self.steps, self.marks, self.entry) = (steps, marks, entry)
  }

  /// Runs the function once and returns the seconds of each kernel.
  public func run() -> [Double] {
    steps.withUnsafeBufferPointer { drn_program_run($0.baseAddress, $0.count, Int32(threads)) }
    return kernels.indices.map { marks.seconds(from: $0, to: $0 + 1) }
  }

  /// Successive steps whose operations overlap, together.
  private static func runs(_ owners: [ClosedRange<Int>]) -> [(operations: ClosedRange<Int>, steps: Range<Int>)] {
    var runs: [(operations: ClosedRange<Int>, steps: Range<Int>)] = []
    for (step, owner) in owners.enumerated() {
      if let last = runs.last, last.operations.overlaps(owner) {
        let (first, end) = (min(last.operations.lowerBound, owner.lowerBound), max(last.operations.upperBound, owner.upperBound))
        runs[runs.count - 1] = (first...end, last.steps.lowerBound..<step + 1)
      } else {
        runs.append((owner, step..<step + 1))
      }
    }
    return runs
  }
}

extension Segment.Entry {
  /// The same function with a clock between its kernels.
  public var timed: MeasuredEntry { MeasuredEntry(self) }
}

private let noteTime: StepTask = { pointer, _ in pointer?.assumingMemoryBound(to: ContinuousClock.Instant.self).pointee = .now }

/// Moments that the steps between kernels write down.
private final class Marks {
  private let moments: UnsafeMutablePointer<ContinuousClock.Instant>
  private let count: Int

  init(count: Int) {
    self.count = count
    moments = .allocate(capacity: count)
    moments.initialize(repeating: .now, count: count)
  }

  /// The step that writes one moment, by one thread.
  func step(_ index: Int) -> drn_step { drn_step(task: noteTime, context: UnsafeMutableRawPointer(moments + index), task_count: 1) }

  func seconds(from first: Int, to last: Int) -> Double {
    let elapsed = (moments[last] - moments[first]).components
    return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
  }

  deinit {
    moments.deinitialize(count: count)
    moments.deallocate()
  }
}
