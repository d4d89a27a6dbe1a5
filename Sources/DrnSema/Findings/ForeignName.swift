import DrnDiagnostics

/// What Keras and PyTorch call something that has another name here.
enum ForeignName {
  /// By the name in small letters, without underscores.
  static let meanings: [String: String] = [
    // Layers
    "dense": "linear", "fullyconnected": "linear", "convolution2d": "conv2d", "maxpooling2d": "max_pool",
    "maxpool2d": "max_pool", "averagepooling2d": "average_pool", "avgpool2d": "average_pool",
    "globalaveragepooling2d": "global_average_pool",
    "adaptiveavgpool2d": "global_average_pool", "batchnormalization": "batch_norm", "batchnorm1d": "batch_norm",
    "batchnorm2d": "batch_norm",
    "layernormalization": "layer_norm", "swish": "silu", "multiheadattention": "attend", "scaleddotproductattention": "attend",
    "concatenate": "concat", "cat": "concat",
    // Losses
    "categoricalcrossentropy": "cross_entropy", "sparsecategoricalcrossentropy": "cross_entropy", "crossentropyloss": "cross_entropy",
    "binarycrossentropy": "cross_entropy", "bcewithlogitsloss": "cross_entropy", "nllloss": "cross_entropy", "mse": "mean_squared_error",
    "mseloss": "mean_squared_error", "l2loss": "mean_squared_error", "smoothl1loss": "huber", "huberloss": "huber",
    // Settings and their values
    "epochs": "length", "batchsize": "batch", "learningrate": "rate", "lr": "rate", "criterion": "loss", "validationsplit": "validation",
    "gradientclipping": "clip", "decoupledweightdecay": "weight_decay", "wd": "weight_decay",
    "l2": "weight_decay", "clipnorm": "clip", "clipvalue": "clip_value",
    "momentumsgd": "sgd", "reducelronplateau": "plateau", "cosineannealing": "cosine",
    "cosinedecay": "cosine", "onecycle": "one_cycle", "onecyclelr": "one_cycle",
    "bf16": "bfloat16", "fp16": "bfloat16", "float16": "bfloat16", "half": "bfloat16", "float32": "single", "fp32": "single",
    // Options
    "kernelsize": "kernel", "filters": "channels", "units": "outputs", "outfeatures": "outputs", "p": "rate", "eps": "epsilon",
    "labelsmoothing": "smoothing",
  ]

  /// The one of the candidates that a name most likely means: what it is called elsewhere, or what is spelt nearly so.
  static func nearest(to name: String, in candidates: [String]) -> String? {
    meaning(of: name, among: candidates) ?? Suggestion.nearest(to: name, in: candidates)
  }

  /// The setting of a training that an optimizer's option is elsewhere.
  static func setting(_ name: String) -> String? {
    ["rate", "weight_decay", "clip"].first { $0 == name || $0 == meaning(of: name, among: [$0]) }
  }

  /// The one of the candidates that a name stands for elsewhere.
  static func meaning(of name: String, among candidates: [String]) -> String? {
    guard let meaning = meanings[name.lowercased().filter { $0 != "_" }], meaning != name, candidates.contains(meaning) else { return nil }
    return meaning
  }
}
