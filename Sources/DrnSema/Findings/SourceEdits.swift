import DrnDiagnostics
import DrnSource
import DrnSyntax

/// The edits that fix-its are made of.
struct SourceEdits {
  let sources: SourceMap

  /// Takes an entry out: with its line where nothing else is on it, else with the blanks after it.
  func deletion(of span: Span) -> FixIt.Edit {
    guard let source = sources[span.file], span.end <= source.bytes.count else { return .init(span, "") }
    let start = blankStart(before: span.start, source)
    var end = span.end
    while end < source.bytes.count, isBlank(source.bytes[end]) { end += 1 }
    let endsLine = end == source.bytes.count || source.bytes[end] == UInt8(ascii: "\n")
    if let start, endsLine { return .init(Span(file: span.file, start: start, end: min(end + 1, source.bytes.count)), "") }
    return .init(Span(file: span.file, start: span.start, end: endsLine ? span.end : end), "")
  }

  /// Takes one element out of a list, with a comma beside it.
  func deletion(of span: Span, among siblings: [Span]) -> FixIt.Edit {
    guard let index = siblings.firstIndex(of: span) else { return .init(span, "") }
    if index > 0 { return .init(Span(file: span.file, start: siblings[index - 1].end, end: span.end), "") }
    let end = siblings.count > 1 ? siblings[1].start : span.end
    return .init(Span(file: span.file, start: span.start, end: end), "")
  }

  /// Puts an entry before another, on a line of its own where the other has one.
  func insertion(_ text: String, before span: Span) -> FixIt.Edit {
    let place = Span(file: span.file, start: span.start, end: span.start)
    guard let source = sources[span.file], let start = blankStart(before: span.start, source) else { return .init(place, text + " ") }
    return .init(place, text + "\n" + source.text(start..<span.start))
  }

  /// Puts an entry behind another, on a line of its own where the other has one.
  func insertion(_ text: String, behind span: Span) -> FixIt.Edit {
    guard let source = sources[span.file], let start = blankStart(before: span.start, source) else {
      return insertion(" " + text, after: span)
    }
    return insertion("\n" + source.text(start..<span.start) + text, after: span)
  }

  /// Puts text directly before a span.
  func insertion(_ text: String, beforeText span: Span) -> FixIt.Edit {
    .init(Span(file: span.file, start: span.start, end: span.start), text)
  }

  /// Puts text directly behind a span.
  func insertion(_ text: String, after span: Span) -> FixIt.Edit {
    .init(Span(file: span.file, start: span.end, end: span.end), text)
  }

  /// A fix that puts an entry before the first of a body; `nil` for an empty body.
  func adding(_ text: String, to entries: [Entry], _ confidence: Confidence = .unsafe) -> [FixIt] {
    entries.first.map { [FixIt("add `\(text)`", edits: [insertion(text, before: $0.span)], confidence: confidence)] } ?? []
  }

  /// A fix that takes an entry out.
  func removing(_ what: String, _ span: Span, _ confidence: Confidence) -> FixIt {
    FixIt("remove \(what)", edits: [deletion(of: span)], confidence: confidence)
  }

  /// A fix that declares something as what was found.
  func declaring(_ text: String, at span: Span) -> [FixIt] {
    [FixIt("declare `\(text)`", edits: [.init(span, text)], confidence: .unsafe)]
  }

  // MARK: Calls

  /// The value of an option: the argument of that name, in the call or in the one that is its `of`, or else the first one without a name.
  func argument(_ name: String, of call: Expression) -> Argument? {
    guard case .call(_, let arguments) = call.kind else { return nil }
    let inner = arguments.first { $0.name?.text == "of" }.flatMap { argument(name, of: $0.value) }
    return arguments.first { $0.name?.text == name } ?? inner ?? arguments.first { $0.name == nil }
  }

  /// A fix that writes another value for an option that a call names, or adds the option.
  func writing(_ value: String, for name: String, of call: Expression) -> [FixIt] {
    guard case .call(let callee, let arguments) = call.kind else { return [] }
    let edit: FixIt.Edit
    if let given = arguments.first(where: { $0.name?.text == name }) {
      edit = .init(given.value.span, value)
    } else if let last = arguments.last {
      edit = insertion(", \(name): \(value)", after: last.span)
    } else {
      edit = .init(call.span, "\(callee.text)(\(name): \(value))")
    }
    return [FixIt("write `\(name): \(value)`", edits: [edit], confidence: .unsafe)]
  }

