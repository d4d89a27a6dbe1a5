import DrnSweep
import Testing

@Suite("Threads of a sweep") struct ThreadShareTests {
  private func shares(
    _ processors: Int, _ settings: Int = 4, jobs: Int? = nil, threads: Int? = nil, _ seconds: (Int, Int) -> Double = { _, _ in 1 }
  ) throws -> ThreadShares {
    try ThreadShares(processors: processors, settings: settings, seeds: 1, jobs: jobs, threads: threads, seconds: seconds)
  }

  @Test("small networks are given one thread, and as many runs as there are processors") func small() throws {
    let found = try shares(8, 20) { _, threads in 1 + Double(threads) }
    #expect(found.jobs == 8 && found.threads == Array(repeating: 1, count: 20))
    #expect(try shares(8, 3) { _, threads in Double(threads) }.jobs == 3)
  }

  @Test("few large runs share the machine, and a small one among them takes one thread") func large() throws {
    let found = try shares(8, 2) { setting, threads in setting == 0 ? 10 / Double(threads) : 1 }
    #expect(found.jobs == 2 && found.threads == [4, 1])
    #expect(try shares(8, 1) { _, threads in 10 / Double(threads) }.threads == [8])
    let asked = try shares(8, 4, jobs: 2) { _, threads in 10 / Double(threads) }
    #expect(asked.jobs == 2 && asked.threads == [4, 4, 4, 4])
    // A gain too small to be sure of is none.
    #expect(try shares(2, 1) { _, threads in threads == 2 ? 0.9 : 1 }.threads == [1])
  }

  @Test("jobs times threads never exceed the machine, whatever is asked and predicted") func bounds() throws {
    for processors in 1...9 {
      for settings in 1...5 {
        for jobs in [nil, 1, 2, 5] as [Int?] {
          for threads in [nil, 1, 3] as [Int?] {
            for power in [-1.0, 0, 1] {
              let found = try? shares(processors, settings, jobs: jobs, threads: threads) { setting, count in
                var time = Double(setting + 1)
                for _ in 1..<count { time *= 1 + power * 0.4 }
                return time
              }
              guard let found else {
                #expect((jobs ?? 1) * (threads ?? 1) > processors)
                continue
              }
              #expect((jobs ?? 1) * (threads ?? 1) <= processors)
              #expect(found.jobs >= 1 && found.threads.count == settings)
              #expect(found.threads.allSatisfy { $0 >= 1 && $0 * found.jobs <= processors })
              if let threads { #expect(found.threads.allSatisfy { $0 == threads }) }
              if let jobs { #expect(found.jobs == min(jobs, settings)) }
            }
          }
        }
      }
    }
  }
}
