import DrnData
import DrnMethods
import DrnNumbers

/// A folder of text files, one for each class, whose lines are the examples.
public struct LinesSource: DataSource {
  public static let spec = MethodSpec(
    "lines",
    summary: "The lines of the text files `*.txt` of a folder, a class for each file; characters are tokens from 1 on, filled up with 0.",
    options: [
      .text("folder", required: true, "The folder."),
      OptionSpec("test_share", .number(0...0.9), default: .percent(0.2), "The share of the lines of each file held back for the test."),
      .lengths,
    ], positional: 1)
  public let options: Options
  private let testShare: Rational

  public init(options: Options) {
    let share = options.share("test_share") ?? 0
    testShare = share
    self.options = options.replacing(["test_share": OptionValue(decimalOrQuotient: share)])
  }

  public func readers(_ request: DataRequest, _ seeds: SourceSeeds) throws(DataError) -> SourceReaders {
    .lines(
      LinesReader(
        path: request.path(options.text("folder") ?? ""), length: request.shape.first ?? 1, testShare: testShare, seed: seeds.split,
        keepsLengths: hasLengths))
  }

  public var places: SourcePlaces { .folder(options.text("folder") ?? "") }
  public var element: InputElement { .token }
  public var hasLengths: Bool { options.boolean("lengths") ?? false }
}
