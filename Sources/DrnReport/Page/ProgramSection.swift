import DrnDiagnostics
import DrnSource
import DrnSyntax

/// The program as it was written, coloured by its tokens, with diagnostics below the lines they are about.
struct ProgramSection {
  private let reported: ReportedRun
  private let isNamed: Bool
  init(_ reported: ReportedRun, isNamed: Bool) {
    self.reported = reported
    self.isNamed = isNamed
  }

  /// Longer texts are shown to this byte.
  private static let most = 200_000

  var html: String {
    var html = ""
    if let source = reported.run.source { html += program(source) }
    if !reported.run.configuration.lines.isEmpty {
      let text = reported.run.configuration.lines.joined(separator: "\n")
      html += "<details><summary>Every setting, resolved</summary><pre>\(Markup.escaped(text.prefix(Self.most)))</pre></details>"
    }
    guard !html.isEmpty else { return "" }
    return "<section><h2>Program\(isNamed ? ": " + Markup.escaped(reported.run.name) : "")</h2>\(html)</section>\n"
  }

  private func program(_ source: [UInt8]) -> String {
    let bytes = Array(source.prefix(Self.most))
    let tree = parse(file: FileID(0), bytes: bytes)
    let lines = coloured(bytes, tree.tokens).split(separator: "\n", omittingEmptySubsequences: false)
    let (byLine, others) = diagnostics()
    let width = String(lines.count).count
    var html = others.map(Self.text).joined() + "<pre>"
    for (index, line) in lines.enumerated() {
      let number = String(index + 1)
      html += "<span class=\"n\">\(String(repeating: " ", count: width - number.count))\(number)  </span>\(line)\n"
      for diagnostic in byLine[index] ?? [] { html += Self.text(diagnostic) }
    }
    return html + "</pre>" + (bytes.count < source.count ? "<p class=\"note\">The text is longer than is shown.</p>" : "")
  }

  private func diagnostics() -> (byLine: [Int: [Diagnostic]], others: [Diagnostic]) {
    var (byLine, others): ([Int: [Diagnostic]], [Diagnostic]) = ([:], [])
    for diagnostic in reported.diagnostics.prefix(100) {
      if let span = diagnostic.primary?.span, span.file == reported.file, let file = reported.sources[span.file] {
        byLine[file.lineIndex(at: span.start), default: []].append(diagnostic)
      } else {
        others.append(diagnostic)
      }
    }
    return (byLine, others)
  }

  private static func text(_ diagnostic: Diagnostic) -> String {
    "<div class=\"diagnostic \(diagnostic.severity.rawValue)\"><b>\(diagnostic.severity.rawValue) \(diagnostic.code.id)</b> \(Markup.escaped(diagnostic.message))"
      + (diagnostic.help.map { "<br>\(Markup.escaped($0))" } ?? "") + "</div>"
  }

  /// Every byte of the text, each token in an element of its class; no element goes over the end of a line.
  private func coloured(_ bytes: [UInt8], _ tokens: [Token]) -> String {
    var html = ""
    for token in tokens {
      html += Self.trivia(String(decoding: bytes[clamped(token.trivia, bytes.count)], as: UTF8.self))
      let text = Markup.escaped(String(decoding: bytes[clamped(token.span, bytes.count)], as: UTF8.self))
      guard let style = Self.style(token.kind), !text.isEmpty else {
        html += text
        continue
      }
      html += text.split(separator: "\n", omittingEmptySubsequences: false).map { "<span class=\"\(style)\">\($0)</span>" }
        .joined(separator: "\n")
    }
    return html
  }

  private func clamped(_ span: Span, _ count: Int) -> Range<Int> {
    let start = min(max(0, span.start), count)
    return start..<min(max(start, span.end), count)
  }

  /// White space with its comments.
  private static func trivia(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard let comment = line.firstRange(of: "//") else { return Markup.escaped(line) }
      return Markup.escaped(line[..<comment.lowerBound]) + "<span class=\"c\">\(Markup.escaped(line[comment.lowerBound...]))</span>"
    }.joined(separator: "\n")
  }

  private static func style(_ kind: Token.Kind) -> String? {
    switch kind {
    case .keyword: "k"
    case .integer, .decimal, .percent: "v"
    case .string: "t"
    case .pattern: "p"
    case .unknown: "b"
    case .identifier, .punctuation, .endOfFile: nil
    }
  }
}