  /// A fix that writes another rank into a call that states one.
  func writing(rank: String, of call: Expression) -> [FixIt] {
    guard let given = argument("rank", of: call) else { return [] }
    return [FixIt("write the rank `\(rank)`", edits: [.init(given.value.span, rank)], confidence: .unsafe)]
  }

  /// A fix that takes an option out of a call.
  func removing(option name: String, of call: Expression, _ confidence: Confidence) -> [FixIt] {
    guard case .call(let callee, let arguments) = call.kind, let span = arguments.first(where: { $0.name?.text == name })?.span else {
      return []
    }
    let edit = arguments.count == 1 ? .init(call.span, callee.text) : deletion(of: span, among: arguments.map(\.span))
    return [FixIt("remove `\(name)`", edits: [edit], confidence: confidence)]
  }

  /// A fix that gives a transition another option.
  func transitionOption(_ option: String, for point: TimelinePoint) -> [FixIt] {
    let edit: FixIt.Edit
    switch point.by?.kind {
    case nil: edit = insertion(" by svd(\(option))", after: point.value.span)
    case .call(let callee, let arguments)?:
      edit =
        arguments.last.map { insertion(", \(option)", after: $0.span) }
        ?? .init(point.by?.span ?? point.span, "\(callee.text)(\(option))")
    case .name?: edit = insertion("(\(option))", after: point.by?.span ?? point.span)
    case _?: return []
    }
    return [FixIt("write `\(option)`", edits: [edit], confidence: .unsafe)]
  }

  /// Takes out `by` and the transition after it, with the blanks before it.
  func deletion(ofTransition by: Expression) -> FixIt.Edit {
    guard let source = sources[by.span.file] else { return .init(by.span, "") }
    let word = endOfText(before: by.span.start, source) - "by".utf8.count
    return .init(Span(file: by.span.file, start: endOfText(before: max(0, word), source), end: by.span.end), "")
  }

  /// Where a stage begins that is called at an offset, its label included; `nil` when no `|>` stands before it.
  func stageStart(of span: Span) -> Int? {
    guard let source = sources[span.file] else { return nil }
    var start = span.start
    let beforeLabel = endOfText(before: start, source)
    if beforeLabel > 0, source.bytes[beforeLabel - 1] == UInt8(ascii: ":") {
      start = endOfText(before: beforeLabel - 1, source)
      while start > 0, isWord(source.bytes[start - 1]) { start -= 1 }
    }
    return source.bytes[..<endOfText(before: start, source)].ends("|>") ? start : nil
  }

  /// A fix that takes a stage out of its pipeline; `nil` where it stands in none, or a comment stands before it.
  func removing(stage span: Span) -> FixIt? {
    guard let source = sources[span.file], let start = stageStart(of: span) else { return nil }
    let before = endOfText(before: endOfText(before: start, source) - "|>".utf8.count, source)
    guard !source.text(source.lineRange(source.lineIndex(at: before)).lowerBound..<before).contains("//") else { return nil }
    let text = source.text(start..<span.end)
    return FixIt("leave out `\(text)`", edits: [.init(Span(file: span.file, start: before, end: span.end), "")], confidence: .unsafe)
  }

  /// The end of what stands before an offset, blanks and line breaks left out.
  private func endOfText(before offset: Int, _ source: SourceFile) -> Int {
    var end = min(offset, source.bytes.count)
    while end > 0, isBlank(source.bytes[end - 1]) || source.bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
    return end
  }

  private func isWord(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || Unicode.Scalar(byte).properties.isAlphabetic || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// Where the blanks before an offset begin, if nothing else stands before it on its line.
  private func blankStart(before offset: Int, _ source: SourceFile) -> Int? {
    let start = source.lineRange(source.lineIndex(at: offset)).lowerBound
    return source.bytes[start..<offset].allSatisfy(isBlank) ? start : nil
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}

extension ArraySlice<UInt8> {
  fileprivate func ends(_ text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
