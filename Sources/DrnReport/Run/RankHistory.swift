/// The rank of every weight over time, put together from what the settings say and what was logged.
struct RankHistory {
  /// One weight.
  struct Row {
    let name: String
    /// The largest rank it can have; `nil` where nothing says so.
    let shortSide: Int?
    /// From each step on, the rank; `nil` for a form without one. In order of steps.
    var ranks: [(step: Int, rank: Int?)]
    /// Measured, by step.
    var effective: [(step: Int, value: Double)]

    /// The rank in force at a step.
    func rank(at step: Int) -> Int? { ranks.last(upTo: step) { $0.step }?.rank }
    /// The last measurement not after a step.
    func effective(at step: Int) -> Double? { effective.last(upTo: step) { $0.step }?.value }
  }
  private(set) var rows: [Row] = []

  init(_ run: RunRecord) {
    var places: [String: Int] = [:]
    for weight in run.configuration.weights where places[weight.name] == nil {
      places[weight.name] = rows.count
      rows.append(Row(name: weight.name, shortSide: weight.shortSide, ranks: [(0, weight.spans.first?.rank)], effective: []))
    }
    func place(_ name: String) -> Int {
      if let known = places[name] { return known }
      places[name] = rows.count
      rows.append(Row(name: name, shortSide: nil, ranks: [], effective: []))
      return rows.count - 1
    }
    var changes: [(step: Int, order: Int, weight: String, from: Int?, to: Int?)] = []
    for change in run.transitions { changes.append((change.step, changes.count, change.weight, change.fromRank, change.toRank)) }
    for change in run.rankEvents { changes.append((change.step, changes.count, change.weight, change.fromRank, change.toRank)) }
    for change in changes.sorted(by: { ($0.step, $0.order) < ($1.step, $1.order) }) {
      let row = place(change.weight)
      // Ranks of rules that are decided at the start are known from the first change alone.
      if rows[row].ranks.isEmpty || (rows[row].ranks.count == 1 && rows[row].ranks[0].rank == nil && change.from != nil) {
        rows[row].ranks = [(0, change.from)]
      }
      rows[row].ranks.append((change.step, change.to))
    }
    for record in run.measurements {
      let row = place(record.weight)
      if rows[row].ranks.isEmpty { rows[row].ranks = [(0, record.rank)] }
      if let value = record.effectiveRank, value.isFinite { rows[row].effective.append((record.step, value)) }
    }
    // The log is in order of steps unless it was written by another hand.
    for row in rows.indices where !zip(rows[row].effective, rows[row].effective.dropFirst()).allSatisfy({ $0.step <= $1.step }) {
      rows[row].effective.sort { $0.step < $1.step }
    }
  }

  /// Whether any weight has a rank at any time.
  var hasRanks: Bool { rows.contains { $0.ranks.contains { $0.rank != nil } } }
  /// Whether any effective rank was measured.
  var hasMeasurements: Bool { rows.contains { !$0.effective.isEmpty } }
}

extension Array {
  /// The last element whose step is not after another one; the elements are in order of steps.
  fileprivate func last(upTo step: Int, _ stepOf: (Element) -> Int) -> Element? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if stepOf(self[middle]) <= step { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? self[low - 1] : nil
  }
}

extension RunRecord {
  /// The phase that the run came to.
  public var lastPhase: Int { [epochs.last?.phase, transitions.last?.phase].compactMap { $0 }.max() ?? 0 }

  /// The rank of each weight at the end of a phase, by name; `nil` for a form without one. Empty where the log does not reach into the phase.
  public func ranks(inPhase index: Int) -> [String: Int?] {
    guard let phase = PhaseSpan.spans(of: self).first(where: { $0.index == index }) else { return [:] }
    // What changes at the end of a phase is of the next one, unless the run ends there.
    let step = phase.to < lastStep || phase.to == phase.from ? max(phase.from, phase.to - 1) : phase.to
    return Dictionary(RankHistory(self).rows.map { ($0.name, $0.rank(at: step)) }, uniquingKeysWith: { first, _ in first })
  }
}
