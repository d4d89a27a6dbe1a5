import DrnData
import DrnDiagnostics
import DrnMethods
import DrnNumbers
import DrnProgram
import DrnSource
import DrnSyntax
import DrnSystem

/// A data set after checking, with the places its facts come from.
struct CheckedData {
  let settings: DataSettings
  let shapeSpan: Span
  let labelSpan: Span
}

/// Checks one `data` declaration: made for it.
struct DataChecker: Checking {
  let tools: Tools
  let item: DataItem
  /// A network trained on it, which tells what a missing entry may be, and its declaration.
  let network: Network?
  let networkItem: NetworkItem?
  /// Whether a training on it weighs classes by how many examples they have.
  let balancesClasses: Bool
  let headers: any DataHeaders

  typealias Table = DataSettings.Table

  /// The data set, or `nil` when it has an error, and what was found on the way.
  func outcome() -> (value: CheckedData?, findings: Findings) {
    let data = check()
    return (data, reporter.findings)
  }

  private func check() -> CheckedData? {
    let (entries, input) = collectData()
    if input == nil { reportMissingInput() }
    let read = input.flatMap { readInput($0) }
    let (shape, element) = (read?.shape, read?.element ?? .number)
    let declaredLabel = readLabel(entries)
    let source = reader.required(Table.source, entries, of: item.name).flatMap { value in
      readSource(value).map { ($0, value) }
    }
    let validation = readValidation(entries)
    let preparations = readPreparations(entries, element)
    let augmentation = readAugmentation(entries, shape: shape)
    let (used, subset) = readExamplesUsed(entries, declaredLabel)
    let splitSeed = readSplitSeed(entries)
    let drops = readLastBatch(entries)
    let declared = readExampleCount(entries)
    guard reporter.errorCount == 0, let input, let shape, var label = declaredLabel, let source else { return nil }
    guard canCollect(label, source.0), agree(source, element, input.value.span, label),
      agree(source, preparations, shape, input.value.span)
    else { return nil }
    let folder = sources.folder(of: item.span.file)
    var request = DataRequest(
      source: source.0, folder: folder, shape: shape, classes: label.classes, collectsClasses: label.collectsClasses, targets: label.targets
    )
    request.frames = source.0.samplingRate.flatMap { rate in preparations.first?.value.frames(rate: rate) }
    var facts = look(request, source.1, declared)
    // Without the files, a network trained on them says how many classes there are.
    if label.collectsClasses { label.classes = facts?.classes ?? network?.outputShape.first ?? 2 }
    let needsCounts = subset != nil || balancesClasses && label.classes != nil && !label.isNextToken
    if let found = facts, needsCounts || dependsOnClassesPresent(found.examples, label, validation, used) {
      request.countsClasses = true
      facts = look(request, source.1, declared)
    }
    compare(facts, shape, element, input.value.span, label, declared)
    if let examples = facts?.examples ?? declared?.0, validation > 0,
      Split.trainedCount(of: examples, classes: label.isNextToken ? nil : facts?.classesPresent, validationFraction: validation, share: 1)
        == examples
    {
      report(
        .optionRange, "`validation` holds out none of \(counted(examples, "example"))", at: entries[Table.validation]?.value.span,
        label: Split.part(validation, of: examples) < 1 ? "less than one example" : "each class keeps one to train on",
        help: "hold out more, or leave out `validation`")
    }
    refuseTwoValidations(source, validation, entries)
    guard reporter.errorCount == 0 else { return nil }
    let settings = DataSettings(
      name: item.name.text, source: source.0, folder: folder, inputName: input.name.text, inputShape: shape, inputElement: element,
      classes: label.classes, collectsClasses: label.collectsClasses, predictsNextToken: label.isNextToken, targets: label.targets,
      validation: validation, preparations: preparations.map(\.value), augmentation: augmentation, examplesUsed: used, subset: subset,
      splitSeed: splitSeed, dropsLastBatch: drops,
      examples: facts?.examples ?? declared?.0,
      classesPresent: facts?.classesPresent, classCounts: needsCounts ? facts?.classCounts : nil, vocabulary: facts?.vocabulary,
      isPresent: facts != nil,
      span: item.span, sourceSpan: source.1.span)
    return CheckedData(settings: settings, shapeSpan: input.value.span, labelSpan: label.span)
  }

  /// The source of a data set, or `nil` when it was reported.
  private func readSource(_ value: LocatedOption) -> (any DataSource)? {
    guard let (type, options) = resolver.resolveMethod(value, among: vocabulary.data.sources, spec: { $0.spec }, what: "kind of data")
    else { return nil }
    guard let fault = type.fault(in: options) else { return type.init(options: options) }
    report(fault.code, fault.message, at: value.span, label: fault.label, help: fault.help)
    return nil
  }

  /// Whether files say which classes occur.
  private func canCollect(_ label: DataLabel, _ source: any DataSource) -> Bool {
    guard label.collectsClasses, source.isMadeUp else { return true }
    report(
      .missingOption, "`class` needs `count` where examples are made up", at: label.span, label: "of how many?",
      help: "write the number of classes, as `class(10)`")
    return false
  }

