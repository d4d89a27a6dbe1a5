import DrnJSON

/// What drnc says of a program or a run: the same as `drnc check` and `drnc train` print.
public struct Problem: Sendable, Hashable, CustomStringConvertible {
  /// How serious it is. Errors alone make anything fail.
  public enum Severity: String, Sendable {
    case hint, warning, error
  }
  /// The code, as `DRN0301`; `drnc explain` has a page for each.
  public let code: String
  /// How serious it is.
  public let severity: Severity
  /// One sentence, beginning small and without a stop.
  public let message: String
  /// The file that it is about; `nil` where it is about none.
  public let file: String?
  /// The place in the file, both from 1; `nil` without a file.
  public let line, column: Int?
  /// What to do about it.
  public let help: String?

  /// As `drnc --diagnostics plain` prints it.
  public var description: String {
    let place = file.map { "\($0):\(line ?? 1):\(column ?? 1): " } ?? ""
    return "\(place)\(severity.rawValue): \(message) [\(code)]"
  }

  /// A line of `drnc --diagnostics json`.
  init?(_ json: JSON) {
    guard let code = json["code"]?.text, let severity = json["severity"]?.text.flatMap(Severity.init), let message = json["message"]?.text
    else {
      return nil
    }
    (self.code, self.severity, self.message, help) = (code, severity, message, json["help"]?.text)
    let place = json["primary"]
    (file, line, column) = (place?["file"]?.text, place?["line"]?.whole, place?["column"]?.whole)
  }
}

/// Why something could not be done.
public struct DrncError: Error, CustomStringConvertible {
  /// What was found, the errors and what was said beside them.
  public let problems: [Problem]
  /// All of them, one a line.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}
