import DrnIR
import DrnLowering
import Synchronization

/// What a compiler and its copies have made, so that each is made once: phases before ranks are known, and modules at ranks.
final class CompilerMemory: Sendable {
  enum Subject: Hashable {
    case phase(Int)
    /// The singular values of a weight in a phase.
    case measurement(phase: Int, weight: Int)
    /// Weights at other extents, the ranks before and after in one list.
    case extents(phase: Int, moves: [ExtentMove], stage: Int)
    /// Values changed by an event.
    case values(phase: Int, event: Int, variant: Int, weights: [Int])
  }
  private struct Entry {
    let ranks: [Int]
    let compiled: Compiled
  }
  private struct Contents {
    var lowered: [Int: PhaseModule] = [:]
    /// The first ranks of each subject, which the schedule states, and the latest others: events may lower them again and again, and updates
    /// move them to and fro.
    var first: [Subject: Entry] = [:]
    var latest: [Subject: [Entry]] = [:]
    var work = CompilerWork()
  }
  private let contents = Mutex(Contents())
  /// How many ranks of one subject are remembered beside the first.
  private static let kept = 8

  func lowered(_ phase: Int, _ make: () throws(IRError) -> PhaseModule) throws(IRError) -> PhaseModule {
    if let known = contents.withLock({ $0.lowered[phase] }) { return known }
    let made = try make()
    contents.withLock {
      $0.lowered[phase] = made
      $0.work.lowerings += 1
    }
    return made
  }

  func compiled(_ subject: Subject, ranks: [Int], _ make: () throws(IRError) -> Compiled) throws(IRError) -> Compiled {
    let known = contents.withLock { [$0.first[subject]].compactMap { $0 } + ($0.latest[subject] ?? []) }
    for entry in known where entry.ranks == ranks { return entry.compiled }
    let entry = Entry(ranks: ranks, compiled: try make())
    contents.withLock {
      if $0.first[subject] == nil {
        $0.first[subject] = entry
      } else {
        $0.latest[subject] = Array(($0.latest[subject] ?? []).suffix(Self.kept - 1)) + [entry]
      }
      $0.work.compilations += 1
    }
    return entry.compiled
  }

  var work: CompilerWork { contents.withLock { $0.work } }
}

/// How often a compiler has done its work.
package struct CompilerWork {
  /// Phases taken to IR.
  package var lowerings = 0
  /// Phases and measurements taken to what is run.
  package var compilations = 0
}
