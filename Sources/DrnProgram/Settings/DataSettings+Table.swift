import DrnMethods

extension DataSettings {
  /// What `data` takes, beside the entry that declares an example. A new setting is one entry here, and what reads it.
  public enum Table {
    public static let source = SettingSpec(
      "source", .method(.source), required: true, "where the examples come from", examples: "fashion_mnist")
    public static let label = SettingSpec(
      "label", .label, required: true, "what is to be learned: classes or real values", examples: "class(10)")
    public static let validation = SettingSpec(
      "validation", .option(.number(0...0.99)), default: .integer(0), "the share of the training examples held out for validation",
      examples: "10%")
    public static let prepare = SettingSpec(
      "prepare", .methods(.preparation), default: .word(Unprepared.spec.name),
      "what is done to every example, in that order, with statistics of the training split", examples: "standardize(per: pixel)")
    public static let augment = SettingSpec(
      "augment", .methods(.augmentation), "random changes of training images and sequences, in the order in which they are applied",
      examples: "[pad_crop(4), flip_horizontal]")
    public static let lastBatch = SettingSpec(
      "last_batch", .option(.word(["drop", "keep"])), default: .word("drop"),
      "whether an epoch's last, smaller batch is dropped or kept", examples: "drop")
    public static let examples = SettingSpec(
      "examples", .option(.integer(1...1_000_000_000_000)), "the number of training examples, for machines without the files",
      examples: "60000")
    public static let examplesUsed = SettingSpec(
      "examples_used", .method(.subset, or: share), default: .integer(1),
      "what of the training split is trained on: a share, or a choice by class, drawn from `split_seed`", examples: "long_tail(ratio: 100)",
      "20%")
    /// What `examples_used` takes as a share.
    public static let share = OptionKind.number(0.000001...1)
    public static let splitSeed = SettingSpec(
      "split_seed", .option(.integer(0...Int.max)), default: .integer(Int(DataSettings.defaultSplitSeed)),
      "what the validation split and the examples of `examples_used` are drawn from", examples: "1")

    public static let all = [source, label, validation, prepare, augment, lastBatch, examples, examplesUsed, splitSeed]
    public static let names = all.map(\.name)
  }
}
