import DrnTestSupport
import Foundation

/// A random program that trains in milliseconds, as text: the same for the same seed. Nearly all are accepted by the checker.
struct RandomProgram {
  let seed: UInt64
  let text: String

  init(seed: UInt64) {
    self.seed = seed
    var dice = Dice(seed: seed)
    let isRegression = dice.chance(20)
    let tokens = isRegression || dice.chance(85) ? nil : Tokens(&dice)
    let network = RandomNetworkText(
      &dice, outputs: tokens?.classes ?? (isRegression ? dice.number(1...4) : dice.number(2...6)), tokens: tokens?.shape,
      isText: tokens?.isText ?? false)
    var writer = ProgramWriter(network: network, tokens: tokens, isRegression: isRegression, dice: dice)
    text = writer.data() + network.text(named: "net") + writer.train()
  }
}

/// Tokens as examples: a text of five characters, or lines of three files.
struct Tokens {
  let isText: Bool
  let hasLengths: Bool
  let length: Int
  static let characters = 5
  static let corpus: String = {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("drnc-corpus-\(ProcessInfo.processInfo.processIdentifier)")
    let lines = folder.appendingPathComponent("lines")
    try? FileManager.default.createDirectory(at: lines, withIntermediateDirectories: true)
    var random = SplitMix64(seed: 3)
    func word(_ count: Int, _ letters: String) -> String { String((0..<count).map { _ in random.pick(Array(letters)) ?? "a" }) }
    try? (word(400, "abcde") + "abcde").write(to: folder.appendingPathComponent("text"), atomically: true, encoding: .utf8)
    for name in ["one", "two", "three"] {
      let text = (["abcd"] + (0..<11).map { _ in word(1 + random.below(5), "abcd") }).joined(separator: "\n")
      try? text.write(to: lines.appendingPathComponent("\(name).txt"), atomically: true, encoding: .utf8)
    }
    return folder.path
  }()

  init(_ dice: inout Dice) {
    isText = dice.chance(60)
    hasLengths = dice.chance(40)
    length = isText ? dice.number(1...12) : dice.number(5...8)
  }

  /// Lines have a token for what is behind their end.
  var shape: RandomNetworkText.Shape { .tokens(length: length, vocabulary: Self.characters) }
  var classes: Int { isText ? Self.characters : 3 }
  var source: String {
    isText
      ? "text(\"\(Self.corpus)/text\", test_share: 20%)"
      : "lines(\"\(Self.corpus)/lines\", test_share: 25%\(hasLengths ? ", lengths: true" : ""))"
  }
  var label: String { isText ? "next_token(5)" : "class(3)" }
  /// As the source has them.
  var examples: Int { isText ? (324 - 1) / length : 27 }
}

/// Writes what stands around a network.
private struct ProgramWriter {
  let network: RandomNetworkText
  let tokens: Tokens?
  let isRegression: Bool
  var dice: Dice
  private let examples: Int
  private let epochs: Int
  private let batch: Int
  private let accumulation: Int
  private var needsState = false
  private var hasValidation = false
  /// Roughly the steps of the run, for times in steps.
  private var steps = 1
  private var isImage: Bool { if case .image = network.input { true } else { false } }

  init(network: RandomNetworkText, tokens: Tokens?, isRegression: Bool, dice: Dice) {
    (self.network, self.tokens, self.isRegression, self.dice) = (network, tokens, isRegression, dice)
    let drawn = self.dice.number(8...40)
    examples = tokens?.examples ?? drawn
    epochs = self.dice.number(1...4)
    batch = self.dice.number(2...9)
    accumulation = self.dice.chance(20) ? self.dice.number(2...3) : 1
  }

