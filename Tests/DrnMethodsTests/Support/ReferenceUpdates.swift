import DrnMethods

/// An update of one matrix by its published formula, in plain arithmetic: it shares no code with the update it is the oracle of.
protocol ReferenceUpdate {
  /// The weight after one step from `w`. `gradient` is that of the loss without decay, at any point; its second argument names a part of the
  /// batch, and is `nil` for the whole.
  mutating func step(_ w: [Double], rate: Double, decay: Double, gradient: ([Double], Int?) -> [Double]) -> [Double]
}

extension ReferenceUpdate {
  fileprivate func zip(_ left: [Double], _ right: [Double], _ body: (Double, Double) -> Double) -> [Double] {
    left.indices.map { body(left[$0], right[$0]) }
  }
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
    "rmsprop": Entry(
      values: ["beta": [.decimal(0.99), .integer(0)], "epsilon": [.decimal(1e-8), .decimal(0.1)]], make: { ReferenceRMSProp($0) }),
    "adagrad": Entry(values: ["epsilon": [.decimal(1e-10), .decimal(0.1)]], make: { ReferenceAdagrad($0) }),
    "lion": Entry(
      values: ["beta1": [.decimal(0.9), .integer(0)], "beta2": [.decimal(0.99), .decimal(0.5)]], make: { ReferenceLion($0) }),
    "lars": Entry(
      values: ["momentum": [.decimal(0.9), .integer(0)], "coefficient": [.decimal(0.001), .decimal(0.1)]], make: { ReferenceLARS($0) }),
    "extrapolate": Entry(
      values: [
        "scale": [.decimal(0.5), .integer(2)], "gradient": [.word("previous"), .word("current")], "by": [.word("batch"), .word("part")],
      ],
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
  var buffer: [Double] = []

  init(_ options: Options) { self.options = options }

  mutating func step(_ w: [Double], rate: Double, decay: Double, gradient: ([Double], Int?) -> [Double]) -> [Double] {
    let momentum = options.number("momentum") ?? .nan
    let g = zip(gradient(w, nil), w) { $0 + decay * $1 }
    guard momentum != 0 else { return zip(w, g) { $0 - rate * $1 } }
    let kept = 1 - (options.number("dampening") ?? .nan)
    buffer = zip(buffer.isEmpty ? w.map { _ in 0 } : buffer, g) { momentum * $0 + kept * $1 }
    let direction = options.boolean("nesterov") == true ? zip(g, buffer) { $0 + momentum * $1 } : buffer
    return zip(w, direction) { $0 - rate * $1 }
  }
}

/// Kingma and Ba 2015, algorithm 1; with decoupled decay Loshchilov and Hutter 2019, algorithm 2, the rate multiplying the decay.
private struct ReferenceAdam: ReferenceUpdate {
  let options: Options
  let isDecoupled: Bool
  var (m, v, powers): ([Double], [Double], (Double, Double)) = ([], [], (1, 1))

  init(_ options: Options, isDecoupled: Bool) {
    self.options = options
    self.isDecoupled = isDecoupled
  }

  mutating func step(_ w: [Double], rate: Double, decay: Double, gradient: ([Double], Int?) -> [Double]) -> [Double] {
    let (beta1, beta2) = (options.number("beta1") ?? .nan, options.number("beta2") ?? .nan)
    let g = zip(gradient(w, nil), w) { $0 + (isDecoupled ? 0 : decay * $1) }
    if m.isEmpty { (m, v) = (w.map { _ in 0 }, w.map { _ in 0 }) }
    m = zip(m, g) { beta1 * $0 + (1 - beta1) * $1 }
    v = zip(v, g) { beta2 * $0 + (1 - beta2) * $1 * $1 }
    powers = (powers.0 * beta1, powers.1 * beta2)
    let epsilon = options.number("epsilon") ?? .nan
    return w.indices.map { i in
      let direction = (m[i] / (1 - powers.0)) / ((v[i] / (1 - powers.1)).squareRoot() + epsilon)
      return w[i] - rate * direction - (isDecoupled ? rate * decay * w[i] : 0)
    }
  }
}

/// Chen et al. 2023, arXiv 2302.06675, algorithm 2.
private struct ReferenceLion: ReferenceUpdate {
  let options: Options
  var m: [Double] = []

  init(_ options: Options) { self.options = options }

