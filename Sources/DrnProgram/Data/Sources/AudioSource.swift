import DrnData
import DrnDiagnostics
import DrnMethods
import DrnNumbers

/// A folder of recordings, whose names say what they are.
public struct AudioSource: DataSource {
  public static let spec = MethodSpec(
    "audio",
    summary:
      "The WAV files `*.wav` of a folder, of one channel and one sampling rate; the fields of a file's name give its class and part.",
    options: [
      .text("folder", required: true, "The folder."),
      .text("name", required: true, "The pattern of the names with fields in braces, one of them `{label}`."),
      .text("test", "Which recordings are the test: a field compared with a number or a word, as `take < 5` or `speaker == jackson`."),
      OptionSpec(
        "test_share", .number(0...0.9), "The share of the recordings of each class held back for the test without `test`; 20% unless given."
      ),
      OptionSpec("rate", .integer(1...1_000_000), required: true, "Samples a second, which all files have: none is resampled."),
      .lengths,
    ], positional: 1)
  private static let usualTestShare: Rational = 0.2
  public let options: Options
  private let testShare: Rational?

  public init(options: Options) {
    testShare = options.share("test_share")
    self.options = testShare.map { options.replacing(["test_share": OptionValue(decimalOrQuotient: $0)]) } ?? options
  }

  public static func fault(in options: Options) -> SourceFault? {
    let pattern: NamePattern
    do throws(DataError) { pattern = try NamePattern(options.text("name") ?? "") } catch {
      return SourceFault(.optionRange, "`name` of `audio` \(error.message)", label: "no pattern", help: "write `{label}_{take}.wav`")
    }
    guard pattern.fields.contains(RecordingReader.labelField) else {
      return SourceFault(
        .optionRange, "`name` of `audio` has no field `{label}`", label: "nothing gives the class",
        help: "put `{label}` where the names of the files have their class, as in `{label}_{take}.wav`")
    }
    guard let condition = options.text("test") else { return nil }
    guard options.share("test_share") == nil else {
      return SourceFault(
        .duplicateOption, "`audio` is given `test` and `test_share`", label: "two answers to what the test is",
        help: "leave out one of them")
    }
    do throws(DataError) { _ = try FieldCondition(condition, fields: pattern.fields) } catch {
      return SourceFault(.optionRange, "`test` of `audio` \(error.message)", label: "no comparison", help: error.help)
    }
    return nil
  }

  public func readers(_ request: DataRequest, _ seeds: SourceSeeds) throws(DataError) -> SourceReaders {
    guard let frames = request.frames else {
      throw DataError(kind: .options, path: "", message: "recordings have to be made into frames", help: "write `prepare: log_mel(...)`")
    }
    let pattern = try NamePattern(options.text("name") ?? "")
    var test: FieldCondition?
    if let condition = options.text("test") { test = try FieldCondition(condition, fields: pattern.fields) }
    return .recordings(
      RecordingReader(
        path: request.path(options.text("folder") ?? ""), pattern: pattern, test: test, testShare: testShare ?? Self.usualTestShare,
        seed: seeds.split, frames: frames, length: request.shape.first ?? 1, keepsLengths: hasLengths))
  }

  public var places: SourcePlaces { .folder(options.text("folder") ?? "") }
  public var hasLengths: Bool { options.boolean("lengths") ?? false }
  public var samplingRate: Int? { options.integer("rate") }
}
