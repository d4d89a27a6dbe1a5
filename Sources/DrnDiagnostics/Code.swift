/// A stable diagnostic code. Never renumbered, never reused.
///
/// Hundreds by area: 00 files and options, 01 syntax, 02 names, types and shapes, 03 ranks and schedules,
/// 04 data, loss and optimizer, 05 lints, 06 planning and memory, 07 training, 08 export and checkpoints, 09 defects of drnc, and devices.
/// Each is declared once, with its page, in the file of its subject under `Codes/`, and listed in `Code.all`. What it means stands in its summary
/// alone. A class, because every diagnostic has one and a page is long; nothing of it changes.
public final class Code: Hashable, Sendable {
  /// The four digits after `DRN`.
  public let number: Int
  /// The name by which `allow:` refers to a lint; also the title of its page.
  public let name: String
  /// The severity when nothing in the source or on the command line changes it.
  public let severity: Severity
  /// What the rest of drnc has to know of it.
  public let traits: Traits
  /// One sentence that says what the code means.
  public let summary: String

  // What `page` shows beside the summary.
  let meaning: String
  let why: String
  let examples: (failing: Example, corrected: Example)?

  /// A code about programs: one that is reported with it, and the same program without the fault.
  init(
    _ number: Int, _ name: String, severity: Severity = .error, traits: Traits = [], summary: String, meaning: String, failing: Example,
    corrected: Example, why: String
  ) {
    (self.number, self.name, self.severity, self.traits) = (number, name, severity, traits)
    (self.summary, self.meaning, self.why) = (summary, meaning, why)
    examples = (failing, corrected)
  }

  /// A code that concerns no program which could be shown.
  init(_ number: Int, _ name: String, severity: Severity = .error, traits: Traits = [], summary: String, meaning: String, why: String) {
    (self.number, self.name, self.severity, self.traits) = (number, name, severity, traits)
    (self.summary, self.meaning, self.why) = (summary, meaning, why)
    examples = nil
  }

  /// The printed form: `DRN0301`.
  public var id: String {
    let digits = String(number)
    return "DRN" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  public static func == (left: Code, right: Code) -> Bool { left.number == right.number }
  public func hash(into hasher: inout Hasher) { hasher.combine(number) }
}

extension Code: CustomStringConvertible {
  public var description: String { id }
}

extension Code {
  /// Properties of codes on which what is done about their diagnostics depends.
  public struct Traits: OptionSet, Hashable, Sendable {
    /// One bit for each trait.
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The text does not follow the grammar.
    public static let syntax = Traits(rawValue: 1 << 0)
    /// Something allowed but doubtful: its level can be chosen.
    public static let lint = Traits(rawValue: 1 << 1)
    /// Whether it occurs is known only once the program is priced.
    public static let needsPrices = Traits(rawValue: 1 << 2)
    /// Something is absent, or a whole body is meant: after a fault of syntax in the declaration, that is the likely cause.
    public static let absence = Traits(rawValue: 1 << 3)
    /// Two declarations disagree: after a fault of syntax in another declaration, that is the likely cause.
    public static let disagreement = Traits(rawValue: 1 << 4)
    /// What is reported may have been meant to use a name that then looks unused.
    public static let hidesUses = Traits(rawValue: 1 << 5)
    /// Files hold something other than the program says: data that does not fit, to the exit code of a command.
    public static let ofFiles = Traits(rawValue: 1 << 6)
  }

  /// Whether it is about something allowed but doubtful, so that its level can be chosen.
  public var isLint: Bool { traits.contains(.lint) }
}
