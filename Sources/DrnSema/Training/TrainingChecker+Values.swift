import DrnDiagnostics
import DrnMethods
import DrnNumbers
import DrnProgram
import DrnSource
import DrnSyntax

extension TrainingChecker {
  /// A setting that is absent, or has an error, as `nil`.
  private func value(_ name: String, _ entries: Settings) -> LocatedOption? { entries[name].flatMap { reader.evaluateSetting($0) } }

  func readSeed(_ entries: Settings) -> UInt64 {
    let stated = value("seed", entries).flatMap { reader.integer($0, "seed", in: 0...Int.max) }
    return tools.options.seed ?? stated.map { UInt64($0) } ?? 0
  }

  func readRate(_ value: LocatedOption) -> (any Rate)? {
    if value.value.number != nil, let constant = vocabulary.rates["constant"] {
      let argument = OptionCall.Argument(name: nil, nameSpan: nil, value: value)
      let call = OptionCall(name: "constant", nameSpan: value.span, arguments: [argument], span: value.span)
      return resolver.resolve(call, against: constant.spec).map { constant.init(options: $0) }
    }
    guard let (type, options) = resolver.resolveMethod(value, among: vocabulary.rates, spec: { $0.spec }, what: "learning rate") else {
      return nil
    }
    return type.init(options: options)
  }

  /// Reports moments of a learning rate that lie after the end of training.
  func checkRateMoments(_ value: OptionValue, _ times: TimelineReader) {
    guard tools.options.shorten == nil, case .call(let call) = value else { return }
    for argument in call.arguments {
      let items: [LocatedOption]
      if case .list(let listed) = argument.value.value { items = listed } else { items = [argument.value] }
      for item in items { if case .moment(let moment) = item.value { _ = times.isWithin(moment, item.span) } }
    }
  }

  func readState(_ entries: Settings) -> (policy: StatePolicy, span: Span)? {
    guard let given = value("state", entries), let value = resolver.convert(given, to: OptionSpec("state", .state, ""), of: nil),
      let policy = StatePolicy(value.value)
    else { return nil }
    return (policy, given.span)
  }

  func readDecayTarget(_ entries: Settings) -> DecayTarget? {
    value("decay", entries).flatMap { reader.word($0, "decay", among: ["factors", "product", "none"]) }.flatMap(DecayTarget.init)
  }

  func readNumber(_ name: String, _ entries: Settings, in range: ClosedRange<Double>) -> Double? {
    value(name, entries).flatMap { reader.number($0, name, in: range) }
  }

  func readInteger(_ name: String, _ entries: Settings, in range: ClosedRange<Int>) -> Int? {
    value(name, entries).flatMap { reader.integer($0, name, in: range) }
  }

  func readDuration(_ name: String, _ entries: Settings) -> Duration? {
    value(name, entries).flatMap { reader.duration($0, name) }
  }

  /// `initial:`, for the matrices of all layers without an `initial` of their own.
  func readInitializer(_ entries: Settings) -> Initializer? {
    let words = ["glorot", "glorot_normal", "he", "zeros"]
    switch value("initial", entries).flatMap({ reader.word($0, "initial", among: words) }) {
    case "glorot": return .glorotUniform
    case "glorot_normal": return .glorotNormal
    case "he": return .heNormal
    case "zeros": return .zeros
    case _: return nil
    }
  }

  /// `select:`, held against what there is to choose by.
  func readSelection(_ entries: Settings) -> Selection {
    let standard = Selection.standard(classes: data?.settings.classes)
    guard let entry = entries["select"], let given = value("select", entries),
      let chosen = reader.word(given, "select", among: Selection.allCases.map(\.rawValue)).flatMap(Selection.init), let data
    else { return standard }
    if data.settings.classes == nil, chosen.needsClasses {
      report(
        .optionRange, "`select: \(chosen.rawValue)` needs classes, and `\(data.settings.name)` has none", at: given.span,
        label: "no class is ever right", secondary: [Label(data.labelSpan, "real values")],
        help: "`loss` chooses the epoch of the lowest validation loss",
        fixIts: [FixIt("write `loss`", edits: [.init(given.span, "loss")], confidence: .unsafe)])
    } else if data.settings.validation == 0 {
      report(
        .unreadEntry, "`select` has no effect: `\(data.settings.name)` has no `validation`, so the weights after the last step are saved",
        at: entry.span, label: "nothing reads this", fixIts: [edits.removing("`select`", entry.span, .safe)])
    }
    return chosen
  }

  func readTopK(_ entries: Settings) -> [Int] {
    guard let entry = entries["top_k"], let given = value("top_k", entries) else { return [] }
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
      guard let count = reader.integer(item, "top_k", in: 1...1_000_000) else { return nil }
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
    guard let given = value("class_weights", entries) else { return [] }
    guard let classes = data?.settings.classes else {
      if data != nil { reportUnreadForRegression("class_weights", entries) }
      return []
    }
    guard let converted = resolver.convert(given, to: OptionSpec("class_weights", .numbers(0...1e6), ""), of: nil),
      case .list(let items) = converted.value
    else { return [] }
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

  private func reportUnreadForRegression(_ name: String, _ entries: Settings) {
    guard let entry = entries[name] else { return }
    report(
      .unreadEntry, "`\(name)` needs classes, and `\(data?.settings.name ?? "the data")` has none", at: entry.value.span,
      label: "nothing reads this", secondary: data.map { [Label($0.labelSpan, "real values")] } ?? [],
      fixIts: [edits.removing("`\(name)`", entry.span, .safe)])
  }
}
