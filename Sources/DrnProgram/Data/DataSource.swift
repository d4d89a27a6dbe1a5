import DrnData
import DrnDiagnostics
import DrnMethods

/// Where the examples of a data set come from: what stands behind `source:`. One file each under `Sources/`, listed in `DataSources.all`.
public protocol DataSource: Method {
  /// What is wrong with options that are each right alone; the source is made only of options without a fault.
  static func fault(in options: Options) -> SourceFault?
  /// What reads the examples. An error where a folder lacks a file; no other file is opened yet.
  func readers(_ request: DataRequest, _ seeds: SourceSeeds) throws(DataError) -> SourceReaders
  /// The files or folders it names, as written, for the nearest name of one that is absent.
  var places: SourcePlaces { get }
  /// The source as `config.txt` has it: equal sources have equal texts.
  var text: String { get }
  /// Whether the examples are made up, on any machine and of any number of classes.
  var isMadeUp: Bool { get }
  /// What its examples consist of.
  var element: InputElement { get }
  /// Whether it is a text, whose examples are stretches and whose labels are the tokens that follow.
  var isText: Bool { get }
  /// Samples a second of the recordings it gives; `nil` where it gives something else.
  var samplingRate: Int? { get }
  /// Whether examples have lengths of their own, so that what fills them up is in no mean, statistic or score.
  var hasLengths: Bool { get }
  /// Whether it names examples for validation.
  var namesValidation: Bool { get }
  /// Whether a missing value is the mean of its column.
  var fillsWithMeans: Bool { get }
}

extension DataSource {
  public static func fault(in options: Options) -> SourceFault? { nil }
  public var text: String { callText }
  public var isMadeUp: Bool { false }
  public var element: InputElement { .number }
  public var isText: Bool { false }
  public var samplingRate: Int? { nil }
  public var hasLengths: Bool { false }
  public var namesValidation: Bool { false }
  public var fillsWithMeans: Bool { false }
}

/// What the options of a source say that cannot be, reported at the source.
public struct SourceFault: Sendable {
  /// The code of the diagnostic.
  public let code: Code
  /// One clause, small at its start, without a stop.
  public let message: String
  /// What stands under the source.
  public let label: String
  /// What to write, if there is something to say.
  public let help: String?
  public init(_ code: Code, _ message: String, label: String, help: String? = nil) {
    self.code = code
    self.message = message
    self.label = label
    self.help = help
  }

  /// Two options of which one is given without the other; `nil` where both are, or neither.
  static func unpaired(_ first: String, _ second: String, in options: Options) -> SourceFault? {
    guard (options.text(first) == nil) != (options.text(second) == nil) else { return nil }
    let (given, missing) = options.text(first) == nil ? (second, first) : (first, second)
    return SourceFault(.missingOption, "`\(given)` needs `\(missing)` beside it", label: "without `\(missing)`")
  }
}

/// What a source draws from.
public struct SourceSeeds: Sendable {
  /// Examples that are made up.
  public let examples: UInt64
  /// A test part that is split off.
  public let split: UInt64
  public init(examples: UInt64 = 0, split: UInt64 = DataSettings.defaultSplitSeed) {
    self.examples = examples
    self.split = split
  }
}

/// Files, or folders.
public struct SourcePlaces: Sendable {
  /// As they are written.
  public let paths: [String]
  /// Whether each is a folder.
  public let areFolders: Bool
  /// Nothing on the machine.
  public static let none = SourcePlaces(paths: [], areFolders: false)

  /// One folder.
  public static func folder(_ path: String) -> SourcePlaces { SourcePlaces(paths: [path], areFolders: true) }
  /// Those that are named.
  public static func files(_ paths: String?...) -> SourcePlaces { SourcePlaces(paths: paths.compactMap { $0 }, areFolders: false) }
}

extension OptionSpec {
  /// Of sources whose examples differ in length.
  static let lengths = OptionSpec(
    "lengths", .boolean, default: .boolean(false),
    "Whether each example keeps its length: what fills it up is then in no mean, statistic or score of attention.")
  /// A path or name in quotes.
  static func text(_ name: String, required: Bool = false, _ summary: String) -> OptionSpec {
    OptionSpec(name, .text, required: required, summary)
  }
}
