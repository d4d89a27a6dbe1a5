import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// Comparing a declaration with its files.
extension DataChecker {
  /// What the headers of the files say; `nil` where there are none, or none that can be used.
  func look(_ request: DataRequest, _ source: LocatedOption, _ declared: (Int, Span)?) -> DataFacts? {
    // What is made up is on every machine.
    switch request.source.isMadeUp ? FileDataHeaders().look(request) : headers.look(request) {
    case .found(let facts): return facts
    case .absent(let what, let correction): reportAbsent(source, declared, what, correction)
    case .unusable(let what, let help, let problem, let correction):
      report(
        problem.code, "the data of `\(item.name.text)` cannot be used: \(what)", at: source.span, label: "cannot be used", help: help,
        fixIts: correcting(correction, in: source))
    }
    return nil
  }

  /// Files that are not there are no problem where the number of examples is stated, unless their names are near to others.
  private func reportAbsent(
    _ source: LocatedOption, _ declared: (Int, Span)?, _ what: String, _ correction: DataCorrection?
  ) {
    guard declared == nil || correction != nil else { return }
    let nearest = correction.map { ["the nearest name is `\($0.meant)`"] } ?? []
    report(
      .dataAbsent, "the data of `\(item.name.text)` is not on this machine, so shapes and steps are not compared with it",
      at: source.span, label: "not found", notes: [what] + nearest,
      help: declared == nil ? "state `examples: n` in `data \(item.name.text)` to check the schedule in steps" : nil,
      fixIts: correcting(correction, in: source))
  }

  /// A fix that writes another name where the source gives one.
  private func correcting(_ correction: DataCorrection?, in source: LocatedOption) -> [FixIt] {
    guard let correction, let given = source.place(of: .text(correction.written)) else { return [] }
    let text = quoted(correction.meant)
    return [FixIt("write `\(text)`", edits: [.init(given.span, text)], confidence: .unsafe)]
  }

  func compare(
    _ facts: DataFacts?, _ shape: [Int], _ element: InputElement, _ shapeSpan: Span, _ label: DataLabel, _ declared: (Int, Span)?
  ) {
    guard let facts else { return }
    if facts.shape != shape {
      report(
        .dataShape, "an example of `\(item.name.text)` is declared as \(shapeText(shape)), but the files hold \(shapeText(facts.shape))",
        at: shapeSpan, label: "declared as \(shapeText(shape))", fixIts: edits.declaring(element.type(facts.shape), at: shapeSpan))
    }
    if let declaredClasses = label.classes, let classes = facts.classes,
      classes > declaredClasses || facts.hasExactClasses && classes != declaredClasses
    {
      report(
        .dataClasses,
        "`\(item.name.text)` is declared with \(declaredClasses) \(label.isNextToken ? "tokens" : "classes"), but the files hold \(classes)",
        at: label.span, label: "declared as \(declaredClasses)", fixIts: edits.declaring(label.declaration(classes), at: label.span))
    }
    if label.collectsClasses, facts.classes ?? 2 < 2 {
      report(
        .dataClasses, "the training examples of `\(item.name.text)` are all of one class", at: label.span, label: "one class occurs",
        help: "there is nothing to tell apart; name the column that differs")
    }
    compareTargets(facts, label)
    if let declared, declared.0 != facts.examples {
      report(
        .exampleCount, "`\(item.name.text)` is declared with \(declared.0) examples, but the files hold \(facts.examples)", at: declared.1,
        label: "declared as \(declared.0)", fixIts: edits.declaring(String(facts.examples), at: declared.1))
    }
  }

  /// Whether the files hold classes or values, and how many values.
  private func compareTargets(_ facts: DataFacts, _ label: DataLabel) {
    guard label.isValues, facts.targets != label.targets else { return }
    guard let targets = facts.targets else {
      report(
        .dataClasses, "`\(item.name.text)` is declared with \(counted(label.targets, "value")) to be learned, but the files hold classes",
        at: label.span, label: "declared as real values",
        fixIts: facts.classes.map { edits.declaring("class(\($0))", at: label.span) } ?? [])
      return
    }
    report(
      .dataShape,
      "`\(item.name.text)` is declared with \(counted(label.targets, "value")) to be learned of an example, but the files hold \(targets)",
      at: label.span, label: "declared as \(label.targets)", fixIts: edits.declaring("tensor[\(targets)]", at: label.span))
  }
}

extension LocatedOption {
  /// The first place of a value within this one, itself included.
  fileprivate func place(of wanted: OptionValue) -> LocatedOption? {
    if value == wanted { return self }
    switch value {
    case .list(let items): return items.lazy.compactMap { $0.place(of: wanted) }.first
    case .call(let call): return call.arguments.lazy.compactMap { $0.value.place(of: wanted) }.first
    case .integer, .rational, .decimal, .percent, .boolean, .text, .word, .moment, .duration, .proportion, .pattern: return nil
    }
  }
}
