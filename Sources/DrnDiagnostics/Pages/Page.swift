/// The page `drnc explain` prints for one code: what it means, a program that shows it, and the program put right.
public struct Page: Sendable {
  /// The code the page explains.
  public let code: Code
  /// What the message tells, in one or two sentences.
  public let meaning: String
  /// A complete program that is reported with `code`.
  public let failingExample: String
  /// The same program without the fault.
  public let correctedExample: String
  /// Why drnc refuses or remarks on it.
  public let why: String

  /// A page from its parts; both examples are whole programs.
  public init(_ code: Code, meaning: String, failing: String, corrected: String, why: String) {
    self.code = code
    self.meaning = meaning
    failingExample = failing
    correctedExample = corrected
    self.why = why
  }

  /// Every page, in the order of the codes.
  public static let all: [Page] =
    files + commandLine + syntax + names + schedules + data + lints + planning + training + checkpoints + verifier

  /// The page of a code, or `nil` when it has none.
  public static func of(_ code: Code) -> Page? { all.first { $0.code == code } }
}