  mutating func step(_ w: [Double], rate: Double, decay: Double, gradient: ([Double], Int?) -> [Double]) -> [Double] {
    let (beta1, beta2) = (options.number("beta1") ?? .nan, options.number("beta2") ?? .nan)
    let g = gradient(w, nil)
    if m.isEmpty { m = w.map { _ in 0 } }
    let c = zip(m, g) { beta1 * $0 + (1 - beta1) * $1 }
    m = zip(m, g) { beta2 * $0 + (1 - beta2) * $1 }
    return zip(w, c) { $0 - rate * (($1 > 0 ? 1 : $1 < 0 ? -1 : 0) + decay * $0) }
  }
}

/// Tieleman and Hinton 2012, with epsilon beside the root and decay in the gradient, as PyTorch's RMSprop states it.
private struct ReferenceRMSProp: ReferenceUpdate {
  let options: Options
  var squares: [Double] = []

  init(_ options: Options) { self.options = options }

  mutating func step(_ w: [Double], rate: Double, decay: Double, gradient: ([Double], Int?) -> [Double]) -> [Double] {
    let (beta, epsilon) = (options.number("beta") ?? .nan, options.number("epsilon") ?? .nan)
    let g = zip(gradient(w, nil), w) { $0 + decay * $1 }
    if squares.isEmpty { squares = w.map { _ in 0 } }
    squares = zip(squares, g) { beta * $0 + (1 - beta) * $1 * $1 }
    let direction = zip(g, squares) { $0 / ($1.squareRoot() + epsilon) }
    return zip(w, direction) { $0 - rate * $1 }
  }
}

/// Duchi, Hazan and Singer 2011, with epsilon beside the root and decay in the gradient, as PyTorch's Adagrad states it without a decay of its rate.
private struct ReferenceAdagrad: ReferenceUpdate {
  let options: Options
  var squares: [Double] = []

  init(_ options: Options) { self.options = options }

  mutating func step(_ w: [Double], rate: Double, decay: Double, gradient: ([Double], Int?) -> [Double]) -> [Double] {
    let epsilon = options.number("epsilon") ?? .nan
    let g = zip(gradient(w, nil), w) { $0 + decay * $1 }
    if squares.isEmpty { squares = w.map { _ in 0 } }
    for index in g.indices { squares[index] += g[index] * g[index] }
    return w.indices.map { w[$0] - rate * g[$0] / (squares[$0].squareRoot() + epsilon) }
  }
}

/// You, Gitman and Ginsburg 2017, arXiv 1708.03888, algorithm 1, with the rate outside the buffer.
private struct ReferenceLARS: ReferenceUpdate {
  let options: Options
  var buffer: [Double] = []

  init(_ options: Options) { self.options = options }

  mutating func step(_ w: [Double], rate: Double, decay: Double, gradient: ([Double], Int?) -> [Double]) -> [Double] {
    func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let g = gradient(w, nil)
    let trust = (options.number("coefficient") ?? .nan) * norm(w) / (norm(g) + decay * norm(w))
    let momentum = options.number("momentum") ?? .nan
    buffer = zip(buffer.isEmpty ? w.map { _ in 0 } : buffer, zip(g, w) { trust * ($0 + decay * $1) }) { momentum * $0 + $1 }
    return zip(w, buffer) { $0 - rate * $1 }
  }
}

/// Extragradient: the inner update takes the gradient at w - scale rate zeta, where zeta is the gradient at w, or that of the step before;
/// of the whole batch, or of each of two parts by itself.
private struct ReferenceExtrapolation: ReferenceUpdate {
  let options: Options
  var inner: (any ReferenceUpdate)?
  var previous: [[Double]] = []

  init(_ options: Options) {
    self.options = options
    guard let call = options.call("update"), let type = Updates.named(call.name) else { return }
    inner = ReferenceUpdates.named(call.name, Options(call, spec: type.spec))
  }

  mutating func step(_ w: [Double], rate: Double, decay: Double, gradient: ([Double], Int?) -> [Double]) -> [Double] {
    let parts: [Int?] = options.word("by") == "part" ? [0, 1] : [nil]
    if previous.isEmpty { previous = parts.map { _ in w.map { _ in 0 } } }
    let length = (options.number("scale") ?? .nan) * rate
    let ahead = parts.indices.map { index in
      let zeta = options.word("gradient") == "current" ? gradient(w, parts[index]) : previous[index]
      let point = zip(w, zeta) { $0 - length * $1 }
      // Of the whole batch the point is one for both parts.
      return parts[index] == nil ? gradient(point, nil) : gradient(point, parts[index])
    }
    previous = ahead
    let sum = ahead.dropFirst().reduce(ahead[0]) { zip($0, $1, +) }
    return inner?.step(w, rate: rate, decay: decay) { _, _ in sum.map { $0 / Double(parts.count) } } ?? []
  }
}
