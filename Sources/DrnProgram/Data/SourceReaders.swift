import DrnData

/// The readers of a source of examples: of those to train on, and of those for the test where the source names any.
public enum SourceReaders {
  case separate(train: any DataReader, test: (any DataReader)?)
  /// Tables, which share the names of classes and levels.
  case tables(TableReader)
  /// A folder of images, which splits a test part off by itself where it has none.
  case images(ImageFolderReader)

  /// `seed` is for examples that are made up, `splitSeed` for a test part that is split off. An error where a folder lacks a file.
  public init(_ request: DataRequest, seed: UInt64 = 0, splitSeed: UInt64 = DataSettings.defaultSplitSeed) throws(DataError) {
    func path(_ name: String) -> String { resolvedPath(name, in: request.folder) }
    switch request.source {
    case .idx(let folder):
      let files = try IDXFolder(path: path(folder), classes: request.bound)
      self = .separate(train: files.train, test: files.test)
    case .idxFiles(let features, let labels, let testFeatures, let testLabels):
      self = Self.both(features, labels, testFeatures, testLabels) {
        IDXReader(images: path($0), labels: path($1), classes: request.bound)
      }
    case .csv(let files):
      let options = request.options(files)
      func reader(_ name: String) -> CSVReader { CSVReader(path: path(name), options: options) }
      self = .tables(TableReader(train: reader(files.train), validation: files.validation.map(reader), test: files.test.map(reader)))
    case .npy(let features, let labels, let testFeatures, let testLabels):
      self = Self.both(features, labels, testFeatures, testLabels) { request.numpy(.file(path($0)), .file(path($1))) }
    case .npz(let file, let features, let labels, let testFeatures, let testLabels):
      self = Self.both(features, labels, testFeatures, testLabels) {
        request.numpy(.entry($0, in: path(file)), .entry($1, in: path(file)))
      }
    case .cifar(let folder, let coarse):
      let files = try CIFARFolder(path: path(folder), coarse: coarse)
      self = .separate(train: files.train, test: files.test)
    case .cifarFiles(let train, let test, let variant):
      self = .separate(
        train: CIFARReader(paths: [path(train)], variant: variant), test: test.map { CIFARReader(paths: [path($0)], variant: variant) })
    case .images(let folder, let share):
      self = .images(ImageFolderReader(path: path(folder), shape: request.shape, testShare: share, seed: splitSeed))
    case .synthetic(let examples, let testExamples, let noise):
      self = .separate(
        train: request.synthetic(examples, first: 0, noise, seed),
        test: testExamples > 0 ? request.synthetic(testExamples, first: examples, noise, seed) : nil)
    }
  }

  /// Features and labels of the training examples and, where both are named, of the test examples.
  private static func both(
    _ features: String, _ labels: String, _ testFeatures: String?, _ testLabels: String?, _ reader: (String, String) -> any DataReader
  ) -> SourceReaders {
    guard let testFeatures, let testLabels else { return .separate(train: reader(features, labels), test: nil) }
    return .separate(train: reader(features, labels), test: reader(testFeatures, testLabels))
  }

  /// What the headers say of the training examples. The test examples must have their shape and be there too. Labels are read where their
  /// values are to be numbered.
  func header(collectsClasses: Bool) throws(DataError) -> DataHeader {
    let train: any DataReader
    let test: (any DataReader)?
    switch self {
    case .separate(let trained, let tested): (train, test) = (trained, tested)
    case .tables(let tables): return try Self.header(tables)
    // Whether the shape is the declared one is told apart from whether the images have one.
    case .images(let folder): return try ImageFolderReader(path: folder.path, testShare: folder.testShare).header()
    }
    var header = try train.header()
    if collectsClasses, !header.hasExactClasses {
      (header.classes, header.hasExactClasses) = (CollectedClasses(try train.readLabels()).labels.count, true)
    }
    guard let test else { return header }
    let tested = try Self.besideTraining(nil) { () throws(DataError) in try test.header() }
    guard tested.shape == header.shape else {
      throw DataError(
        kind: .sizeMismatch, path: "",
        message: "the test examples have shape \(tested.shape), those to train on have shape \(header.shape)")
    }
    guard tested.targets == header.targets else {
      throw DataError(
        kind: .sizeMismatch, path: "",
        message:
          "the test examples have \(tested.targets ?? 1) values to be learned, those to train on have \(header.targets ?? 1)")
    }
    if let classes = header.classes, let others = tested.classes, !header.hasExactClasses { header.classes = max(classes, others) }
    return header
  }

  private static func header(_ tables: TableReader) throws(DataError) -> DataHeader {
    let header = try tables.train.header()
    for other in tables.others {
      try besideTraining(other.path) { () throws(DataError) in
        try tables.train.checkColumns(of: other)
        _ = try other.header()
      }
    }
    return header
  }

  /// The class of each training example; empty for regression.
  func readLabels() throws(DataError) -> [Int32] {
    switch self {
    case .separate(let train, _): try train.readLabels()
    case .tables(let tables): try tables.train.readLabels()
    case .images(let folder): try folder.readLabels()
    }
  }

  /// A missing test file at `path`, or at any, is an error where the training examples are there: the data is not merely on another machine.
  private static func besideTraining<Result>(_ path: String?, _ read: () throws(DataError) -> Result) throws(DataError) -> Result {
    do { return try read() } catch {
      guard error.kind == .missingFile, path == nil || path == error.path else { throw error }
      throw DataError(kind: .unreadable, path: error.path, message: error.message, help: "the training examples are there")
    }
  }
}

extension DataRequest {
  fileprivate var task: LearningTask { classes == nil && !collectsClasses ? .regression : .classification }

  /// What labels must stay below; any where the classes are those that occur.
  fileprivate var bound: Int? { collectsClasses ? nil : classes }

  /// How a table is read: as the source says, for what the declaration says.
  fileprivate func options(_ files: DataSettings.TableFiles) -> CSVOptions {
    var options = files.options
    (options.task, options.classes, options.collectsClasses, options.shape) = (task, classes, collectsClasses, shape)
    return options
  }

  fileprivate func numpy(_ features: NumpySource, _ labels: NumpySource) -> NumpyReader {
    NumpyReader(features: features, targets: labels, task: task, classes: bound, shape: shape)
  }

  fileprivate func synthetic(_ count: Int, first: Int, _ noise: Double, _ seed: UInt64) -> any DataReader {
    guard let classes else {
      return SyntheticLinear(
        examples: count, outputs: targets, shape: shape, seed: seed, deviation: Float(noise), firstExample: first)
    }
    return SyntheticClusters(
      examples: count, classes: classes, shape: shape, seed: seed, deviation: Float(noise), firstExample: first)
  }
}
