/// How far a run is, apart from its tensors: what the rest of it depends on.
package struct RunProgress: Equatable {
  /// Steps done; the next step's number.
  var step = 0
  var phase = 0
  /// The step of the last change of form, rank or trained tensors.
  var changedStep = 0
  /// The linear warm-up in force.
  var rewarmStart = 0
  var rewarmSteps = 0
  /// What the score on validation has done to the rate.
  var plateau = PlateauState()
  /// What the score on validation has come to for the end of the run.
  var stopWatch = ScoreWatch()
  /// How often each event that changes weights has fired, by `CheckedProgram.rankEventNames`.
  var eventFirings: [String: Int] = [:]
  /// The learning rates of the steps done; see `RateRecord`.
  var rates: UInt64 = 0
  /// What the steps of the epoch under way add up to.
  var epoch = EpochScore()
  /// Sums for the summary.
  var trainableSum = 0.0
  var trainingOperations = 0
  var peakArenaBytes = 0
  /// The lengths of `log.jsonl`, `log.csv` and `timing.csv` in bytes.
  var logLengths: [Int] = []
}

extension RunProgress {
  /// As metadata of a checkpoint. A `Double` is written by its bits, so that it comes back as it was.
  var metadata: [(String, String)] {
    // What is as it was at the start is left out: checkpoints without it were written by runs that have none.
    let watches = [
      ("progress.plateau", plateau.integers, PlateauState().integers), ("progress.stop", stopWatch.integers, ScoreWatch().integers),
    ]
    return watches.filter { $0.1 != $0.2 }.map { ($0.0, Self.text($0.1)) } + [
      ("progress.step", "\(step)"), ("progress.phase", "\(phase)"), ("progress.changed_step", "\(changedStep)"),
      ("progress.rewarm_start", "\(rewarmStart)"),
      ("progress.rewarm_steps", "\(rewarmSteps)"), ("progress.event_firings", Self.text(eventFirings)), ("progress.rates", "\(rates)"),
      ("progress.epoch", Self.text([epoch.steps, epoch.examples, epoch.correct ?? -1])),
      ("progress.epoch_loss_bits", "\(epoch.lossSum.bitPattern)"), ("progress.epoch_seconds_bits", "\(epoch.seconds.bitPattern)"),
      ("progress.trainable_sum_bits", "\(trainableSum.bitPattern)"), ("progress.training_operations", "\(trainingOperations)"),
      ("progress.peak_arena_bytes", "\(peakArenaBytes)"), ("progress.log_lengths", Self.text(logLengths)),
    ]
  }

  /// Reads the metadata back; `nil` where something is missing or no number.
  init?(_ value: (String) -> String?) {
    func integer(_ name: String) -> Int? { value("progress." + name).flatMap { Int($0) } }
    func integers(_ name: String) -> [Int]? { value("progress." + name).flatMap(Self.integers) }
    guard let step = integer("step"), let phase = integer("phase"), let changedStep = integer("changed_step"),
      let rewarmStart = integer("rewarm_start"),
      let rewarmSteps = integer("rewarm_steps"), let firings = value("progress.event_firings").flatMap(Self.numbersByName),
      let rates = value("progress.rates").flatMap({ UInt64($0) }), let epoch = EpochScore(progress: value),
      let bits = value("progress.trainable_sum_bits").flatMap({ UInt64($0) }), let operations = integer("training_operations"),
      let bytes = integer("peak_arena_bytes"), let lengths = integers("log_lengths"),
      let plateau = PlateauState(integers("plateau") ?? PlateauState().integers),
      let stopWatch = ScoreWatch(integers("stop") ?? ScoreWatch().integers)
    else { return nil }
    self.init(
      step: step, phase: phase, changedStep: changedStep, rewarmStart: rewarmStart, rewarmSteps: rewarmSteps, plateau: plateau,
      stopWatch: stopWatch, eventFirings: firings,
      rates: rates, epoch: epoch, trainableSum: Double(bitPattern: bits), trainingOperations: operations, peakArenaBytes: bytes,
      logLengths: lengths)
  }

  static func text(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: " ") }

  /// `fc1.bias 0` and so on, by name.
  static func text(_ numbers: [String: Int]) -> String {
    numbers.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: "\n")
  }

  static func numbersByName(_ text: String) -> [String: Int]? {
    var numbers: [String: Int] = [:]
    for line in text.split(separator: "\n") {
      guard let space = line.lastIndex(of: " "), let number = Int(line[line.index(after: space)...]) else { return nil }
      numbers[String(line[..<space])] = number
    }
    return numbers
  }

  package static func integers(_ text: String) -> [Int]? {
    let parts = text.split(separator: " ").map { Int($0) }
    return parts.contains(nil) ? nil : parts.compactMap { $0 }
  }
}

extension EpochScore {
  /// Reads the metadata of `RunProgress` back.
  fileprivate init?(progress value: (String) -> String?) {
    guard let counts = value("progress.epoch").flatMap(RunProgress.integers), counts.count == 3,
      let loss = value("progress.epoch_loss_bits").flatMap({ UInt64($0) }),
      let seconds = value("progress.epoch_seconds_bits").flatMap({ UInt64($0) })
    else { return nil }
    self.init(
      steps: counts[0], seconds: Double(bitPattern: seconds), lossSum: Double(bitPattern: loss), correct: counts[2] < 0 ? nil : counts[2],
      examples: counts[1])
  }
}
