import DrnMethods

extension TrainingSettings {
  /// What `train` takes. A new setting is one entry here, and what reads it.
  public enum Table {
    public static let length = SettingSpec(
      "length", .option(.duration), required: true, "how long the training is", examples: "20 epochs")
    public static let batch = SettingSpec(
      "batch", .option(.integer(1...1_000_000)), required: true, "the number of examples of one gradient", examples: "128")
    public static let accumulation = SettingSpec(
      "accumulation", .option(.integer(1...1024)), default: .integer(1), "batches whose gradients are averaged into one update",
      examples: "1")
    public static let seed = SettingSpec(
      "seed", .option(.integer(0...Int.max)), default: .integer(0), "what every random number follows from", examples: "7")
    public static let loss = SettingSpec(
      "loss", .method(.loss), required: true, timed: true, "what is minimized, by its name or by that of a block", examples: "cross_entropy"
    )
    public static let optimizer = SettingSpec(
      "optimizer", .method(.update), required: true, timed: true, "how a gradient becomes an update", examples: "sgd(momentum: 0.9)")
    public static let rate = SettingSpec(
      "rate", .method(.rate, or: .number(0...1e6)), required: true, timed: true, "the learning rate over time", examples: "0.1",
      "cosine(0.1)")
    public static let state = SettingSpec(
      "state", .option(.state), "what becomes of optimizer state at a change of form", examples: "carry")
    public static let rewarm = SettingSpec(
      "rewarm", .option(.duration), "a linear warm-up of the rate after every change of form", examples: "2 epochs")
    public static let decay = SettingSpec(
      "decay", .option(.word(DecayTarget.allCases.map(\.rawValue))), "what weight decay acts on while a weight is factorized",
      examples: "factors")
    public static let weightDecay = SettingSpec(
      "weight_decay", .option(.number(0...1e6)), default: .integer(0), timed: true, "the coefficient of weight decay", examples: "1e-4")
    public static let clip = SettingSpec(
      "clip", .option(.number(1e-12...1e12)), "the largest norm of the whole gradient", examples: "1.0")
    public static let clipValue = SettingSpec(
      "clip_value", .option(.number(1e-12...1e12)),
      "the largest absolute value of an entry of the gradient, before `clip`; of its coordinates where an optimizer takes those",
      examples: "0.5"
    )
    public static let initial = SettingSpec(
      "initial", .option(.word(initializers.map(\.key))), "how matrices are drawn, in place of the layers' own rule",
      examples: "glorot")
    /// The words of `initial`, and what they stand for.
    public static let initializers: KeyValuePairs<String, Initializer> = [
      "glorot": .glorotUniform, "glorot_normal": .glorotNormal, "he": .heNormal, "zeros": .zeros,
    ]
    public static let precision = SettingSpec(
      "precision", .option(.word(ProductPrecision.allCases.map(\.rawValue))), default: .word(ProductPrecision.single.rawValue),
      "what products with matrices multiply, forward and backward; sums, weights and all else are single", examples: "bfloat16")
    public static let weightsFrom = SettingSpec(
      "weights_from", .method(.weightFile, or: .text), "the file the first weights are read from", examples: "\"weights.safetensors\"")
    public static let classWeights = SettingSpec(
      "class_weights", .option(.numbers(0...1e6)),
      "the weight of each class in the loss; or `balanced`, by which the classes that occur weigh alike, whatever their sizes",
      examples: balanced, "[1, 2]")
    public static let topK = SettingSpec(
      "top_k", .list(.integer(1...1_000_000)), "for which k top-k accuracy is measured", examples: "5")
    public static let select = SettingSpec(
      "select", .option(.word(Selection.allCases.map(\.rawValue))), "by what the epoch is chosen whose weights are saved",
      examples: "accuracy")
    public static let mix = SettingSpec(
      "mix", .method(.mixture), "how the examples of a batch are mixed with each other while training", examples: "mixup(0.2)")
    public static let average = SettingSpec(
      "average", .method(.average), "an average of the weights over the steps, kept beside them", examples: "ema(decay: 0.999)")
    public static let stop = SettingSpec(
      "stop", .method(.stop), "when the run ends before its length", examples: "early(patience: 5 epochs)")
    public static let trainable = SettingSpec(
      "trainable", .selectors, default: .pattern("**"), timed: true, "which layers are trained", examples: "**")
    public static let statistics = SettingSpec(
      "statistics", .option(.word(FrozenStatistics.allCases.map(\.rawValue))), default: .word(FrozenStatistics.batch.rawValue), timed: true,
      "what a batch norm that is not trained normalizes by", examples: "running")
    public static let allow = SettingSpec(
      "allow", .lints, "lints this training keeps silent", examples: "[cold_optimizer]")
    public static let warn = SettingSpec(
      "warn", .lints, "lints this training reports as warnings", examples: "[unbounded_truncation]")
    public static let deny = SettingSpec(
      "deny", .lints, "lints that are errors in this training", examples: "[rank_saves_nothing]")
    public static let require = SettingSpec(
      "require", .requirement, repeatable: true, "a bound on a cost that the program is held to",
      examples: "average(trainable_parameters) <= 0.8 * dense_cost")

    public static let all = [
      length, batch, accumulation, seed, loss, optimizer, rate, state, rewarm, decay, weightDecay, clip, clipValue, initial, precision,
      weightsFrom, classWeights,
      topK, select, mix, average, stop, trainable, statistics, allow, warn, deny, require,
    ]

    /// What a clause `weights SELECTOR { ... }` takes beside its times.
    public static let ofWeights = [
      SettingSpec(
        "update", .method(.update), "how the gradient of these weights becomes an update, in place of `optimizer`",
        examples: "low_rank_gradient(adam(), rank: 1/4 of short_side)"),
      SettingSpec(
        "precision", precision.kind, "what products with these weights multiply, in place of `precision` of `train`", examples: "single"),
    ]

    public static let names = all.map(\.name)
    /// Those that are given once.
    public static let singleNames = all.filter { !$0.isRepeatable }.map(\.name)
    /// The clauses: the forms of weights, and the settings that may change over time.
    public static let clauses = ["weights"] + all.filter(\.isTimed).map(\.name)
  }
}
