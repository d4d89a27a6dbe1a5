import DrnMethods

/// An update of one number by its published formula, in plain arithmetic: it shares no code with the update it is the oracle of.
protocol ReferenceUpdate {
  /// The weight after one step from `w`. `gradient` is that of the loss without decay, at any point.
  mutating func step(_ w: Double, rate: Double, decay: Double, gradient: (Double) -> Double) -> Double
}

/// The oracle of every update of the vocabulary. A new update takes an entry here, with the paper's formula written out below.
enum ReferenceUpdates {
  struct Entry: Sendable {
    /// Two values or more of every option, by its name; of an option that is an update, `UpdateReferenceTests` tries all there are.
    let values: [String: [OptionValue]]
    let make: @Sendable (Options) -> any ReferenceUpdate
  }

  static let all: [String: Entry] = [
    "sgd": Entry(
      values: [
        "momentum": [.integer(0), .decimal(0.9)], "nesterov": [.boolean(false), .boolean(true)],
        "dampening": [.integer(0), .decimal(0.25)],
      ], make: { ReferenceSGD($0) }),
    "adam": Entry(values: adamValues) { ReferenceAdam($0, isDecoupled: false) },
    "adamw": Entry(values: adamValues) { ReferenceAdam($0, isDecoupled: true) },
    "extrapolate": Entry(
      values: ["scale": [.decimal(0.5), .integer(2)], "gradient": [.word("previous"), .word("current")]],
      make: { ReferenceExtrapolation($0) }),
  ]

  private static let adamValues: [String: [OptionValue]] = [
    "beta1": [.decimal(0.9), .integer(0)], "beta2": [.decimal(0.999), .decimal(0.5)], "epsilon": [.decimal(1e-8), .decimal(0.1)],
  ]

  /// The oracle of an update with these options.
  static func named(_ name: String, _ options: Options) -> (any ReferenceUpdate)? { all[name]?.make(options) }
}

/// SGD as PyTorch states it (`torch.optim.SGD`), with a buffer that begins at zero: v = momentum v + (1 - dampening) g.
private struct ReferenceSGD: ReferenceUpdate {
  let options: Options
  var buffer = 0.0

  init(_ options: Options) { self.options = options }

  mutating func step(_ w: Double, rate: Double, decay: Double, gradient: (Double) -> Double) -> Double {
    let momentum = options.number("momentum") ?? .nan
    let g = gradient(w) + decay * w
    guard momentum != 0 else { return w - rate * g }
    buffer = momentum * buffer + (1 - (options.number("dampening") ?? .nan)) * g
    return w - rate * (options.boolean("nesterov") == true ? g + momentum * buffer : buffer)
  }
}

/// Kingma and Ba 2015, algorithm 1; with decoupled decay Loshchilov and Hutter 2019, algorithm 2, the rate multiplying the decay.
private struct ReferenceAdam: ReferenceUpdate {
  let options: Options
  let isDecoupled: Bool
  var (m, v, powers) = (0.0, 0.0, (1.0, 1.0))

  init(_ options: Options, isDecoupled: Bool) {
    self.options = options
    self.isDecoupled = isDecoupled
  }

  mutating func step(_ w: Double, rate: Double, decay: Double, gradient: (Double) -> Double) -> Double {
    let (beta1, beta2) = (options.number("beta1") ?? .nan, options.number("beta2") ?? .nan)
    let g = gradient(w) + (isDecoupled ? 0 : decay * w)
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    powers = (powers.0 * beta1, powers.1 * beta2)
    let direction = (m / (1 - powers.0)) / ((v / (1 - powers.1)).squareRoot() + (options.number("epsilon") ?? .nan))
    return w - rate * direction - (isDecoupled ? rate * decay * w : 0)
  }
}

/// Extragradient: the inner update takes the gradient at w - scale rate zeta, where zeta is the gradient at w, or that of the step before.
private struct ReferenceExtrapolation: ReferenceUpdate {
  let options: Options
  var inner: (any ReferenceUpdate)?
  var previous = 0.0

  init(_ options: Options) {
    self.options = options
    guard let call = options.call("update"), let type = Updates.named(call.name) else { return }
    inner = ReferenceUpdates.named(call.name, Options(call, spec: type.spec))
  }

  mutating func step(_ w: Double, rate: Double, decay: Double, gradient: (Double) -> Double) -> Double {
    let zeta = options.word("gradient") == "current" ? gradient(w) : previous
    let ahead = gradient(w - (options.number("scale") ?? .nan) * rate * zeta)
    previous = ahead
    return inner?.step(w, rate: rate, decay: decay) { _ in ahead } ?? .nan
  }
}
