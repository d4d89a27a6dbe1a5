import DrnDiagnostics
import DrnMethods
import DrnNumbers
import DrnProgram
import DrnSource
import DrnSyntax

extension TrainingChecker {
  func readSeed(_ entries: Settings) -> UInt64 {
    let stated = reader.value(Table.seed, entries)?.integer
    return tools.options.seed ?? stated.map { UInt64($0) } ?? 0
  }

  func readState(_ entries: Settings) -> (policy: StatePolicy, span: Span)? {
    guard let given = reader.given(Table.state, entries), let value = reader.converted(given, Table.state), let policy = StatePolicy(value)
    else { return nil }
    return (policy, given.span)
  }

  func readDecayTarget(_ entries: Settings) -> DecayTarget? {
    reader.value(Table.decay, entries)?.word.flatMap(DecayTarget.init)
  }

  /// `initial:`, how matrices are drawn.
  func readInitializer(_ entries: Settings) -> Initializer? {
    let word = reader.value(Table.initial, entries)?.word
    return Table.initializers.first { $0.key == word }?.value
  }

  /// `precision:`, what products multiply.
  func readPrecision(_ entries: Settings, _ context: TrainContext) -> ProductPrecision {
    let value = reader.value(Table.precision, entries)?.word.flatMap(ProductPrecision.init)
    if let network, let entry = entries[Table.precision], !context.sites.contains(where: \.takesPrecision) {
      reportUnreadPrecision(entry, "`\(network.name)`", tools)
    }
    return value ?? .single
  }

  /// `select:`, held against what there is to choose by.
  func readSelection(_ entries: Settings) -> Selection {
    let standard = Selection.standard(classes: data?.settings.classes)
    guard let entry = entries[Table.select], let given = reader.given(Table.select, entries),
      let chosen = reader.converted(given, Table.select)?.word.flatMap(Selection.init), let data
    else { return standard }
    if data.settings.classes == nil, chosen.needsClasses {
      report(
        .optionRange, "`select: \(chosen.rawValue)` needs classes, and `\(data.settings.name)` has none", at: given.span,
        label: "no class is ever right", secondary: [Label(data.labelSpan, "real values")],
        help: "`loss` chooses the epoch of the lowest validation loss",
        fixIts: [FixIt("write `loss`", edits: [.init(given.span, "loss")], confidence: .unsafe)])
    } else if !data.settings.hasValidation {
      report(
        .unreadEntry, "`select` has no effect: `\(data.settings.name)` has no `validation`, so the weights after the last step are saved",
        at: entry.span, label: "nothing reads this", fixIts: [edits.removing("`select`", entry.span, .safe)])
    }
    return chosen
  }

  /// `mix:`, how the examples of a step of so many are mixed.
  func readMixture(_ entries: Settings, batch: Int) -> (any BatchMixture)? {
    guard let entry = entries[Table.mix], let given = reader.given(Table.mix, entries) else { return nil }
    if batch == 1 {
      report(
        .unreadEntry, "`mix` has no effect: a step has one example", at: entry.span, label: "nothing to mix with",
        fixIts: [edits.removing("`mix`", entry.span, .safe)])
    }
    if let data, data.settings.inputElement == .token, !data.settings.source.hasLengths {
      report(
        .optionRange, "`mix` takes means of examples, and those of `\(data.settings.name)` are tokens", at: given.span,
        label: "nothing to mix", secondary: [Label(data.shapeSpan, "tokens")], fixIts: [edits.removing("`mix`", entry.span, .unsafe)])
    }
    if let data, data.settings.source.hasLengths {
      report(
        .optionRange, "`mix` takes means of examples, and those of `\(data.settings.name)` differ in length", at: given.span,
        label: "nothing to mix", secondary: [Label(data.settings.sourceSpan, "`lengths: true`")],
        fixIts: [edits.removing("`mix`", entry.span, .unsafe)])
    }
    let table = Vocabulary.Table(Mixtures.all) { $0.spec.name }
    return resolver.resolveMethod(given, among: table, spec: { $0.spec }, what: "mixture of examples").map { $0.init(options: $1) }
  }

