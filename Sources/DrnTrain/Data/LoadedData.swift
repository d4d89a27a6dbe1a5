import DrnData
import DrnSema

/// What the files of a `data` declaration hold.
struct LoadedData {
  let train: DataSet
  /// `nil` where the declaration names no test examples.
  let test: DataSet?

  /// Reads everything.
  init(_ settings: DataSettings, seed: UInt64) throws(DataError) {
    func path(_ file: String) -> String { resolvedPath(file, in: settings.folder) }
    switch settings.source {
    case .idx(let folder):
      let files = try IDXFolder(path: path(folder), classes: settings.classes)
      self.init(train: try files.train.load(), test: try files.test?.load())
    case .idxFiles(let features, let labels, let testFeatures, let testLabels):
      try self.init(
        Self.both(features, labels, testFeatures, testLabels) { features, labels throws(DataError) in
          try IDXReader(images: path(features), labels: path(labels), classes: settings.classes).load()
        })
    case .csv(let file, let test, let label): try self.init(csv: path(file), test: test.map(path), label: label, settings)
    case .npy(let features, let labels, let testFeatures, let testLabels):
      try self.init(
        Self.both(features, labels, testFeatures, testLabels) { features, labels throws(DataError) in
          try Self.numpy(.file(path(features)), .file(path(labels)), settings)
        })
    case .npz(let file, let features, let labels, let testFeatures, let testLabels):
      try self.init(
        Self.both(features, labels, testFeatures, testLabels) { features, labels throws(DataError) in
          try Self.numpy(.entry(features, in: path(file)), .entry(labels, in: path(file)), settings)
        })
    case .cifar(let folder, let coarse):
      let files = try CIFARFolder(path: path(folder), coarse: coarse)
      self.init(train: try files.train.load(), test: try files.test?.load())
    case .cifarFiles(let train, let test, let variant):
      self.init(
        train: try CIFARReader(paths: [path(train)], variant: variant).load(),
        test: try test.map { test throws(DataError) in try CIFARReader(paths: [path(test)], variant: variant).load() })
    case .images(let folder, let share):
      let parts = try ImageFolderReader(path: path(folder), shape: settings.inputShape, testShare: share, seed: seed).load()
      self.init(train: parts.train, test: parts.test)
    case .synthetic(let examples, let testExamples, let noise):
      self.init(
        train: try Self.synthetic(settings, count: examples, first: 0, noise: noise, seed: seed),
        test: testExamples > 0 ? try Self.synthetic(settings, count: testExamples, first: examples, noise: noise, seed: seed) : nil)
    }
  }

  private init(train: DataSet, test: DataSet?) {
    self.train = train
    self.test = test
  }

  private init(_ both: (train: DataSet, test: DataSet?)) { self.init(train: both.train, test: both.test) }

  private init(csv file: String, test: String?, label: String, _ settings: DataSettings) throws(DataError) {
    let options = CSVOptions(
      target: .name(label), task: settings.task, classes: settings.classes, shape: settings.inputShape)
    let (train, test) = (CSVReader(path: file, options: options), test.map { CSVReader(path: $0, options: options) })
    if let test { try train.checkColumns(of: test) }
    self.init(train: try train.load(), test: try test?.load())
  }

  /// Features and labels of the training examples and, where both are named, of the test examples.
  private static func both(
    _ features: String, _ labels: String, _ testFeatures: String?, _ testLabels: String?,
    _ load: (String, String) throws(DataError) -> DataSet
  ) throws(DataError) -> (train: DataSet, test: DataSet?) {
    let train = try load(features, labels)
    guard let testFeatures, let testLabels else { return (train, nil) }
    return (train, try load(testFeatures, testLabels))
  }

  private static func numpy(_ features: NumpySource, _ labels: NumpySource, _ settings: DataSettings) throws(DataError) -> DataSet {
    try NumpyReader(features: features, targets: labels, task: settings.task, classes: settings.classes, shape: settings.inputShape).load()
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
}

extension DataSettings {
  fileprivate var task: LearningTask { classes == nil ? .regression : .classification }
}
