import DrnData
import DrnDiagnostics
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
        "by", .word(Self.units.map(\.word)),
        "What a token is: a code point of UTF-8 text, numbered among those that occur, or a byte. `character` unless given."),
      .text("tokenizer", "A `tokenizer.json` with a vocabulary of byte pairs, in place of `by`."),
    ], positional: 1)
  private static let units: [(word: String, unit: TextReader.Unit)] = [("character", .character), ("byte", .byte)]
  public let options: Options
  private let testShare: Rational

  /// What is not written is what it is taken for.
  public init(options: Options) {
    let share = options.share("test_share") ?? 0
    testShare = share
    var read = options.replacing(["test_share": OptionValue(decimalOrQuotient: share)])
    if options["tokenizer"] == nil, options["by"] == nil { read = read.replacing(["by": .word(Self.units[0].word)]) }
    self.options = read
  }

  public static func fault(in options: Options) -> SourceFault? {
    guard options["by"] != nil, options["tokenizer"] != nil else { return nil }
    return SourceFault(
      .duplicateOption, "`text` is given `by` and `tokenizer`", label: "two answers to what a token is", help: "leave out one of them")
  }

  public func readers(_ request: DataRequest, _ seeds: SourceSeeds) throws(DataError) -> SourceReaders {
    let unit: TextReader.Unit? = options.text("tokenizer").map { .bytePair(request.path($0)) }
    return .text(
      TextReader(
        path: request.path(options.text("file") ?? ""), length: request.shape.first ?? 1, testShare: testShare,
        unit: unit ?? Self.units.first { $0.word == options.word("by") }?.unit ?? .character))
  }

  public var places: SourcePlaces { .files(options.text("file"), options.text("tokenizer")) }
  public var element: InputElement { .token }
  public var isText: Bool { true }
}