  /// `average:`, an average of the weights.
  func readAverage(_ entries: Settings) -> ExponentialAverage? {
    guard let given = reader.given(Table.average, entries) else { return nil }
    let table = Vocabulary.Table([ExponentialAverage.spec], name: \.name)
    guard let (spec, options) = resolver.resolveMethod(given, among: table, spec: { $0 }, what: "average of the weights") else {
      return nil
    }
    let average = ExponentialAverage(options: options)
    resolver.lintPointless(average.pointless, in: given, of: spec)
    return average
  }

  func readTopK(_ entries: Settings) -> [Int] {
    guard let entry = entries[Table.topK], let given = reader.given(Table.topK, entries) else { return [] }
    let items: [LocatedOption]
    if case .list(let listed) = given.value { items = listed } else { items = [given] }
    guard let classes = data?.settings.classes else {
      if data != nil { reportUnreadForRegression("top_k", entries) }
      return []
    }
    if items.isEmpty {
      report(
        .optionRange, "`top_k` names no accuracy", at: given.span, label: "empty", fixIts: [edits.removing("`top_k`", entry.span, .safe)])
    }
    var seen: Set<Int> = []
    return items.compactMap { item in
      guard let count = reader.converted(item, Table.topK)?.integer else { return nil }
      if !seen.insert(count).inserted {
        report(
          .duplicateEntry, "top-\(count) accuracy is asked for twice", at: item.span, label: "again",
          fixIts: removing(topK: item, of: items, entry))
        return nil
      }
      if count < classes { return count }
      report(
        .topKRange, "top-\(count) accuracy of \(classes) classes is always 1", at: item.span, label: "not below \(classes)",
        secondary: data.map { [Label($0.labelSpan, "\(classes) classes")] } ?? [], fixIts: removing(topK: item, of: items, entry))
      return nil
    }
  }

  func readClassWeights(_ entries: Settings) -> [Double] {
    guard let given = reader.given(Table.classWeights, entries) else { return [] }
    guard let classes = data?.settings.classes else {
      if data != nil { reportUnreadForRegression("class_weights", entries) }
      return []
    }
    if given.value.word == TrainingSettings.balanced { return balancedWeights(of: classes, at: given) }
    guard case .list(let items)? = reader.converted(given, Table.classWeights) else { return [] }
    guard items.count == classes else {
      report(
        .classWeightCount, "`class_weights` has \(counted(items.count, "number")), but there are \(classes) classes", at: given.span,
        label: counted(items.count, "number"), secondary: data.map { [Label($0.labelSpan, "\(classes) classes")] } ?? [])
      return []
    }
    let weights = items.compactMap(\.value.number)
    if weights.allSatisfy({ $0 == 0 }) {
      report(
        .optionRange, "the weights of all classes are 0, so that no example counts", at: given.span, label: "all 0",
        help: "give at least one class a weight above 0")
    }
    return weights
  }

  /// Weights by which the classes that occur weigh alike; equal ones where the examples are not on this machine, so that nothing can be trained.
  private func balancedWeights(of classes: Int, at given: LocatedOption) -> [Double] {
    guard let settings = data?.settings, !settings.predictsNextToken else {
      report(
        .optionRange, "`class_weights: balanced` counts the examples of a class, and every example of a text has many", at: given.span,
        label: "of which class?", help: "give a number for each token, or leave it out")
      return []
    }
    guard let counts = settings.trainedClassCounts else { return Array(repeating: 1, count: classes) }
    let present = counts.filter { $0 > 0 }
    let total = Double(present.reduce(0, +))
    return counts.map { $0 > 0 ? total / (Double(present.count) * Double($0)) : 0 }
  }

  private func reportUnreadForRegression(_ name: String, _ entries: Settings) {
    guard let entry = entries[name] else { return }
    report(
      .unreadEntry, "`\(name)` needs classes, and `\(data?.settings.name ?? "the data")` has none", at: entry.value.span,
      label: "nothing reads this", secondary: data.map { [Label($0.labelSpan, "real values")] } ?? [],
      fixIts: [edits.removing("`\(name)`", entry.span, .safe)])
  }
}
