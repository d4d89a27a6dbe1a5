import DrnDiagnostics
import DrnMethods
import DrnNumbers
import DrnProgram
import DrnSource
import DrnSyntax

/// A learning rate with its options as text, which the rate itself does not give back.
struct DescribedRate {
  let rate: any Rate
  let spec: MethodSpec
  let text: String
  let warmup: Duration?
  init(_ type: any Rate.Type, _ options: Options) {
    rate = type.init(options: options)
    spec = type.spec
    text = callText(type.spec, options)
    warmup = options.duration("warmup")
  }
}

extension Checker {
  /// A setting that is absent, or has an error, as `nil`.
  private mutating func value(_ name: String, _ entries: Settings) -> LocatedOption? { entries[name].flatMap { evaluateSetting($0) } }

  mutating func readSeed(_ entries: Settings) -> UInt64 {
    let stated = value("seed", entries).flatMap { integer($0, "seed", in: 0...Int.max) }
    return options.seed ?? stated.map { UInt64($0) } ?? 0
  }

  mutating func readRate(_ value: LocatedOption) -> DescribedRate? {
    if value.value.number != nil, let constant = vocabulary.rates["constant"] {
      let argument = OptionCall.Argument(name: nil, nameSpan: nil, value: value)
      let call = OptionCall(name: "constant", nameSpan: value.span, arguments: [argument], span: value.span)
      return resolve(call, against: constant.spec).map { DescribedRate(constant, $0) }
    }
    guard let (type, options) = resolveMethod(value, among: vocabulary.rates, spec: { $0.spec }, what: "learning rate") else { return nil }
    return DescribedRate(type, options)
  }

  /// Reports moments of a learning rate that lie after the end of training.
  mutating func checkRateMoments(_ value: OptionValue, _ time: TimeScale) {
    guard options.shorten == nil, case .call(let call) = value else { return }
    for argument in call.arguments {
      let items: [LocatedOption]
      if case .list(let listed) = argument.value.value { items = listed } else { items = [argument.value] }
      for item in items { if case .moment(let moment) = item.value { _ = isWithin(moment, item.span, time) } }
    }
  }

  mutating func readState(_ entries: Settings) -> (policy: StatePolicy, span: Span)? {
    guard let given = value("state", entries), let value = convert(given, to: OptionSpec("state", .state, ""), of: nil),
      let policy = StatePolicy(value.value)
    else { return nil }
    return (policy, given.span)
  }

  mutating func readDecayTarget(_ entries: Settings) -> DecayTarget? {
    value("decay", entries).flatMap { word($0, "decay", among: ["factors", "product", "none"]) }.flatMap(DecayTarget.init)
  }

  mutating func readNumber(_ name: String, _ entries: Settings, in range: ClosedRange<Double>) -> Double? {
    value(name, entries).flatMap { number($0, name, in: range) }
  }

  mutating func readInteger(_ name: String, _ entries: Settings, in range: ClosedRange<Int>) -> Int? {
    value(name, entries).flatMap { integer($0, name, in: range) }
  }

  mutating func readDuration(_ name: String, _ entries: Settings) -> Duration? {
    value(name, entries).flatMap { duration($0, name) }
  }

  /// `initial:`, for the matrices of all layers without an `initial` of their own.
  mutating func readInitializer(_ entries: Settings) -> Initializer? {
    let words = ["glorot", "glorot_normal", "he", "zeros"]
    switch value("initial", entries).flatMap({ word($0, "initial", among: words) }) {
    case "glorot": return .glorotUniform
    case "glorot_normal": return .glorotNormal
    case "he": return .heNormal
    case "zeros": return .zeros
    case _: return nil
    }
  }