  mutating func data() -> String {
    let noise = dice.pick(["0.5", "1", "0"])
    let tests = dice.chance(70) ? dice.number(1...9) : 1
    let keeps = dice.chance(50)
    var lines =
      tokens.map { ["source: \($0.source)", "x: \(network.input.text)", "label: \($0.label)"] } ?? [
        "source: synthetic(\(examples), test_examples: \(tests), noise: \(noise))", "x: \(network.input.text)",
        "label: \(isRegression ? "tensor" : "class")\(isRegression ? "[" : "(")\(network.outputs)\(isRegression ? "]" : ")")",
      ]
    var trained = examples
    if dice.chance(60) {
      let share = dice.pick([10, 20, 30])
      lines.append("validation: \(share)%")
      hasValidation = true
      trained -= examples * share / 100
    }
    if dice.chance(20) {
      lines.append("examples_used: \(dice.pick(["50%", "80%", "2/3"]))")
      trained /= 2
    }
    if tokens == nil, dice.chance(40) {
      lines.append("prepare: \(dice.pick(["standardize(per: pixel)", "standardize(per: channel)", "standardize(per: all)", "none"]))")
    }
    if isImage, dice.chance(30), case .image(_, let height, let width) = network.input {
      let most = min(height, width)
      let all = [
        "flip_horizontal", "cutout(\(dice.number(1...max(1, most - 1))))", "pad_crop(\(dice.number(1...max(1, min(2, most - 1)))))",
      ]
      lines.append("augment: [\(dice.numbers(dice.number(1...3), of: 0...(most > 1 ? 2 : 0)).map { all[$0] }.joined(separator: ", "))]")
    }
    if keeps { lines.append("last_batch: keep") }
    steps = max(1, epochs * ((trained + (keeps ? batch * accumulation - 1 : 0)) / (batch * accumulation)))
    return "data d {\n" + lines.map { "  \($0)\n" }.joined() + "}\n"
  }

  mutating func train() -> String {
    var lines = ["length: \(dice.chance(85) ? "\(epochs) epochs" : "\(steps) steps")", "batch: \(batch)", "seed: \(dice.number(0...999))"]
    if accumulation > 1 { lines.append("accumulation: \(accumulation)") }
    lines.append(timeline("loss") { $0.loss() })
    lines.append(timeline("optimizer") { $0.optimizer() })
    lines.append("rate: \(rate())")
    if dice.chance(25) { lines.append("clip: \(dice.pick(["1.0", "0.1", "5"]))") }
    if !isRegression, dice.chance(20) {
      lines.append("class_weights: [\((0..<network.outputs).map { _ in dice.pick(["1", "2", "0.5"]) }.joined(separator: ", "))]")
    }
    if dice.chance(15) { lines.append("initial: \(dice.pick(["zeros", "glorot", "glorot_normal", "he"]))") }
    if dice.chance(25) {
      lines.append(trainable())
      if network.hasBatchNorm { lines += dice.maybe(60) { "statistics: \($0.pick(["batch", "running"]))" } }
    }
    if hasValidation, dice.chance(40) {
      lines.append("select: \(dice.pick(isRegression ? ["loss", "last"] : ["accuracy", "balanced_accuracy", "loss", "last"]))")
    }
    if !isRegression, network.outputs > 2, dice.chance(20) { lines.append("top_k: [\(dice.number(1...network.outputs - 1))]") }
    let clauses = clauses()
    if dice.chance(40) {
      let decay = dice.pick(["0.01", "1e-4", "0.5"])
      lines.append(
        epochs > 1 && dice.chance(30) ? "weight_decay { from epoch 0: \(decay)  from \(moment()): 0 }" : "weight_decay: \(decay)")
      if clauses.hasRank { lines.append("decay: \(dice.pick(["factors", "product", "none"]))") }
    }
    lines += dice.maybe(12) { "average: ema(decay: \($0.pick(["0.9", "0.5"])))" }
    if tokens == nil { lines += dice.maybe(12) { "mix: mixup(alpha: \($0.pick(["0.2", "1"])))" } }
    if epochs > 1 {
      if hasValidation { lines += dice.maybe(10) { "stop: early(patience: \($0.number(1...2)) epochs)" } }
      if hasValidation, dice.chance(10) { lines.append("at epoch \(dice.number(1...epochs - 1)): restore(best)") }
      if !isRegression, !network.isText, dice.chance(12) {
        lines.append("at epoch \(dice.number(1...epochs - 1)): sieve(remove: \(dice.pick(["10%", "1/2"])))")
      }
    }
    if needsState { lines.append("state: \(dice.pick(["reset", "restart", "carry", "prune(keep: 50%)"]))") }
    lines += clauses.lines
    if dice.chance(30) { lines.append(report(every: network.weights.count)) }
    return "train net on d {\n" + lines.map { "  \($0)\n" }.joined() + "}\n"
  }

