import DrnData
import DrnMethods

/// The readers of a source of examples: of those to train on, and of those for the test where the source names any.
public enum SourceReaders {
  case separate(train: any DataReader, test: (any DataReader)?)
  /// Tables, which share the names of classes and levels.
  case tables(TableReader)
  /// A folder of images, which splits a test part off by itself where it has none.
  case images(ImageFolderReader)
  /// A text, whose parts share the numbers of tokens.
  case text(TextReader)
  /// A text that is tokens already.
  case tokens(TokenReader)
  /// Lines of text, whose parts share the numbers of tokens too.
  case lines(LinesReader)
  /// A folder of recordings, whose parts share the names of classes.
  case recordings(RecordingReader)

  /// Features and labels of the training examples, which two options name, and of the test examples where `test_features` and `test_labels`
  /// do.
  static func pairs(
    _ features: String, _ labels: String, of options: Options, _ reader: (String, String) -> any DataReader
  ) -> SourceReaders {
    let train = reader(options.text(features) ?? "", options.text(labels) ?? "")
    guard let features = options.text("test_features"), let labels = options.text("test_labels") else {
      return .separate(train: train, test: nil)
    }
    return .separate(train: train, test: reader(features, labels))
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
    case .images(let folder):
      return try ImageFolderReader(path: folder.path, testShare: folder.testShare, validation: folder.validation).header()
    case .text(let text): return try text.header()
    case .tokens(let tokens): return try tokens.header()
    case .lines(let lines): return try lines.header()
    case .recordings(let recordings): return try recordings.header()
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
    case .text, .tokens: []
    case .lines(let lines): try lines.load().train.labels
    case .recordings(let recordings): try recordings.readLabels()
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
  /// The readers of its source; an error where a folder lacks a file.
  public func readers(_ seeds: SourceSeeds = SourceSeeds()) throws(DataError) -> SourceReaders { try source.readers(self, seeds) }

  var task: LearningTask { classes == nil && !collectsClasses ? .regression : .classification }

  /// What labels must stay below; any where the classes are those that occur.
  var bound: Int? { collectsClasses ? nil : classes }

  /// The path that a name of the source stands for.
  func path(_ name: String) -> String { resolvedPath(name, in: folder) }

  func numpy(_ features: NumpySource, _ labels: NumpySource) -> NumpyReader {
    NumpyReader(features: features, targets: labels, task: task, classes: bound, shape: shape)
  }
}