  /// `select:`, held against what there is to choose by.
  mutating func readSelection(_ entries: Settings, _ data: CheckedData?) -> Selection {
    let standard = Selection.standard(classes: data?.settings.classes)
    guard let entry = entries["select"], let given = value("select", entries),
      let chosen = word(given, "select", among: Selection.allCases.map(\.rawValue)).flatMap(Selection.init), let data
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
        at: entry.span, label: "nothing reads this", fixIts: [removing("`select`", entry.span, .safe)])
    }
    return chosen
  }

  mutating func readTopK(_ entries: Settings, _ data: CheckedData?) -> [Int] {
    guard let entry = entries["top_k"], let given = value("top_k", entries) else { return [] }
    let items: [LocatedOption]
    if case .list(let listed) = given.value { items = listed } else { items = [given] }
    guard let classes = data?.settings.classes else {
      if data != nil { reportUnreadForRegression("top_k", entries, data) }
      return []
    }
    if items.isEmpty {
      report(
        .optionRange, "`top_k` names no accuracy", at: given.span, label: "empty", fixIts: [removing("`top_k`", entry.span, .safe)])
    }
    var seen: Set<Int> = []
    return items.compactMap { item in
      guard let count = integer(item, "top_k", in: 1...1_000_000) else { return nil }
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

  mutating func readClassWeights(_ entries: Settings, _ data: CheckedData?) -> [Double] {
    guard let given = value("class_weights", entries) else { return [] }
    guard let classes = data?.settings.classes else {
      if data != nil { reportUnreadForRegression("class_weights", entries, data) }
      return []
    }
    guard let converted = convert(given, to: OptionSpec("class_weights", .numbers(0...1e6), ""), of: nil),
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

  private mutating func reportUnreadForRegression(_ name: String, _ entries: Settings, _ data: CheckedData?) {
    guard let entry = entries[name] else { return }
    report(
      .unreadEntry, "`\(name)` needs classes, and `\(data?.settings.name ?? "the data")` has none", at: entry.value.span,
      label: "nothing reads this", secondary: data.map { [Label($0.labelSpan, "real values")] } ?? [],
      fixIts: [removing("`\(name)`", entry.span, .safe)])
  }

  // MARK: Weights from a file

  private static let fileSpec = MethodSpec(
    "file", summary: "Weights from a safetensors file.",
    options: [
      OptionSpec("path", .text, required: true, "The file."),
      OptionSpec("map", .words, "Pairs `[\"name here\", \"name in the file\"]`; names not listed are the same in both."),
      OptionSpec("except", .words, "A layer, a selector, or a list of these, whose tensors are drawn and not taken from the file."),
    ], positional: 1)

  mutating func readWeightsFrom(_ entries: Settings, _ context: TrainContext) -> WeightsFrom? {
    guard let given = value("weights_from", entries) else { return nil }
    let folder = folderOfFile(given.span.file)
    if case .text(let path) = given.value { return WeightsFrom(path: path, folder: folder, names: [], excepted: [], span: given.span) }
    guard case .call(let call) = given.value, call.name == "file" else {
      report(
        .optionKind,
        "`weights_from` takes a path in quotes or `file(\"path\", map: [...], except: ...)`, but `\(given.value.text)` is \(given.value.kindDescription)",
        at: given.span, label: given.value.kindDescription)
      return nil
    }
    func argument(_ name: String) -> LocatedOption? { call.arguments.first { $0.name == name }?.value }
    let rest = call.arguments.filter { !["map", "except"].contains($0.name) }
    let plain = OptionCall(name: call.name, nameSpan: call.nameSpan, arguments: rest, span: call.span)
    guard let options = resolve(plain, against: Self.fileSpec), let path = options.text("path") else { return nil }
    let excepted = argument("except").map { readExcepted($0, context) } ?? []
    let names = argument("map").map { readNameMap($0, context.network, excepted) } ?? []
    return WeightsFrom(path: path, folder: folder, names: names, excepted: excepted, span: given.span)
  }

  private mutating func readExcepted(_ value: LocatedOption, _ context: TrainContext) -> Set<String> {
    guard let names = readParameters(value, "except", context.network, context.layers) else { return [] }
    if let network = context.network, network.nodes.indices.allSatisfy({ names.isSuperset(of: network.parameterNames(of: $0)) }) {
      report(
        .unreadEntry, "`except` leaves nothing to take from the file", at: value.span, label: "every parameter of the network",
        help: "take `weights_from` out to draw every weight")
    }
    return names
  }

  private mutating func readNameMap(_ map: LocatedOption, _ network: Network?, _ excepted: Set<String>) -> [WeightsFrom.NamePair] {
    guard case .list(let items) = map.value else {
      report(
        .optionKind, "`map` takes a list of pairs `[\"name here\", \"name in the file\"]`", at: map.span, label: map.value.kindDescription)
      return []
    }
    let known = network.map { network in network.nodes.indices.flatMap { network.parameterNames(of: $0) } }
    let names = known.map(Set.init)
    var first: [String: Span] = [:]
    return items.compactMap { item in
      guard case .list(let pair) = item.value, pair.count == 2, case .text(let here) = pair[0].value, case .text(let there) = pair[1].value
      else {
        report(
          .optionKind, "a pair of names is needed here: `[\"name here\", \"name in the file\"]`", at: item.span,
          label: "not a pair of texts")
        return nil
      }
      if let known, let names, !names.contains(here) {
        let message = "the network has no parameter \(quoted(here))"
        reportUnknown(.unmatchedSelector, message, quoted(here), at: pair[0].span, among: known.map(quoted))
      }
      if excepted.contains(here) {
        report(
          .unreadEntry, "`map` names \(quoted(here)), which `except` leaves out", at: pair[0].span, label: "not taken from the file")
      }
      if let earlier = first.updateValue(pair[0].span, forKey: here) {
        report(
          .duplicateEntry, "`map` names \(quoted(here)) twice", at: pair[0].span, label: "named again",
          secondary: [Label(earlier, "first here")])
      }
      return WeightsFrom.NamePair(here: here, there: there)
    }
  }
}