  // MARK: Settings

  /// A setting for the whole run, or of two spans.
  private mutating func timeline(_ name: String, _ value: (inout ProgramWriter) -> String) -> String {
    guard epochs > 1, dice.chance(15) else { return "\(name): \(value(&self))" }
    return "\(name) { from epoch 0: \(value(&self))  from \(moment()): \(value(&self)) }"
  }

  /// A time within the run, after its start.
  private mutating func moment() -> String {
    if epochs > 1, dice.chance(70) { return "epoch \(dice.number(1...epochs - 1))" }
    return "step \(dice.number(1...max(1, steps - 1)))"
  }

  private mutating func loss() -> String {
    isRegression
      ? dice.pick(["mean_squared_error", "huber", "huber(delta: 0.2)"])
      : dice.chance(70) ? "cross_entropy" : "cross_entropy(smoothing: 0.\(dice.number(1...3)))"
  }

  private mutating func optimizer() -> String {
    switch dice.number(0...11) {
    case 0...2: return sgd()
    case 3...5: return "adam(\(dice.chance(30) ? "beta1: 0.5, beta2: 0.9" : ""))"
    case 6, 7: return "adamw(\(dice.chance(30) ? "epsilon: 1e-6" : ""))"
    case 8:
      return dice.pick([
        "rmsprop", "adagrad", "adagrad(epsilon: 0.01)", "rmsprop(beta: 0.9, epsilon: 0.01)", "lion()", "lion(beta1: 0.5)", "lars()",
        "lars(momentum: 0, coefficient: 0.1)",
      ])
    case _:
      var options = ["scale: 0.5"] + dice.maybe(60) { "gradient: \($0.pick(["previous", "current", "noise"]))" }
      if accumulation > 1 { options += dice.maybe(60) { _ in "by: part" } }
      return "extrapolate(update: \(dice.pick([sgd(), "adam()", "adamw()", "lars()"])), \(options.joined(separator: ", ")))"
    }
  }

  /// An update of a clause whose weight has these forms.
  private mutating func ownUpdate(of forms: [String], _ weight: RandomNetworkText.Weight) -> String {
    let inner = dice.pick([sgd(), "adam()", "adamw()"])
    if forms.allSatisfy({ $0.hasPrefix("core") }) {
      // Twice the rank has to fit, and the first rank to lie within the bounds.
      let first = forms[0].split(separator: " ").last.flatMap { Int($0.dropLast()) } ?? 0
      let most = min(weight.inputs, weight.outputs) / 2
      guard dice.chance(50), first >= 1, first <= most, forms.count == 1 else { return "basis_update(\(inner))" }
      return "basis_update(\(inner), tolerance: 0.\(dice.number(1...7)), every: \(dice.number(1...4)) steps, at_least: 1)"
    }
    guard forms.allSatisfy({ $0 == "dense" }) else { return optimizer() }
    let side = min(weight.inputs, weight.outputs)
    var options = ["rank: \(dice.number(1...side))", "refresh: \(dice.chance(30) ? "1 epochs" : "\(dice.number(1...4)) steps")"]
    options += dice.maybe(30) { "transport: \($0.pick(["keep", "project"]))" } + dice.maybe(30) { _ in "scale: 0.5" }
    options += dice.maybe(30) { "converged: 0.\($0.number(5...9))" }
    if dice.chance(40) { options[0] = "rank: energy(\(dice.pick(["50%", "90%"]))), at_most: \(dice.number(1...side))" }
    return "low_rank_gradient(\(inner), \(options.joined(separator: ", ")))"
  }

  private mutating func sgd() -> String {
    switch dice.number(0...4) {
    case 0: "sgd()"
    case 1: "sgd(momentum: 0.9)"
    case 2: "sgd(momentum: 0.9, nesterov: true)"
    case 3: "sgd(momentum: 0.5, dampening: 0.1)"
    case _: "sgd"
    }
  }

