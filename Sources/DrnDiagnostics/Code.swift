/// A stable diagnostic code. Never renumbered, never reused.
///
/// Hundreds by area: 00 files and options, 01 syntax, 02 names, types and shapes, 03 ranks and schedules,
/// 04 data, loss and optimizer, 05 lints, 06 planning and memory, 07 training, 08 export and checkpoints, 09 verifier.
/// The tables are in `Codes/`, one file per area; `Code.all` lists every one, and each has a page under `Pages/`. What a code means stands in
/// its summary alone.
public struct Code: Hashable, Sendable {
  /// The four digits after `DRN`.
  public let number: Int
  /// The severity when nothing in the source or on the command line changes it.
  public let severity: Severity
  /// The name by which `allow:` refers to a lint; also the title of its page.
  public let name: String
  /// One sentence that says what the code means.
  public let summary: String

  /// What the rest of drnc has to know of it.
  public let traits: Traits

  public init(_ number: Int, _ name: String, _ severity: Severity, _ summary: String, _ traits: Traits = []) {
    self.number = number
    self.name = name
    self.severity = severity
    self.summary = summary
    self.traits = traits
  }

  /// A code whose severity is `error`.
  public init(_ number: Int, _ name: String, _ summary: String, _ traits: Traits = []) { self.init(number, name, .error, summary, traits) }

  /// The printed form: `DRN0301`.
  public var id: String {
    let digits = String(number)
    return "DRN" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  public static func == (left: Code, right: Code) -> Bool { left.number == right.number }
  public func hash(into hasher: inout Hasher) { hasher.combine(number) }
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
