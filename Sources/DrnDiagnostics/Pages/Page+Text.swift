extension Page {
  /// The page as a terminal shows it.
  public var text: String {
    var text = "\(heading)\n\n\(code.summary)\n\n\(meaning)\n"
    if !failingExcerpt.isEmpty { text += "\nThis is reported:\n\n\(indented(failingExcerpt))\n" }
    if !correctedExcerpt.isEmpty { text += "\nThis is not:\n\n\(indented(correctedExcerpt))\n" }
    return text + "\n\(why)\n"
  }

  /// The page as a section in Markdown, with the anchor `#drn0301`.
  public var markdown: String {
    var text = "<a id=\"\(code.id.lowercased())\"></a>\n\n## \(code.id) `\(code.name)`\n\n*\(code.kind)* \(code.summary)\n\n\(meaning)\n"
    if !failingExcerpt.isEmpty { text += "\nThis is reported:\n\n```drn\n\(failingExcerpt)```\n" }
    if !correctedExcerpt.isEmpty { text += "\nThis is not:\n\n```drn\n\(correctedExcerpt)```\n" }
    return text + "\n\(why)\n"
  }

  private var heading: String { "\(code.id) \(code.name) (\(code.kind.lowercased().dropLast()))" }

  private func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    " + $0 }.joined(separator: "\n")
  }
}

extension Code {
  /// What it is to its reader: an error, or a lint with its severity.
  fileprivate var kind: String { isLint ? "Lint, \(severity.rawValue)." : "\(severity.rawValue.capitalizedFirst)." }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// Every code in one page of Markdown: a table, then the section of each code. `docs/errors/README.md` holds it.
public func errorIndex() -> String {
  let rows = Code.all.map { "| [\($0.id)](#\($0.id.lowercased())) | `\($0.name)` | \($0.severity.rawValue) | \($0.summary) |" }
  return """
    # Errors and lints

    Written by `drnc explain --list --format markdown`; `drnc explain CODE` prints one section. [gallery.md](gallery.md) shows what they look
    like. How to choose the level of a lint and how to apply fixes is told under [checks](../checks.md).

    | code | name | severity | says |
    | --- | --- | --- | --- |
    \(rows.joined(separator: "\n"))

    Where an example shows a part only, the rest is as in this program:

    ```drn
    \(Page.sharedProgram)```

    \(Page.all.map(\.markdown).joined(separator: "\n"))
    """
}