  private mutating func rate() -> String {
    let base = dice.pick(["0.1", "0.01", "0.001"])
    let warmup = dice.chance(30) ? ", warmup: \(dice.chance(50) ? "1 epochs" : "\(dice.number(1...3)) steps")" : ""
    switch dice.number(0...4) {
    case 0: return "step(\(base), factor: 0.5, at: [\(moment())]\(warmup))"
    case 1: return "cosine(\(base)\(warmup))"
    case 2: return "linear(\(base), final: 0.001\(warmup))"
    case 3: return "constant(\(base)\(warmup))"
    case _: return base
    }
  }

  private mutating func trainable() -> String {
    let some = dice.pick(network.weights).selector
    let values = ["**", some]
    guard epochs > 1, dice.chance(60) else { return "trainable: \(dice.pick(values))" }
    return "trainable { from epoch 0: \(dice.pick(values))  from \(moment()): \(dice.pick(values)) }"
  }

  // MARK: Forms

  private mutating func clauses() -> (lines: [String], hasRank: Bool) {
    var (lines, hasRank) = ([String](), false)
    let count = min(network.weights.count, dice.chance(80) ? dice.number(1...3) : 0)
    for index in dice.numbers(count, of: 0...network.weights.count - 1) {
      let weight = network.weights[index]
      var entries: [String] = []
      var (ranked, isOther, last) = (false, false, "")
      let ownsUpdate = dice.chance(40)
      var forms: [String] = []
      for (place, start) in starts().enumerated() {
        let form = form(of: weight, after: last)
        forms.append(form)
        ranked = ranked || form.contains("rank")
        isOther = isOther || form != "dense"
        entries.append("from \(start): \(form)\(place == 0 ? "" : transition(from: last, to: form))")
        last = form
      }
      hasRank = hasRank || isOther
      if dice.chance(15) { entries.append("from end: \(dice.pick(["sparse(50%)", "factored(rank: 1)", "dense"])) by svd") }
      if ownsUpdate {
        let update = ownUpdate(of: forms, weight)
        // Bases may move where the update moves them.
        if update.hasPrefix("basis_update") {
          for index in entries.indices where dice.chance(70) {
            entries[index] = entries[index].replacingOccurrences(of: "bases: frozen", with: "bases: moving")
          }
        }
        entries.append("update: \(update)")
      }
      if ranked, dice.chance(30) { entries.append(trim()) }
      if ranked, dice.chance(20) { entries.append(grow()) }
      if forms.contains(where: { $0.hasPrefix("sparse") }), dice.chance(50) { entries.append(mutate()) }
      if dice.chance(20) { entries.append(report(every: 1)) }
      lines.append("weights \(weight.selector) {\n    \(entries.joined(separator: "\n    "))\n  }")
    }
    return (lines, hasRank)
  }

  /// The times of a timeline: of one unit, so that they increase whatever an epoch's length is.
  private mutating func starts() -> [String] {
    let count = dice.number(1...3) - 1
    if dice.chance(60) { return ["epoch 0"] + (epochs > 1 ? dice.numbers(count, of: 1...epochs - 1).map { "epoch \($0)" } : []) }
    return ["epoch 0"] + (steps > 1 ? dice.numbers(count, of: 1...steps - 1).map { "step \($0)" } : [])
  }

  /// `last` is the form before; empty at the start of the run.
  private mutating func form(of weight: RandomNetworkText.Weight, after last: String) -> String {
    guard !weight.isGrouped, !dice.chance(30) else { return "dense" }
    if dice.chance(15) {
      let inner = dice.pick(["dense", "factored(rank: \(dice.number(1...min(weight.inputs, weight.outputs))))"])
      return dice.chance(50) ? "power(\(dice.pick(["1.5", "2", "3"])), of: \(inner))" : "sparse(\(dice.pick(["20%", "1/2"])), of: \(inner))"
    }
    let rank = rank(of: weight, after: last)
    switch dice.number(0...(weight.isConvolution ? 7 : 5)) {
    case 0, 1:
      let draw = dice.maybe(last.isEmpty ? 40 : 0) { "initial: \($0.pick(["glorot_product", "glorot_each", "svd", "zeros_last"]))" }
      return "factored(\((["rank: \(rank)"] + draw).joined(separator: ", ")))"
    case 2: return "three_factor(rank: \(rank))"
    case 3, 4: return "core(bases: frozen, rank: \(rank))"
    case 5:
      let kind = weight.isConvolution && dice.chance(40) ? dice.pick(["tucker", "cp"]) : "factored"
      return "adapter(rank: \(rank), alpha: \(dice.number(1...8))\(kind == "factored" ? "" : ", form: \(kind)"))"
    case 6: return "tucker(rank: \(rank)\(dice.chance(30) ? ", input_rank: 1" : ""))"
    case _: return "cp(rank: \(rank))"
    }
  }

