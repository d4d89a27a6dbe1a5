import CKernels
import Foundation
import Testing

/// What the tasks of a team test write: one slot per index, and the sum of the slots of the step before.
private struct Slots {
  var counts: UnsafeMutablePointer<Int>
  var previous: UnsafeMutablePointer<Int>?
  var previousCount: Int
}

private func countIndex(context: UnsafeMutableRawPointer?, index: Int) {
  guard let slots = context?.assumingMemoryBound(to: Slots.self).pointee else { return }
  var sum = 1
  if let previous = slots.previous {
    for i in 0..<slots.previousCount { sum &+= previous[i] &* (i + 1) }
  }
  slots.counts[index] &+= sum &+ index
}

private func multiplyTile(context: UnsafeMutableRawPointer?, index: Int) {
  guard let c = context?.assumingMemoryBound(to: Float.self) else { return }
  let n = 96
  let a = (0..<n * n).map { Float($0 % 7) - 3 }
  _ = drn_gemm(78, 78, n, n / 4, n, 1, a, n, a, n, 0, c + index * n / 4, n)
}

/// Whether the calling thread holds a signal.
private func holds(_ signal: Int32) -> Bool {
  var mask = sigset_t()
  pthread_sigmask(SIG_BLOCK, nil, &mask)
  return sigismember(&mask, signal) == 1
}

private func noteSignals(context: UnsafeMutableRawPointer?, index: Int) {
  guard let slots = context?.assumingMemoryBound(to: Int.self) else { return }
  slots[index] = [SIGINT, SIGTERM, SIGALRM, SIGPROF].allSatisfy(holds) && ![SIGSEGV, SIGILL, SIGFPE].contains(where: holds) ? 1 : 2
}

@Suite("Kernels: thread team")
struct KernelTeamTests {
  @Test(
    "no signal but a fault of the thread itself is handled while kernels run, whose stack pointer may lie in the heap", arguments: [1, 3])
  func signals(threads: Int32) {
    let slots = UnsafeMutablePointer<Int>.allocate(capacity: 64)
    slots.initialize(repeating: 0, count: 64)
    defer { slots.deallocate() }
    let before = [SIGINT, SIGTERM, SIGALRM].map(holds)
    var step = drn_step(task: noteSignals, context: slots, task_count: 64)
    drn_program_run(&step, 1, threads)
    #expect((0..<64).allSatisfy { slots[$0] == 1 })
    #expect([SIGINT, SIGTERM, SIGALRM].map(holds) == before)
  }

  /// The slots after a program of steps with these task counts, each step reading the one before.
  private func run(_ counts: [Int], threads: Int32) -> [[Int]] {
    var memory = counts.map { [Int](repeating: 0, count: max($0, 1)) }
    let pointers = memory.indices.map { step in
      let pointer = UnsafeMutablePointer<Int>.allocate(capacity: memory[step].count)
      pointer.initialize(repeating: 0, count: memory[step].count)
      return pointer
    }
    let contexts = UnsafeMutablePointer<Slots>.allocate(capacity: max(counts.count, 1))
    defer {
      pointers.forEach { $0.deallocate() }
      contexts.deallocate()
    }
    for step in counts.indices {
      let previous = step > 0 ? pointers[step - 1] : nil
      contexts[step] = Slots(counts: pointers[step], previous: previous, previousCount: step > 0 ? counts[step - 1] : 0)
    }
    let steps = counts.indices.map { drn_step(task: countIndex, context: contexts + $0, task_count: counts[$0]) }
    drn_program_run(steps, steps.count, threads)
    for step in counts.indices {
      for index in memory[step].indices { memory[step][index] = pointers[step][index] }
    }
    return memory
  }

  @Test("every task runs once, after all tasks of the step before", arguments: [Int32(1), 2, 3])
  func stepsAreOrdered(threads: Int32) {
    let counts = (0..<100).map { [1, 2, 7, 0, 1, 1, 40][$0 % 7] }
    #expect(run(counts, threads: threads) == run(counts, threads: 1))
    #expect(run([3], threads: threads) == [[1, 2, 3]])
  }

  @Test("no steps and no tasks do nothing", arguments: [Int32(1), 2])
  func emptyPrograms(threads: Int32) {
    #expect(run([], threads: threads) == [])
    #expect(run([0], threads: threads) == [[0]])
    drn_team_run(countIndex, nil, 0, threads)
  }

  @Test("a product tiled over the team has the same bits on 1 and 2 threads")
  func productsInTheTeam() {
    let results = [Int32(1), 2].map { threads in
      var c = [Float](repeating: 0, count: 96 * 96)
      drn_team_run(multiplyTile, &c, 4, threads)
      return c
    }
    #expect(results[0] == results[1])
    #expect(results[0].contains { $0 != 0 })
  }

  @Test("the team's size is at least one")
  func teamSize() {
    #expect(drn_threads() >= 1)
  }
}
