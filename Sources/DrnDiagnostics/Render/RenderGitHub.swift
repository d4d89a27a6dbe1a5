import DrnSource

/// GitHub workflow commands, which annotate the lines of a pull request: `::error file=...,line=...,col=...,title=...::message`.
public func renderGitHub(_ diagnostics: [Diagnostic], sources: SourceMap) -> String {
  diagnostics.map { diagnostic in
    var properties: [String] = []
    if let place = position(of: diagnostic.primary, sources) {
      properties = [
        "file=" + escapeProperty(place.name), "line=\(place.start.line)", "endLine=\(place.end.line)", "col=\(place.start.column)",
        "endColumn=\(place.end.column)",
      ]
    }
    properties.append("title=" + escapeProperty("\(diagnostic.code.id) \(diagnostic.code.name)"))
    return "::\(command(diagnostic.severity)) \(properties.joined(separator: ","))::\(escapeData(diagnostic.fullText))\n"
  }.joined()
}

private func command(_ severity: Severity) -> String {
  switch severity {
  case .hint: "notice"
  case .warning: "warning"
  case .error: "error"
  }
}

private func escapeData(_ text: String) -> String {
  escape(text, ["%": "%25", "\r": "%0D", "\n": "%0A", "\r\n": "%0D%0A"])
}

private func escapeProperty(_ text: String) -> String {
  escape(text, ["%": "%25", "\r": "%0D", "\n": "%0A", "\r\n": "%0D%0A", ":": "%3A", ",": "%2C"])
}

private func escape(_ text: String, _ codes: [Character: String]) -> String {
  text.map { codes[$0] ?? String($0) }.joined()
}
