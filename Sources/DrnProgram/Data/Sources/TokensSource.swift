import DrnData
import DrnDiagnostics
import DrnMethods
import DrnNumbers
import DrnSystem

/// A file of tokens, of which every stretch of some length is an example and the token behind each position its label.
public struct TokensSource: DataSource {
  public static let spec = MethodSpec(
    "tokens",
    summary:
      "A text that is tokens already, in a file of whole numbers without a sign: as for `text`, but it stays in its file, which may be larger "
      + "than memory.",
    options: [
      .text("file", required: true, "The file: `.npy` of one dimension, or nothing but numbers, least significant byte first."),
      OptionSpec(
        "type", .word(TokenReader.Element.allCases.map(\.rawValue)), "What a number is in a file that is not `.npy`, which says it itself."),
      OptionSpec("test_share", .number(0...0.9), default: .percent(0.05), "The share of the tokens held back for the test, at their end."),
      .text("tokenizer", "The `tokenizer.json` that made the tokens, which goes with the run."),
    ], positional: 1)
  public let options: Options
  private let testShare: Rational

  public init(options: Options) {
    let share = options.share("test_share") ?? 0
    testShare = share
    self.options = options.replacing(["test_share": OptionValue(decimalOrQuotient: share)])
  }

  public static func fault(in options: Options) -> SourceFault? {
    let isNumpy = Path.fileExtension(of: options.text("file") ?? "") == "npy"
    guard isNumpy == (options["type"] != nil) else { return nil }
    if isNumpy {
      return SourceFault(
        .optionRange, "`tokens` of a `.npy` file does not take `type`", label: "the file says it itself", help: "leave out `type`")
    }
    return SourceFault(
      .missingOption, "`tokens` needs `type` for a file that does not say what a number is", label: "of two bytes, or of four?",
      help: "write `type: uint16`, or `type: uint32`")
  }

  public func readers(_ request: DataRequest, _ seeds: SourceSeeds) throws(DataError) -> SourceReaders {
    .tokens(
      TokenReader(
        path: request.path(options.text("file") ?? ""), element: options.word("type").flatMap(TokenReader.Element.init),
        length: request.shape.first ?? 1, testShare: testShare, bound: request.classes ?? 1,
        tokenizer: options.text("tokenizer").map { request.path($0) }))
  }

  public var places: SourcePlaces { .files(options.text("file"), options.text("tokenizer")) }
  public var element: InputElement { .token }
  public var isText: Bool { true }
}
