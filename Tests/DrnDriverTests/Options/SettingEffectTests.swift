import DrnMethods
import DrnProgram
import DrnSema
import Testing

/// The settings that are no options of a method: each has two programs here that differ in it alone.
@Suite("Every setting has an effect") struct SettingEffectTests {
  private static let plain = OptionProgram()

  /// A program that changes its forms, decays and normalizes, so that every setting has something to act on.
  private static let full = plain.with {
    $0.network = "return x |> flatten |> l1: linear(8) |> norm: batch_norm |> relu |> l2: linear(9) |> head: linear(3)"
    $0.train = ["weights l1 { from epoch 0: dense  from epoch 1: factored(rank: 3) }"]
    $0.settings["state"] = "carry"
  }

  /// Values of each setting of `train`, and the program they stand in.
  private static let train: [String: (program: OptionProgram, values: [String])] = [
    "length": (plain, ["2 epochs", "3 epochs"]), "batch": (plain, ["7", "6"]), "accumulation": (plain, ["1", "2"]),
    "seed": (plain, ["1", "2"]),
    "loss": (plain, ["cross_entropy", "cross_entropy(smoothing: 0.5)"]), "optimizer": (plain, ["sgd", "adam"]),
    "rate": (plain, ["0.1", "0.2"]),
    "select": (plain, ["accuracy", "balanced_accuracy", "loss", "last"]),
    "mix": (plain, ["mixup(0.2)", "mixup(2)"]),
    "average": (plain, ["ema(decay: 0.5)", "ema(decay: 0.9)"]),
    "stop": (
      plain.with { $0.settings["length"] = "9 epochs" }, ["early(patience: 1 epochs)", "early(patience: 2 epochs, at_least: 8 epochs)"]
    ),
    "state": (full, ["reset", "restart", "carry", "prune(keep: 10%)"]), "rewarm": (full, ["1 epochs", "2 epochs"]),
    "decay": (full.with { $0.settings["weight_decay"] = "0.5" }, ["factors", "product", "none"]), "weight_decay": (plain, ["0", "0.5"]),
    "clip": (plain, ["0.1", "0.01"]), "clip_value": (plain, ["0.1", "0.001"]),
    "initial": (plain, ["glorot", "glorot_normal", "he", "zeros"]),
    "class_weights": (plain, ["[1, 1, 2]", "[1, 2, 1]"]), "top_k": (plain, ["[1]", "[2]"]), "trainable": (plain, ["**", "head", "l1"]),
    "statistics": (full.with { $0.settings["trainable"] = "head" }, ["batch", "running"]),
    "allow": (
      plain.with { $0.train = ["weights l1 { from epoch 0: factored(rank: 3) }"] }, ["[rank_unaligned]", "[unbounded_truncation]"]
    ),
    "warn": (plain.with { $0.train = ["weights l1 { from epoch 0: factored(rank: 3) }"] }, ["[rank_unaligned]", "[cold_optimizer]"]),
    "deny": (plain.with { $0.train = ["weights l1 { from epoch 0: factored(rank: 3) }"] }, ["[unbounded_truncation]", "[rank_unaligned]"]),
    "require": (plain, ["final(parameters) <= 0.5 * dense_cost", "final(parameters) <= 2.0 * dense_cost"]),
  ]

  /// The same for `data`.
  private static let data: [String: (program: OptionProgram, values: [String])] = [
    "validation": (plain, ["20%", "40%"]), "prepare": (plain, ["none", "standardize(per: pixel)"]),
    "augment": (plain, ["[flip_horizontal]", "[pad_crop(1)]"]), "last_batch": (plain, ["drop", "keep"]), "examples": (plain, ["30", "31"]),
    "examples_used": (plain, ["50%", "80%", "long_tail(ratio: 3)"]), "split_seed": (plain, ["1", "2"]),
  ]

  /// What is given to methods, at places of their own in `OptionEffectTests`, or read from files by the tests of the readers.
  private static let elsewhere: Set<String> = ["source", "label", "weights_from"]

  private static func sights(_ name: String, _ entry: (program: OptionProgram, values: [String]), inData: Bool) -> [OptionProgram.Sight] {
    entry.values.map { value in
      entry.program.with {
        if !inData { return $0.settings[name] = value }
        $0.data = ($0.data.filter { !$0.hasPrefix(name + ":") }) + ["\(name): \(value)"]
      }.sight
    }
  }

  private func expectEffect(_ name: String, _ entry: (program: OptionProgram, values: [String])?, inData: Bool) throws {
    guard !Self.elsewhere.contains(name) else { return }
    let entry = try #require(entry, "`\(name)` is new: give it two values here that make a difference")
    let sights = Self.sights(name, entry, inData: inData)
    #expect(Set(sights).count == sights.count, "`\(name)`: two of \(entry.values) give the same run")
    #expect(sights.contains { $0 != .refused }, "`\(name)`: none of \(entry.values) is accepted")
  }

  @Test("of train", arguments: EditorVocabulary.trainSettings.map(\.name)) func ofTrain(_ name: String) throws {
    try expectEffect(name, Self.train[name], inData: false)
  }

  @Test("of data", arguments: EditorVocabulary.dataSettings.map(\.name)) func ofData(_ name: String) throws {
    try expectEffect(name, Self.data[name], inData: true)
  }

  @Test("every measurement writes something else to the log") func measurements() {
    let sights = EditorVocabulary.measurements.map { spec in Self.plain.with { $0.train = ["at end: report(\(spec.name))"] }.sight }
    #expect(Set(sights).count == sights.count && !sights.contains(.refused))
  }

  @Test("the time of an event and its weights make a difference") func events() {
    let entries = ["every 1 epochs: report(stable_rank)", "at epoch 1: report(stable_rank)", "at end: report(stable_rank)"]
    let sights =
      entries.map { entry in Self.plain.with { $0.train = [entry] }.sight }
      + [Self.plain.with { $0.train = ["weights l1 { \(entries[0]) }"] }.sight]
    #expect(Set(sights).count == sights.count && !sights.contains(.refused))
  }
}
