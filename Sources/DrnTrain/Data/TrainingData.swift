import DrnData
import DrnProgram

/// The examples of a run: those to train on and for validation, and the test file, which is opened here but evaluated once.
package struct TrainingData {
  /// Followed by the examples of a validation file, where there is one.
  package let training: DataSet
  package let test: DataSet?
  /// Indices into `training`.
  package let trainIndices: [Int]
  package let validationIndices: [Int]
  /// What missing values were filled with.
  package let fill: MeanFill?
  package let preparation: Preparation?
  /// The columns of a table, and the names of the classes where the files give any.
  let table: TableDescription?
  package let classNames: [String]?
  /// What the tokens of an example stand for.
  package let vocabulary: TokenVocabulary?
  /// Makes the batches trained on: prepared and augmented.
  let batches: BatchMaker

  /// Reads everything `settings` names and holds it against the program.
  package init(_ settings: DataSettings, seed: UInt64) throws(TrainError) {
    let loaded: LoadedData
    do { loaded = try LoadedData(settings, seed: seed) } catch { throw TrainError(reading: error, span: settings.sourceSpan) }
    try Self.hold(loaded.train, against: settings, part: "training")
    if let test = loaded.test { try Self.hold(test, against: settings, part: "test") }
    (table, classNames, vocabulary) = (loaded.table, loaded.classNames, loaded.vocabulary)
    let joined = try Self.joined(loaded, settings)
    let labels: [Int32]? = settings.classes == nil || settings.predictsNextToken ? nil : joined.labels
    let count = loaded.train.count
    var split = Self.split(loaded.train, labels.map { Array($0.prefix(count)) }, settings)
    if joined.count > count { split.validation = Array(count..<joined.count) }
    guard !split.train.isEmpty else {
      throw TrainError(.data, "no example is left to train on after the validation split", span: settings.span)
    }
    if let subset = settings.subset, let labels, let classes = settings.classes {
      trainIndices = Split.sample(
        split.train, labels: labels, classes: classes, seed: settings.splitSeed, keep: subset.counts)
    } else {
      trainIndices = Split.sample(split.train, labels: labels, share: settings.examplesUsed, seed: settings.splitSeed)
    }
    validationIndices = split.validation
    fill = try Self.fill(settings, joined, trainIndices, loaded.table)
    training = fill?.filling(joined) ?? joined
    test = loaded.test.map { [fill] test in fill?.filling(test) ?? test }
    let preparation = settings.preparation.fitted(to: training, indices: trainIndices)
    self.preparation = preparation
    batches = BatchMaker(
      data: training, preparation: preparation,
      augmentation: AugmentationPipeline(settings.augmentation, shape: settings.inputShape, seed: seed))
  }

  /// Of a text the end is held out, so that no example of one part lies over one of the other.
  private static func split(_ data: DataSet, _ labels: [Int32]?, _ settings: DataSettings) -> (train: [Int], validation: [Int]) {
    guard settings.predictsNextToken else {
      return Split.make(labels: labels, count: data.count, validationFraction: settings.validation, seed: settings.splitSeed)
    }
    let whole = data.wholeExamples
    let split = Split.tail(count: whole.count, validationFraction: settings.validation)
    return (split.train.map { whole[$0] }, split.validation.map { whole[$0] })
  }

  /// The training examples, followed by those of a validation file.
  private static func joined(_ loaded: LoadedData, _ settings: DataSettings) throws(TrainError) -> DataSet {
    guard let validation = loaded.validation else { return loaded.train }
    try hold(validation, against: settings, part: "validation")
    do { return try loaded.train.appending(validation) } catch { throw TrainError(reading: error, span: settings.sourceSpan) }
  }

  /// What missing values are filled with: means of the examples that are trained on.
  private static func fill(
    _ settings: DataSettings, _ data: DataSet, _ indices: [Int], _ table: TableDescription?
  ) throws(TrainError) -> MeanFill? {
    guard settings.source.fillsWithMeans else { return nil }
    do { return try MeanFill(data, indices: indices) } catch {
      let names = table?.valueNames ?? []
      let name = names.indices.contains(error.element) ? names[error.element] : String(error.element)
      throw TrainError(
        .files(.damaged), "field \"\(name)\" has no value in any example that is trained on, so that it has no mean",
        help: "`leave_out` takes a column away", span: settings.sourceSpan)
    }
  }

  /// The `tokenizer.json` that says what tokens stand for, as it is; `nil` where there is none.
  var tokenizer: [UInt8]? { if case .bytePairs(let vocabulary)? = vocabulary { vocabulary.file } else { nil } }

  /// A checksum of everything trained and validated on: values, labels and which examples are in which split.
  var fingerprint: UInt64 {
    var hash = Fingerprint()
    hash.absorb(training)
    hash.absorb(trainIndices)
    hash.absorb(validationIndices)
    if let tokenizer { hash.absorb(tokenizer) }
    return hash.value
  }

  /// A checksum of the test examples; of nothing where there are none.
  var testFingerprint: UInt64 {
    var hash = Fingerprint()
    if let test { hash.absorb(test) }
    return hash.value
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
    let largest = settings.predictsNextToken ? data.largestToken : data.labels.max()
    if let classes = settings.classes, let found = largest, Int(found) >= classes {
      let declared = settings.predictsNextToken ? "next_token" : "class"
      throw TrainError(
        .data, "the \(part) labels go up to \(found), but the label is declared as \(declared)(\(classes))", span: settings.sourceSpan)
    }
    guard data.count > 0 else { throw TrainError(.data, "there are no \(part) examples", span: settings.sourceSpan) }
  }
}
