/// A stable diagnostic code. Never renumbered, never reused.
///
/// Hundreds by area: 00 files and options, 01 syntax, 02 names, types and shapes, 03 ranks and schedules,
/// 04 data, loss and optimizer, 05 lints, 06 planning and memory, 07 training, 08 export and checkpoints, 09 verifier.
/// The tables are in `Codes/`, one file per area; `Code.all` lists every one, and each has a page under `Pages/`.
public struct Code: Hashable, Sendable {
  /// The four digits after `DRN`.
  public let number: Int
  /// The severity when nothing in the source or on the command line changes it.
  public let severity: Severity
  /// The name by which `allow:` refers to a lint; also the title of its page.
  public let name: String
  /// One sentence that says what the code means.
  public let summary: String

  public init(_ number: Int, _ name: String, _ severity: Severity, _ summary: String) {
    self.number = number
    self.name = name
    self.severity = severity
    self.summary = summary
  }

  /// A code whose severity is `error`.
  public init(_ number: Int, _ name: String, _ summary: String) { self.init(number, name, .error, summary) }

  /// The printed form: `DRN0301`.
  public var id: String {
    let digits = String(number)
    return "DRN" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  public static func == (left: Code, right: Code) -> Bool { left.number == right.number }
  public func hash(into hasher: inout Hasher) { hasher.combine(number) }
}