  private mutating func rank(of weight: RandomNetworkText.Weight, after last: String) -> String {
    let side = min(weight.inputs, weight.outputs)
    switch dice.number(0...9) {
    case 0: return "full"
    case 1 where side > 1: return "1/2 of short_side"
    case 2 where !last.isEmpty: return "energy(\(dice.pick(["50%", "90%", "0.99"])))"
    case 5 where !last.isEmpty: return "budget(\(dice.pick(["parameters", "operations"])): \(dice.pick(["90%", "1"])))"
    case 3 where !last.isEmpty: return "explained_variance(\(dice.pick(["50%", "90%"])))"
    case 4 where last.contains("rank"): return "current"
    case _: return "\(dice.number(1...side))"
    }
  }

  private mutating func transition(from last: String, to form: String) -> String {
    var options =
      last == "dense" && form.contains("rank: 1") && !form.contains("adapter") && network.weights.count > 2
      ? dice.maybe(10) { "error: \($0.pick(["100%", "60%"]))" } : []
    if dice.chance(60) {
      options.append("state: \(dice.pick(["reset", "restart", "carry", "prune(keep: 30%)"]))")
    } else {
      needsState = true
    }
    options += dice.maybe(25) { "rewarm: \($0.pick(["1 epochs", "2 steps"]))" }
    if network.hasBatchNorm, dice.chance(40) { options.append("recalibrate(batch_norm, batches: \(dice.number(1...3)))") }
    return options.isEmpty ? "" : " by svd(\(options.joined(separator: ", ")))"
  }

  // MARK: Events

  private mutating func trigger() -> String {
    switch dice.number(0...3) {
    case 0: "every 1 epochs"
    case 1: "every \(dice.number(1...max(1, steps - 1))) steps"
    case 2: "at [\(moment())]"
    case _: "at end"
    }
  }

  private mutating func trim() -> String {
    let options =
      ["below: 0.\(dice.number(1...9))", "state: \(dice.pick(["reset", "restart", "carry", "prune(keep: 50%)"]))"]
      + dice.maybe(30) { "drop_at_most: \($0.pick(["1/2", "1", "25%"]))" } + dice.maybe(30) { "at_least: \($0.pick(["1%", "20%"]))" }
      + dice.maybe(30) { "scope: \($0.pick(["everything", "from_output(50%)"]))" }
    return "\(trigger()): trim(\(options.joined(separator: ", ")))"
  }

  private mutating func grow() -> String {
    let rule = "\(dice.pick(["energy", "explained_variance"]))(\(dice.pick(["50%", "0.99", "1"])))"
    let options =
      ["until: \(rule)", "buffer: \(dice.number(1...3))"] + dice.maybe(60) { _ in "at_most: full" }
      + dice.maybe(30) { "state: \($0.pick(["reset", "carry"]))" }
    return "\(trigger()): grow(\(options.joined(separator: ", ")))"
  }

  private mutating func mutate() -> String {
    "\(trigger()): mutate(prune_to: \(dice.pick(["10%", "1/4"])), grow_to: \(dice.pick(["1/4", "[1/2, 1/4], at: epoch 1"])))"
  }

  private mutating func report(every count: Int) -> String {
    let all = ["effective_rank", "stable_rank", "spectrum"]
    return "\(trigger()): report(\(dice.numbers(dice.number(1...3), of: 0...2).map { all[$0] }.joined(separator: ", ")))"
  }
}
