import DrnData
import DrnMethods
import DrnNumbers

/// A text, of which every stretch of some length is an example and the character behind each position its label.
public struct TextSource: DataSource {
  public static let spec = MethodSpec(
    "text",
    summary:
      "A text: an epoch passes once over its training part in stretches that begin somewhere else each time; the label of a position is the "
      + "token that follows. Validation examples are taken from the end of what is trained on, and the test from the end of the file.",
    options: [
      .text("file", required: true, "The file, plain or gzipped."),
      OptionSpec("test_share", .number(0...0.9), default: .percent(0.05), "The share of the text held back for the test, at its end."),
      OptionSpec(
        "by", .word(TextReader.Unit.allCases.map(\.rawValue)), default: .word("character"),
        "What a token is: a code point of UTF-8 text, numbered among those that occur, or a byte."),
    ], positional: 1)
  public let options: Options
  private let testShare: Rational

  public init(options: Options) {
    let share = options.share("test_share") ?? 0
    testShare = share
    self.options = options.replacing(["test_share": OptionValue(decimalOrQuotient: share)])
  }

  public func readers(_ request: DataRequest, _ seeds: SourceSeeds) throws(DataError) -> SourceReaders {
    .text(
      TextReader(
        path: request.path(options.text("file") ?? ""), length: request.shape.first ?? 1, testShare: testShare,
        unit: options.word("by").flatMap(TextReader.Unit.init) ?? .character))
  }

  public var places: SourcePlaces { .files(options.text("file")) }
  public var element: InputElement { .token }
  public var isText: Bool { true }
}
