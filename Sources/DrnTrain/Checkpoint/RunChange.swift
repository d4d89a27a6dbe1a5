/// What differs between a run and the program it is to go on with.
struct RunChange: Equatable {
  /// One difference, and whether the steps already done depend on it.
  struct Difference: Equatable {
    let isAllowed: Bool
    let text: String
    /// Whether it is of what runs the steps.
    var isOfEngine = false
  }
  let differences: [Difference]

  var isAllowed: Bool { differences.allSatisfy(\.isAllowed) }
  var isEmpty: Bool { differences.isEmpty }
  /// A sentence for each.
  var sentences: [String] { differences.map { ($0.isAllowed ? "allowed: " : "not allowed: ") + $0.text } }

  /// What differs between a run that has done `step` steps with identity `old` and the program with identity `new`. `sameRates` says whether
  /// the learning rates of those steps are the same under both, and `acceptsEngine` that another engine may go on.
  init(from old: RunIdentity, to new: RunIdentity, at step: Int, sameRates: Bool, acceptsEngine: Bool = false) {
    var differences: [Difference] = []
    if old.version != new.version {
      differences.append(Difference(isAllowed: true, text: "the run was begun by drnc \(old.version) and goes on with drnc \(new.version)"))
    }
    let pairs = Self.pairs(old.fields, new.fields)
    differences += Self.leading(pairs.map { Self.difference($0, at: step, sameRates: sameRates, acceptsEngine) }, pairs)
    // Rates that follow from the length are written the same, and are others.
    if !sameRates, !differences.contains(where: { !$0.isAllowed }) {
      differences.append(Difference(isAllowed: false, text: "the learning rates of the \(step) steps done would have been others"))
    }
    // Differences of a setting show in the examples too; they are named once.
    if differences.allSatisfy(\.isAllowed) {
      if old.data != new.data { differences.append(Difference(isAllowed: false, text: "the examples are not those it was made with")) }
      if old.test != new.test { differences.append(Difference(isAllowed: false, text: "the test examples are not those it was made with")) }
    }
    self.differences = differences
  }

  private typealias Pair = (old: RunIdentity.Field?, new: RunIdentity.Field?)

  /// The fields that differ, in the order of the run's, those of one name together.
  private static func pairs(_ old: [RunIdentity.Field], _ new: [RunIdentity.Field]) -> [Pair] {
    let removed = old.filter { !new.contains($0) }
    var added = new.filter { !old.contains($0) }
    let changed = removed.map { field -> Pair in
      guard let index = added.firstIndex(where: { $0.name == field.name }) else { return (field, nil) }
      return (field, added.remove(at: index))
    }
    return changed + added.map { (nil, $0) }
  }

  /// What a field holds as a program writes it: whole numbers without a point, and nothing of what nobody wrote.
  private static func shown(_ value: String) -> String {
    var text = value.replacing(/([0-9])\.0(?![0-9])/) { String($0.output.1) }
    for unwritten in [", recalibrate 0", ", rank 0"] { text = text.replacing(unwritten, with: "") }
    // A rank that is a number stands there twice.
    return text.replacing(/(rank: ([0-9]+)\)), rank ([0-9]+)/) { match in
      match.output.2 == match.output.3 ? String(match.output.1) : String(match.output.0)
    }
  }

  /// The differences that do not follow from others.
  private static func leading(_ differences: [Difference], _ pairs: [Pair]) -> [Difference] {
    let names = Set(pairs.flatMap { [$0.old, $0.new] }.compactMap { $0?.name })
    let isAnotherNetwork = names.contains { $0.hasPrefix("layer ") }
    let areOtherSteps =
      names.contains("steps per epoch") && names.contains { ["batch", "accumulation", "examples to train on"].contains($0) }
    return zip(differences, pairs).filter { _, pair in
      guard let name = (pair.old ?? pair.new)?.name else { return true }
      if isAnotherNetwork, name.hasPrefix("initial of ") { return false }
      guard areOtherSteps else { return true }
      return !["steps per epoch", "last update", "length"].contains(name) && !name.contains(" step ")
    }.map(\.0)
  }

  private static func difference(_ pair: Pair, at step: Int, sameRates: Bool, _ acceptsEngine: Bool) -> Difference {
    func quoted(_ field: RunIdentity.Field) -> String { "`\(field.name): \(shown(field.value))`" }
    let change =
      switch pair {
      case (let old?, let new?): "\(quoted(old)) is now \(quoted(new))"
      case (let old?, nil): "\(quoted(old)) is gone"
      case (nil, let new?): "\(quoted(new)) is new"
      case (nil, nil): "nothing"
      }
    if [pair.old, pair.new].contains(where: { $0?.isOfEngine ?? false }) {
      return Difference(isAllowed: acceptsEngine, text: "\(change): the bytes depend on it", isOfEngine: true)
    }
    let reasons = [pair.old, pair.new].compactMap { $0 }.compactMap { field -> String? in
      switch field.start {
      case .end: nil
      case .rates: sameRates ? nil : "the learning rates of the \(step) steps done would have been others"
      case .step(0): "it holds from the first step on"
      case .step(let start): start >= step ? nil : "it holds from step \(start) on, and \(step) are done"
      }
    }
    if let reason = reasons.first { return Difference(isAllowed: false, text: "\(change): \(reason)") }
    return Difference(isAllowed: true, text: "\(change): it concerns no step before \(step)")
  }
}
