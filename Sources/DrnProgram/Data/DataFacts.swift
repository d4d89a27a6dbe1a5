import DrnData

/// What the headers of data files say.
public struct DataFacts: Hashable, Sendable {
  /// Training examples, the validation split included.
  public let examples: Int
  /// The shape of one example.
  public let shape: [Int]
  /// The number of classes where the files tell it.
  public let classes: Int?
  /// Whether there are exactly `classes`, and not only at least as many.
  public let hasExactClasses: Bool
  /// The number of values to be learned of an example; `nil` where the files hold classes.
  public let targets: Int?
  /// The number of classes that occur, where it was asked for.
  public var classesPresent: Int?
  /// How many training examples each class has, where it was asked for.
  public var classCounts: [Int]?
  /// How many different tokens there are, of examples made of tokens.
  public var vocabulary: Int?
  public init(examples: Int, shape: [Int], classes: Int?, hasExactClasses: Bool = false, targets: Int? = nil) {
    self.examples = examples
    self.shape = shape
    self.classes = classes
    self.hasExactClasses = hasExactClasses
    self.targets = targets
  }
}

/// What became of looking for data files.
public enum DataFinding: Hashable, Sendable {
  case found(DataFacts)
  /// There is no file; the text names the first that is missing.
  case absent(String, correction: DataCorrection? = nil)
  /// A file is there but cannot be used, with the reason and what to do about it.
  case unusable(String, help: String?, problem: DataProblem = .unreadable, correction: DataCorrection? = nil)
}

/// A name in a source that nothing has: that of a file, a column or an array.
public struct DataCorrection: Hashable, Sendable {
  /// As the source writes it.
  public let written: String
  /// The nearest name there is.
  public let meant: String
  public init(written: String, meant: String) {
    self.written = written
    self.meant = meant
  }
}

/// A way to look at the headers of the data files of a program.
public protocol DataHeaders: Sendable {
  /// Looks at the files that the source names, and reads no more than the facts take.
  func look(_ request: DataRequest) -> DataFinding
}

/// The files of a `data` declaration and how they are to be read.
public struct DataRequest: Hashable, Sendable {
  /// Where the examples come from.
  public let source: any DataSource
  /// Paths are relative to this folder.
  public let folder: String
  /// The declared shape of one example.
  public let shape: [Int]
  /// The declared number of classes; `nil` for regression, and where they are yet to be counted.
  public let classes: Int?
  /// Whether the classes are those that occur.
  public let collectsClasses: Bool
  /// The number of values to be learned of an example, for regression.
  public let targets: Int
  /// How recordings become frames; `nil` where the source gives none.
  public var frames: LogMelFrames?
  /// Whether the labels are to be read to count the classes that occur and their examples.
  public var countsClasses = false
  public init(source: any DataSource, folder: String, shape: [Int], classes: Int?, collectsClasses: Bool = false, targets: Int) {
    self.source = source
    self.folder = folder
    self.shape = shape
    self.classes = classes
    self.collectsClasses = collectsClasses
    self.targets = targets
  }
}

extension DataRequest {
  public static func == (left: DataRequest, right: DataRequest) -> Bool { left.identity == right.identity }
  public func hash(into hasher: inout Hasher) { hasher.combine(identity) }

  private var identity: Identity {
    Identity(
      source: source.text, folder: folder, shape: shape, classes: classes, collectsClasses: collectsClasses, targets: targets,
      frames: frames, countsClasses: countsClasses)
  }

  private struct Identity: Hashable {
    let source: String
    let folder: String
    let shape: [Int]
    let classes: Int?
    let collectsClasses: Bool
    let targets: Int
    let frames: LogMelFrames?
    let countsClasses: Bool
  }
}

/// Looks at no file: every data set is absent. For checks of text alone.
public struct NoDataHeaders: DataHeaders {
  public init() {}
  /// Always `absent`.
  public func look(_ request: DataRequest) -> DataFinding { .absent("files are not looked for") }
}
