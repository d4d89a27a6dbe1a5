/// The page `drnc explain` prints for one code: what it means, a program that shows it, and the program put right.
public struct Page: Sendable {
  /// The code the page explains.
  public let code: Code
  /// What the message tells, in one or two sentences.
  public let meaning: String
  /// Why drnc refuses or remarks on it.
  public let why: String
  private let failing: Example?
  private let corrected: Example?

  /// A page about a program that is reported with `code`, and the same program without the fault.
  init(_ code: Code, meaning: String, failing: Example, corrected: Example, why: String) {
    self.code = code
    self.meaning = meaning
    self.failing = failing
    self.corrected = corrected
    self.why = why
  }

  /// A page whose examples are whole texts; empty ones where a code concerns no program.
  init(_ code: Code, meaning: String, failing: String, corrected: String, why: String) {
    self.code = code
    self.meaning = meaning
    self.failing = .verbatim(failing)
    self.corrected = .verbatim(corrected)
    self.why = why
  }

  /// A page of a code that concerns no program.
  init(_ code: Code, meaning: String, why: String) { self.init(code, meaning: meaning, failing: "", corrected: "", why: why) }

  /// A complete program that is reported with the code; empty where the code concerns no program.
  public var failingExample: String { failing?.text ?? "" }
  /// The same program without the fault.
  public var correctedExample: String { corrected?.text ?? "" }
  /// The part of the failing example that matters.
  public var failingExcerpt: String { failing?.excerpt(beside: corrected) ?? "" }
  /// The part of the corrected example that matters.
  public var correctedExcerpt: String { corrected?.excerpt(beside: failing) ?? "" }

  /// Every page, in the order of the codes.
  public static let all: [Page] =
    files + commandLine + syntaxOfTokens + syntaxOfForms + methodNames + layerNames + schedules + data + lints + planning + training
    + checkpoints + verifier

  /// The page of a code, or `nil` when it has none.
  public static func of(_ code: Code) -> Page? { byCode[code] }

  private static let byCode = Dictionary(all.map { ($0.code, $0) }) { first, _ in first }

  /// The program the examples of most pages are parts of.
  public static let sharedProgram = Example().text
}
