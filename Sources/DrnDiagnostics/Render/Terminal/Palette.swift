/// The parts of a message that a terminal tells apart by colour.
enum Ink {
  case severity(Severity)
  case title
  case frame
  case secondary
  case addition
  case plain

  /// The SGR parameters of ECMA-48.
  fileprivate var parameters: String {
    switch self {
    case .severity(.error): "1;31"
    case .severity(.warning): "1;33"
    case .severity(.hint): "1;36"
    case .title: "1"
    case .frame: "34"
    case .secondary: "1;34"
    case .addition: "32"
    case .plain: ""
    }
  }
}

/// Colours and line characters, by the options.
struct Palette {
  let color: Bool
  let unicode: Bool

  func paint(_ text: String, _ ink: Ink) -> String {
    guard color, !text.isEmpty, !ink.parameters.isEmpty else { return text }
    return "\u{1B}[\(ink.parameters)m\(text)\u{1B}[0m"
  }

  var corner: String { unicode ? "╭─" : "-->" }
  var branch: String { unicode ? "├─" : ":::" }
  var bar: String { unicode ? "│" : "|" }
  var gap: String { unicode ? "┆" : ":" }
  var ellipsis: String { unicode ? "…" : "..." }
  var primaryMark: String { "^" }
  var secondaryMark: String { "-" }
}
