import DrnDiagnostics
import DrnMethods
import DrnSource
import DrnSyntax

/// A data set after checking, with the places its facts come from.
struct CheckedData {
  let settings: DataSettings
  let shapeSpan: Span
  let labelSpan: Span
}

extension Checker {
  static let dataSettingNames = [
    "source", "label", "validation", "prepare", "augment", "last_batch", "examples", "examples_used",
  ]

  /// A `data` declaration, or `nil` when it has an error.
  mutating func checkData(_ item: DataItem) -> CheckedData? {
    let errors = errorCount
    let (entries, input) = collectData(item)
    guard let input else {
      report(
        .missingEntry, "`\(item.name.text)` does not say what an example is", at: item.name.span, label: "no tensor entry",
        help: "declare it by name and shape, for instance `image: tensor[1, 28, 28]`")
      return nil
    }
    let shape = readInputShape(input)
    let label = readLabel(entries, item)
    let source = required("source", entries, of: item.name).flatMap { value in readSource(value).map { ($0, value.span) } }
    let validation = readValidation(entries)
    let preparation = readPreparation(entries)
    let augmentation = readAugmentation(entries, shape: shape)
    let used = readExamplesUsed(entries)
    let drops = readLastBatch(entries)
    let declared = readExampleCount(entries)
    guard errorCount == errors, let shape, let label, let source else { return nil }
    let folder = folderOfFile(item.span.file)
    let request = DataRequest(source: source.0, folder: folder, shape: shape, classes: label.classes)
    let facts = look(request, item, source.1, declared)
    compare(facts, shape, input.value.span, label, declared, item)
    guard errorCount == errors else { return nil }
    let settings = DataSettings(
      name: item.name.text, source: source.0, folder: folder, inputName: input.name.text, inputShape: shape, classes: label.classes,
      targets: label.targets, validation: validation, preparation: preparation, augmentation: augmentation,
      examplesUsed: used, dropsLastBatch: drops, examples: facts?.examples ?? declared?.0, isPresent: facts != nil, span: item.span,
      sourceSpan: source.1)
    return CheckedData(settings: settings, shapeSpan: input.value.span, labelSpan: label.span)
  }

  /// The folder that paths of a source file are relative to.
  func folderOfFile(_ file: FileID) -> String {
    guard let name = sources[file]?.name, let slash = name.lastIndex(of: "/") else { return "." }
    return slash == name.startIndex ? "/" : String(name[..<slash])
  }

  /// The known settings, and the entry that declares an example by a name of the author's choice.
  private mutating func collectData(_ item: DataItem) -> (Settings, SettingEntry?) {
    var input: SettingEntry?
    var rest: [Entry] = []
    for entry in item.entries {
      guard case .setting(let setting) = entry, !Self.dataSettingNames.contains(setting.name.text), isTensorType(setting.value) else {
        rest.append(entry)
        continue
      }
      if let input {
        report(
          .duplicateEntry, "`\(item.name.text)` declares two inputs, and one is supported", at: setting.span, label: "a second tensor",
          secondary: [Label(input.span, "the first tensor")])
      }
      input = input ?? setting
    }
    return (collect(rest, known: Self.dataSettingNames, clauses: [], owner: "`\(item.name.text)`"), input)
  }

  private func isTensorType(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .index(let base, _): if case .name("tensor") = base.kind { true } else { false }
    case .name(let name): name == "tensor"
    case .integer, .decimal, .percent, .string, .boolean, .moment, .duration, .list, .record, .call, .member, .pattern, .unary, .binary,
      .conditional, .pipeline, .parenthesized, .missing:
      false
    }
  }

  private mutating func readInputShape(_ input: SettingEntry) -> [Int]? {
    guard case .tensor(let shape)? = readType(input.value) else { return nil }
    if shape == nil {
      report(
        .unknownType, "`\(input.name.text)` needs a shape", at: input.value.span, label: "no shape",
        help: "write the shape of one example, for instance `tensor[1, 28, 28]`")
    }
    return shape
  }

  // MARK: Comparing with the files

  private mutating func look(_ request: DataRequest, _ item: DataItem, _ span: Span, _ declared: (Int, Span)?) -> DataFacts? {
    if case .synthetic(let examples, _, _) = request.source {
      return DataFacts(examples: examples, shape: request.shape, classes: request.classes)
    }
    switch headers.look(request) {
    case .found(let facts): return facts
    case .absent(let what):
      if declared == nil {
        report(
          .dataAbsent, "the data of `\(item.name.text)` is not on this machine, so shapes and steps are not compared with it", at: span,
          label: "not found", notes: [what], help: "state `examples: n` in `data \(item.name.text)` to check the schedule in steps")
      }
      return nil
    case .unusable(let what, let help, let problem):
      report(
        problem.code, "the data of `\(item.name.text)` cannot be used", at: span, label: "cannot be used", notes: [what], help: help)
      return nil
    }
  }

  private mutating func compare(
    _ facts: DataFacts?, _ shape: [Int], _ shapeSpan: Span, _ label: DataLabel, _ declared: (Int, Span)?, _ item: DataItem
  ) {
    guard let facts else { return }
    if facts.shape != shape {
      let fix = FixIt(
        "declare tensor\(shapeText(facts.shape))", edits: [.init(shapeSpan, "tensor\(shapeText(facts.shape))")], confidence: .unsafe)
      report(
        .dataShape, "an example of `\(item.name.text)` is declared as \(shapeText(shape)), but the files hold \(shapeText(facts.shape))",
        at: shapeSpan, label: "declared as \(shapeText(shape))", fixIts: [fix])
    }
    if let declaredClasses = label.classes, let classes = facts.classes,
      classes > declaredClasses || facts.hasExactClasses && classes != declaredClasses
    {
      report(
        .dataClasses, "`\(item.name.text)` is declared with \(declaredClasses) classes, but the files hold \(classes)", at: label.span,
        label: "declared as \(declaredClasses)", help: facts.hasExactClasses ? "write `class(\(classes))`" : nil)
    }
    if let declared, declared.0 != facts.examples {
      report(
        .exampleCount, "`\(item.name.text)` is declared with \(declared.0) examples, but the files hold \(facts.examples)", at: declared.1,
        label: "declared as \(declared.0)")
    }
  }
}
