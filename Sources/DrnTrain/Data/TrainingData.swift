import DrnData
import DrnSema

/// The examples of a run: the training file split into training and validation, and the test file, which is opened here but evaluated once.
struct TrainingData {
  let training: DataSet
  let test: DataSet?
  /// Indices into `training`.
  let trainIndices: [Int]
  let validationIndices: [Int]
  let preparation: Preparation?
  /// Makes the batches trained on: prepared and augmented.
  let batches: BatchMaker

  /// Reads everything `settings` names and holds it against the program.
  init(_ settings: DataSettings, seed: UInt64) throws(TrainError) {
    let loaded: LoadedData
    do { loaded = try LoadedData(settings, seed: seed) } catch { throw TrainError(reading: error, span: settings.sourceSpan) }
    try Self.hold(loaded.train, against: settings, part: "training")
    if let test = loaded.test { try Self.hold(test, against: settings, part: "test") }
    training = loaded.train
    test = loaded.test
    let labels: [Int32]? = settings.classes == nil ? nil : loaded.train.labels
    let split = Split.make(labels: labels, count: training.count, validationFraction: settings.validation, seed: settings.splitSeed)
    guard !split.train.isEmpty else {
      throw TrainError(.data, "no example is left to train on after the validation split", span: settings.span)
    }
    trainIndices = Split.sample(split.train, labels: labels, share: settings.examplesUsed, seed: settings.splitSeed)
    validationIndices = split.validation
    let preparation = Self.preparation(settings, training, trainIndices)
    self.preparation = preparation
    batches = BatchMaker(
      data: training, preparation: preparation,
      augmentation: AugmentationPipeline(settings.augmentation, shape: settings.inputShape, seed: seed))
  }

  /// A checksum of everything trained and validated on: values, labels and which examples are in which split.
  var fingerprint: UInt64 {
    var hash = Fingerprint()
    hash.absorb(training)
    hash.absorb(trainIndices)
    hash.absorb(validationIndices)
    return hash.value
  }

  /// A checksum of the test examples; of nothing where there are none.
  var testFingerprint: UInt64 {
    var hash = Fingerprint()
    if let test { hash.absorb(test) }
    return hash.value
  }

  private static func preparation(_ settings: DataSettings, _ data: DataSet, _ indices: [Int]) -> Preparation? {
    switch settings.preparation {
    case .none: nil
    case .standardize(let granularity):
      Preparation.standardize(data, indices: indices, per: sharing(granularity))
    }
  }

  private static func sharing(_ granularity: DataSettings.Granularity) -> Preparation.Sharing {
    switch granularity {
    case .pixel: .pixel
    case .channel: .channel
    case .all: .all
    }
  }

  /// Files may have changed since `check`, or been absent then.
  private static func hold(_ data: DataSet, against settings: DataSettings, part: String) throws(TrainError) {
    guard data.elementsPerExample == settings.inputShape.reduce(1, *) else {
      throw TrainError(
        .data, "the \(part) examples have shape \(data.shape), but `\(settings.inputName)` is declared as \(settings.inputShape)",
        span: settings.sourceSpan)
    }
    if settings.classes == nil, data.targetWidth != settings.targets {
      let found = data.targetWidth.map { "\($0) values to be learned" } ?? "classes"
      throw TrainError(
        .files(.unreadable), "the \(part) examples have \(found), but the label is declared as tensor[\(settings.targets)]",
        span: settings.sourceSpan)
    }
    if let classes = settings.classes, let found = data.labels.max(), Int(found) >= classes {
      throw TrainError(
        .data, "the \(part) labels go up to \(found), but the label is declared as class(\(classes))", span: settings.sourceSpan)
    }
    guard data.count > 0 else { throw TrainError(.data, "there are no \(part) examples", span: settings.sourceSpan) }
  }
}
