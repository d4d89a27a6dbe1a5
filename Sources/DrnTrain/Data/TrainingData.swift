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

  /// Reads everything `settings` names and holds it against the program.
  init(_ settings: DataSettings, seed: UInt64) throws(TrainError) {
    let loaded: (train: DataSet, test: DataSet?)
    do { loaded = try Self.load(settings, seed: seed) } catch {
      throw TrainError(.data, error.message.isEmpty ? "\(error)" : "\(error.path): \(error.message)", help: error.help, span: settings.span)
    }
    try Self.hold(loaded.train, against: settings, part: "training")
    if let test = loaded.test { try Self.hold(test, against: settings, part: "test") }
    training = loaded.train
    test = loaded.test
    let labels: [Int32]? = settings.classes == nil ? nil : loaded.train.labels
    let split = Split.make(labels: labels, count: training.count, validationFraction: settings.validation, seed: seed)
    guard !split.train.isEmpty else {
      throw TrainError(.data, "no example is left to train on after the validation split", span: settings.span)
    }
    trainIndices = split.train
    validationIndices = split.validation
    preparation = Self.preparation(settings, training, split.train)
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

  private static func load(_ settings: DataSettings, seed: UInt64) throws(DataError) -> (train: DataSet, test: DataSet?) {
    func path(_ file: String) -> String { file.hasPrefix("/") || settings.folder.isEmpty ? file : settings.folder + "/" + file }
    let task: LearningTask = settings.classes == nil ? .regression : .classification
    switch settings.source {
    case .idx(let folder):
      let files = try IDXFolder(path: path(folder), classes: settings.classes)
      return (try files.train.load(), try files.test?.load())
    case .idxFiles(let features, let labels, let testFeatures, let testLabels):
      let train = try IDXReader(images: path(features), labels: path(labels), classes: settings.classes).load()
      guard let testFeatures, let testLabels else { return (train, nil) }
      return (train, try IDXReader(images: path(testFeatures), labels: path(testLabels), classes: settings.classes).load())
    case .csv(let file, let test, let label):
      let options = CSVOptions(target: column(label), task: task, classes: settings.classes, shape: settings.inputShape)
      let train = try CSVReader(path: path(file), options: options).load()
      return (train, try test.map { test throws(DataError) in try CSVReader(path: path(test), options: options).load() } ?? nil)
    case .npy(let features, let labels, let testFeatures, let testLabels):
      let train = try NumpyReader(features: path(features), targets: path(labels), task: task, classes: settings.classes).load()
      guard let testFeatures, let testLabels else { return (train, nil) }
      return (train, try NumpyReader(features: path(testFeatures), targets: path(testLabels), task: task, classes: settings.classes).load())
    case .synthetic(let examples, let testExamples, let noise):
      return (
        try synthetic(settings, count: examples, first: 0, noise: noise, seed: seed),
        testExamples > 0 ? try synthetic(settings, count: testExamples, first: examples, noise: noise, seed: seed) : nil
      )
    }
  }

  private static func column(_ label: String) -> CSVOptions.Column {
    if label.isEmpty { return .last }
    return Int(label).map { .index($0) } ?? .name(label)
  }

  private static func synthetic(_ settings: DataSettings, count: Int, first: Int, noise: Double, seed: UInt64) throws(DataError) -> DataSet
  {
    guard let classes = settings.classes else {
      return try SyntheticLinear(
        examples: count, outputs: settings.targets, shape: settings.inputShape, seed: seed, deviation: Float(noise), firstExample: first
      ).load()
    }
    return try SyntheticClusters(
      examples: count, classes: classes, shape: settings.inputShape, seed: seed, deviation: Float(noise), firstExample: first
    ).load()
  }

  /// Files may have changed since `check`, or been absent then.
  private static func hold(_ data: DataSet, against settings: DataSettings, part: String) throws(TrainError) {
    guard data.elementsPerExample == settings.inputShape.reduce(1, *) else {
      throw TrainError(
        .data, "the \(part) examples have shape \(data.shape), but `\(settings.inputName)` is declared as \(settings.inputShape)",
        span: settings.span)
    }
    if let classes = settings.classes, let found = data.labels.max(), Int(found) >= classes {
      throw TrainError(.data, "the \(part) labels go up to \(found), but the label is declared as class(\(classes))", span: settings.span)
    }
    guard data.count > 0 else { throw TrainError(.data, "there are no \(part) examples", span: settings.span) }
  }
}