  /// Examples for validation and a share of those to train on are two answers to one question.
  private func refuseTwoValidations(
    _ source: (any DataSource, LocatedOption), _ validation: Rational, _ entries: Settings
  ) {
    guard source.0.namesValidation, validation > 0, let entry = entries[Table.validation] else { return }
    report(
      .duplicateOption, "`validation` holds out a share of the examples to train on, and the source names others for it", at: entry.span,
      label: "a second validation", secondary: [Label(source.1.span, "examples for validation")],
      fixIts: [edits.removing("`validation`", entry.span, .unsafe)])
  }

  /// Whether the number of examples trained on follows from more than their number: each class that occurs keeps one.
  private func dependsOnClassesPresent(_ examples: Int, _ label: DataLabel, _ validation: Rational, _ used: Rational) -> Bool {
    func trained(_ classes: Int) -> Int {
      Split.trainedCount(of: examples, classes: classes, validationFraction: validation, share: used)
    }
    return !label.isNextToken && label.classes.map { trained(1) != trained($0) } ?? false
  }

  /// The known settings, and the entry that declares an example by a name of the author's choice.
  private func collectData() -> (Settings, SettingEntry?) {
    let given = Set(item.entries.compactMap { if case .setting(let setting) = $0 { setting.name.text } else { nil } })
    var input: SettingEntry?
    var rest: [Entry] = []
    for entry in item.entries {
      guard case .setting(let setting) = entry, declaresInput(setting, beside: given) else {
        rest.append(entry)
        continue
      }
      if let input {
        report(
          .duplicateEntry, "`\(item.name.text)` declares two inputs, and one is supported", at: setting.span, label: "a second tensor",
          secondary: [Label(input.span, "the first tensor")], fixIts: [edits.removing("`\(setting.name.text)`", setting.span, .unsafe)])
      }
      input = input ?? setting
    }
    return (reader.collect(rest, known: Table.names, clauses: [], owner: "`\(item.name.text)`"), input)
  }

  /// Whether an entry is the tensor of an example: one with a type, and not a misspelt setting such as `labl: tensor[4]`.
  private func declaresInput(_ setting: SettingEntry, beside given: Set<String>) -> Bool {
    let name = setting.name.text
    guard !Table.names.contains(name) else { return false }
    // A list is what is left of a tensor without its name.
    if case .list = setting.value.kind { return Suggestion.nearest(to: name, in: Table.names) == nil }
    guard isTensorType(setting.value) else { return false }
    return Suggestion.nearest(to: name, in: ["label"]) == nil || given.contains("label")
  }

  /// `tensor[...]`, or another name in that place, which is then reported as no type.
  private func isTensorType(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .index: true
    case .name(let name): ["tensor", "tokens"].contains(name) || Suggestion.nearest(to: name, in: ["tensor"]) != nil
    case .integer, .decimal, .percent, .string, .boolean, .moment, .duration, .list, .record, .call, .member, .pattern, .unary, .binary,
      .conditional, .pipeline, .parenthesized, .missing:
      false
    }
  }

  private func readInput(_ input: SettingEntry) -> (shape: [Int], element: InputElement)? {
    let (shape, element): ([Int]?, InputElement)
    switch TypeReader(tools: tools).readType(input.value) {
    case .tensor(let declared): (shape, element) = (declared, .number)
    case .tokens(let count): (shape, element) = (count.map { [$0] }, .token)
    case .integer, .number, .boolean, nil: return nil
    }
    guard let shape else {
      report(
        .unknownType, "`\(input.name.text)` needs a shape", at: input.value.span, label: "no shape",
        help: "write the shape of one example, for instance `\(element == .token ? "tokens[128]" : "tensor[1, 28, 28]")`")
      return nil
    }
    return (shape, element)
  }

  /// Whether a source gives what the input and the label are declared as.
  private func agree(
    _ source: (any DataSource, LocatedOption), _ element: InputElement, _ inputSpan: Span, _ label: DataLabel
  ) -> Bool {
    let given = source.0.element
    guard element == given else {
      report(
        .dataShape,
        "`\(type(of: source.0).spec.name)` gives \(given == .token ? "tokens" : "numbers"), but an example is declared as `\(element.rawValue)`",
        at: inputSpan, label: "declared as \(element.rawValue)", secondary: [Label(source.1.span, given == .token ? "tokens" : "numbers")],
        help: given == .token ? "write `tokens[128]`, with the number of tokens an example has" : nil)
      return false
    }
    guard label.isNextToken == source.0.isText else {
      report(
        .dataClasses,
        source.0.isText
          ? "what is learned of a text is the token that follows"
          : "`next_token` is learned of a text, and `\(type(of: source.0).spec.name)` is none",
        at: label.span, label: source.0.isText ? "another label" : "no text", secondary: [Label(source.1.span, "the examples")],
        help: source.0.isText ? "write `label: next_token(n)`, with the number of tokens there are" : nil)
      return false
    }
    return true
  }
}

extension SourceMap {
  /// The folder that paths of a source file are relative to.
  func folder(of file: FileID) -> String {
    let folder = Path.folder(of: self[file]?.name ?? "")
    return folder.isEmpty ? "." : folder
  }
}
