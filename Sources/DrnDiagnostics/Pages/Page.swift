/// The page `drnc explain` prints for one code: what it means, a program that shows it, and the program put right.
public struct Page: Sendable {
  /// The code the page explains.
  public let code: Code
  /// What the message tells, in one or two sentences.
  public var meaning: String { code.meaning }
  /// Why drnc refuses or remarks on it.
  public var why: String { code.why }

  /// A complete program that is reported with the code; empty where the code concerns no program.
  public var failingExample: String { code.examples?.failing.text ?? "" }
  /// The same program without the fault.
  public var correctedExample: String { code.examples?.corrected.text ?? "" }
  /// The part of the failing example that matters.
  public var failingExcerpt: String { code.examples.map { $0.failing.excerpt(beside: $0.corrected) } ?? "" }
  /// The part of the corrected example that matters.
  public var correctedExcerpt: String { code.examples.map { $0.corrected.excerpt(beside: $0.failing) } ?? "" }

  /// Every page, in the order of the codes.
  public static let all: [Page] = Code.all.map(\.page)

  /// The program the examples of most pages are parts of.
  public static let sharedProgram = Example().text
}

extension Code {
  /// What `drnc explain` prints for it.
  public var page: Page { Page(code: self) }
}
