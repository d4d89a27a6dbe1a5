import DrnData
import DrnProgram
import DrnTensorFile

/// Everything a run needs to go on from an epoch's end, as one safetensors file.
struct Checkpoint {
  /// The number of this layout of names, tensors and metadata. A change of it that older readers would misread takes the next number; the
  /// version of drnc has no part in it.
  static let format = "4"
  var identity: RunIdentity
  var progress: RunProgress
  var state: StoredState
  var best: Trainer.Best?
  /// What has been seen of each example; empty where nothing asks for it.
  var examples: [String: [Float]] = [:]

  /// The file: tensors `state/...`, `examples/...`, `best/...` and `best_state/...` flat, everything else in its metadata.
  func file() -> TensorFile {
    var tensors = Self.flat(state.tensors, prefix: "state/") + Self.flat(examples, prefix: "examples/")
    var metadata = [("checkpoint.format", Self.format)] + identity.metadata + progress.metadata
    metadata += [("state.ranks", RunProgress.text(state.ranks)), ("state.starts", RunProgress.text(state.stateStarts))]
    if let best {
      tensors += Self.flat(best.tensors, prefix: "best/") + Self.flat(best.state, prefix: "best_state/")
      metadata += [("best.epoch", "\(best.epoch)"), ("best.step", "\(best.step)")] + best.score.metadata
      if best.stateStep != best.step { metadata.append(("best.state_step", "\(best.stateStep)")) }
    }
    metadata.append((Self.checksumKey, "\(Self.checksum(tensors, metadata))"))
    return TensorFile(tensors: tensors, metadata: metadata)
  }

  /// Reads a file back; `nil` where it is no checkpoint of this format, or damaged.
  init?(_ file: TensorFile) {
    let value = file.metadataValue
    guard value("checkpoint.format") == Self.format, let identity = RunIdentity(value), let progress = RunProgress(value),
      let ranks = value("state.ranks").flatMap(RunProgress.integers), let starts = value("state.starts").flatMap(RunProgress.numbersByName),
      value(Self.checksumKey) == "\(Self.checksum(file.tensors, file.metadata))", let tensors = Self.tensors(file, prefix: "state/"),
      let examples = Self.tensors(file, prefix: "examples/")
    else { return nil }
    self.examples = examples
    self.identity = identity
    self.progress = progress
    state = StoredState(tensors: tensors, ranks: ranks, stateStarts: starts)
    guard let epoch = value("best.epoch") else { return }
    guard let epoch = Int(epoch), let step = value("best.step").flatMap({ Int($0) }), let score = Score(value),
      let tensors = Self.tensors(file, prefix: "best/"), let state = Self.tensors(file, prefix: "best_state/")
    else { return nil }
    let stateStep = value("best.state_step").map { Int($0) } ?? step
    guard let stateStep, (0...max(0, progress.step)).contains(stateStep) else { return nil }
    best = Trainer.Best(score: score, epoch: epoch, step: step, tensors: tensors, state: state, stateStep: stateStep)
  }

  init(identity: RunIdentity, progress: RunProgress, state: StoredState, best: Trainer.Best?, examples: [String: [Float]] = [:]) {
    self.examples = examples
    self.identity = identity
    self.progress = progress
    self.state = state
    self.best = best
  }

  private static func flat(_ tensors: [String: [Float]], prefix: String) -> [NamedTensor] {
    tensors.keys.sorted().map { name in
      let values = tensors[name] ?? []
      return NamedTensor(name: prefix + name, shape: [values.count], floats: values)
    }
  }

  private static func tensors(_ file: TensorFile, prefix: String) -> [String: [Float]]? {
    var result: [String: [Float]] = [:]
    for tensor in file.tensors where tensor.name.hasPrefix(prefix) {
      guard let values = try? tensor.floats() else { return nil }
      result[String(tensor.name.dropFirst(prefix.count))] = values
    }
    return result
  }

  static let checksumKey = "checkpoint.checksum"

  /// A checksum of everything in the file but itself, in one order.
  static func checksum(_ tensors: [NamedTensor], _ metadata: [(String, String)]) -> UInt64 {
    var hash = Fingerprint()
    for (key, value) in metadata.sorted(by: { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }) where key != checksumKey {
      hash.absorb(Array(key.utf8))
      hash.absorb(Array(value.utf8))
    }
    for tensor in tensors.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      hash.absorb(Array(tensor.name.utf8))
      hash.absorb(tensor.shape)
      hash.absorb(tensor.bytes)
    }
    return hash.value
  }
}

extension Score {
  fileprivate var metadata: [(String, String)] {
    var metadata = [("score.loss_bits", "\(loss.bitPattern)")]
    if let classification {
      metadata += [
        ("score.hits", RunProgress.text(classification.hits)), ("score.predictions", RunProgress.text(classification.predictions)),
        ("score.support", RunProgress.text(classification.support)), ("score.places", RunProgress.text(classification.places)),
        ("score.skipped", "\(classification.skipped)"),
      ]
    }
    if let regression {
      metadata += [
        ("score.count", "\(regression.count)"),
        ("score.sums_bits", regression.sums.map { String($0.bitPattern) }.joined(separator: " ")),
      ]
    }
    return metadata
  }

  fileprivate init?(_ value: (String) -> String?) {
    guard let bits = value("score.loss_bits").flatMap({ UInt64($0) }) else { return nil }
    var (classification, regression): (ClassificationMetrics?, RegressionMetrics?) = (nil, nil)
    if let hits = value("score.hits") {
      func counts(_ name: String) -> [Int]? { value(name).flatMap(RunProgress.integers) }
      guard let hits = RunProgress.integers(hits), let predictions = counts("score.predictions"), let support = counts("score.support"),
        let places = counts("score.places"), let skipped = value("score.skipped").flatMap({ Int($0) }),
        let metrics = ClassificationMetrics(
          hits: hits, predictions: predictions, support: support, places: places, skipped: skipped)
      else { return nil }
      classification = metrics
    }
    if let count = value("score.count") {
      let sums = (value("score.sums_bits") ?? "").split(separator: " ").compactMap { UInt64($0) }.map { Double(bitPattern: $0) }
      guard let count = Int(count), let metrics = RegressionMetrics(count: count, sums: sums) else { return nil }
      regression = metrics
    }
    self.init(loss: Double(bitPattern: bits), classification: classification, regression: regression)
  }
}
