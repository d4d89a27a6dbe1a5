/// How the processors of a machine are shared out among runs that go on at the same time.
public struct ThreadShares: Hashable, Sendable {
  /// How many runs at once.
  public let jobs: Int
  /// Of a run of each setting; `jobs` times the most of them is no more than the machine has.
  public let threads: [Int]

  /// A second thread has to be worth so much by prediction, as it waits for others wherever the machine does something else too.
  private static let gain = 1.2

  /// `seconds` is the predicted time of a step of a setting with so many threads; it is asked only where there is a choice.
  public init(
    processors: Int, settings: Int, seeds: Int, jobs: Int?, threads: Int?, seconds: (_ setting: Int, _ threads: Int) -> Double
  ) throws(SweepFault) {
    let runs = max(1, settings * seeds)
    func few(_ count: Int) -> String { "this machine has \(count) processor\(count == 1 ? "" : "s")" }
    if let jobs, let threads, jobs * threads > processors {
      throw SweepFault("\(jobs) jobs of \(threads) threads are more than the machine can run at once: \(few(processors))")
    }
    if let jobs, jobs > processors { throw SweepFault("--jobs \(jobs) is more than the machine can run at once: \(few(processors))") }
    if let threads {
      guard threads <= processors else {
        throw SweepFault("--threads \(threads) is more than the machine can run at once: \(few(processors))")
      }
      self.jobs = min(runs, jobs ?? processors / threads)
      self.threads = Array(repeating: threads, count: settings)
      return
    }
    let counts = Self.counts(upTo: processors / min(runs, jobs ?? 1))
    guard counts.count > 1 else {
      self.jobs = min(runs, jobs ?? processors)
      self.threads = Array(repeating: 1, count: settings)
      return
    }
    let times = (0..<settings).map { setting in counts.map { seconds(setting, $0) } }
    /// The fewest threads that no larger number is worth much more than.
    func best(_ setting: Int, upTo most: Int) -> Int {
      var chosen = 0
      for place in counts.indices where counts[place] <= most && times[setting][place] * Self.gain < times[setting][chosen] {
        chosen = place
      }
      return chosen
    }
    func total(_ most: Int) -> Double {
      let sum = (0..<settings).reduce(0) { $0 + times[$1][best($1, upTo: most)] }
      return sum / Double(min(runs, jobs ?? processors / most))
    }
    let most = counts.dropFirst().reduce(counts[0]) { total($1) < total($0) ? $1 : $0 }
    self.threads = (0..<settings).map { counts[best($0, upTo: most)] }
    // Where no setting takes as many as it may, more runs fit.
    self.jobs = min(runs, jobs ?? processors / (self.threads.max() ?? 1))
  }

  /// 1, 2, 4 and so on, and the number itself.
  private static func counts(upTo most: Int) -> [Int] {
    var counts = [1]
    while let last = counts.last, last * 2 <= most { counts.append(last * 2) }
    if let last = counts.last, last < most { counts.append(most) }
    return counts
  }
}
