import DrnIR
import DrnMethods
import DrnReference
import Testing

/// Steps an update on the quadratic loss sum h w^2 / 2 of one tensor, whose gradient is h w.
private struct Quadratic {
  let update: any Update
  let curvature = Matrix(1, 4, [0.5, 1, 2, -0.3])
  var weight = Matrix(1, 4, [1, -2, 0.25, 3])
  var state: [String: Matrix] = [:]
  var decay = 0.0
  private(set) var evaluations = 0

  init(_ update: any Update, decay: Double = 0) {
    self.update = update
    self.decay = decay
    for slot in update.slots { state[slot.name] = Matrix(1, 4) }
  }

  /// One step; returns the recorded loss.
  @discardableResult
  mutating func step(rate: Double, count: Int) throws -> Double {
    var bench = Bench()
    let w = bench.input("w", weight)
    let h = bench.input("h", curvature)
    var slots: [String: Value] = [:]
    for slot in update.slots { slots["w/\(slot.name)"] = bench.input("w/\(slot.name)", try #require(state[slot.name])) }
    let rate = bench.input("rate", [], ReferenceTensor(rate))
    let number = bench.input("step", [], ReferenceTensor(Double(count)))
    var context = StepContext(
      builder: bench.builder, weights: [.init(name: "w", value: w, decay: decay, updates: number)], rate: rate, state: slots
    ) { (builder: inout Builder, values: [Value], records: Bool) throws(IRError) -> [Value] in
      let gradient = try builder.multiply(h, values[0])
      builder.name(gradient, "gradient")
      if records { builder.result("loss", role: .output, try builder.sumAll(try builder.multiply(gradient, values[0]))) }
      return [gradient]
    }
    try update.emit(&context)
    evaluations = context.builder.function.values.filter { $0.name == "gradient" }.count
    #expect(context.builder.function.results.filter { $0.name == "loss" }.count == 1)
    bench.builder = context.builder
    bench.output("w'", try #require(context.newWeights["w"]))
    for slot in update.slots { bench.output("new \(slot.name)", try #require(context.newState["w/\(slot.name)"])) }
    let found = try bench.run()
    weight = try #require(found["w'"])
    for slot in update.slots { state[slot.name] = found["new \(slot.name)"] }
    return try #require(found["loss"]).values[0] / 2
  }
}

private func update(_ name: String, _ options: [String: OptionValue] = [:]) -> any Update {
  let type = Updates.named(name) ?? SGD.self
  return type.init(options: Options(defaultsOf: type.spec).replacing(options))
}

@Suite("Updates against hand-written loops")
struct UpdateTests {
  // Double precision over three short steps.
  private let rounding = 1e-13
  private let h = [0.5, 1, 2, -0.3]
  private let start = [1, -2, 0.25, 3]

  /// Runs three steps at rate 0.1 and compares with a scalar loop per entry.
  private func compare(_ update: any Update, decay: Double = 0, _ reference: (_ h: Double, _ w: Double) -> Double) throws {
    var problem = Quadratic(update, decay: decay)
    for count in 1...3 {
      try problem.step(rate: 0.1, count: count)
      #expect(problem.evaluations == update.gradientEvaluations)
    }
    for index in h.indices { #expect(abs(problem.weight.values[index] - reference(h[index], start[index])) < rounding) }
  }

  @Test("every update's word leads to it, and its slots are named once")
  func words() {
    for type in Updates.all {
      #expect(Updates.named(type.spec.name)?.spec.name == type.spec.name)
      let slots = type.init(options: Options(defaultsOf: type.spec)).slots.map(\.name)
      #expect(Set(slots).count == slots.count)
    }
    #expect(Updates.named("sdg") == nil)
  }

  @Test("sgd without momentum has no state")
  func plain() throws {
    #expect(update("sgd").slots.isEmpty)
    try compare(update("sgd")) { h, w in (0..<3).reduce(w) { w, _ in w - 0.1 * h * w } }
  }

  @Test("sgd with momentum, dampening, Nesterov and decay follows PyTorch's recursion")
  func momentum() throws {
    let options: [String: OptionValue] = ["momentum": .decimal(0.9), "nesterov": .boolean(true), "dampening": .decimal(0.25)]
    try compare(update("sgd", options), decay: 0.01) { h, start in
      var (w, v) = (start, 0.0)
      for _ in 0..<3 {
        let g = h * w + 0.01 * w
        v = 0.9 * v + 0.75 * g
        w -= 0.1 * (g + 0.9 * v)
      }
      return w
    }
  }

  private func adam(_ h: Double, _ start: Double, coupled: Double, decoupled: Double) -> Double {
    var (w, m, v) = (start, 0.0, 0.0)
    var (power1, power2) = (1.0, 1.0)
    for _ in 0..<3 {
      let g = h * w + coupled * w
      (m, v) = (0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g)
      (power1, power2) = (power1 * 0.9, power2 * 0.999)
      let direction = (m / (1 - power1)) / ((v / (1 - power2)).squareRoot() + 1e-8)
      w -= 0.1 * (direction + decoupled * w)
    }
    return w
  }

  @Test("adam puts decay into the gradient, adamw beside the step")
  func adams() throws {
    try compare(update("adam"), decay: 0.05) { adam($0, $1, coupled: 0.05, decoupled: 0) }
    try compare(update("adamw"), decay: 0.05) { adam($0, $1, coupled: 0, decoupled: 0.05) }
  }

  private func extrapolation(_ gradient: String, scale: Double) -> any Update {
    let span = testSpan
    let momentum = OptionCall.Argument(name: "momentum", nameSpan: span, value: LocatedOption(.decimal(0.9), span))
    let inner = OptionCall(name: "sgd", nameSpan: span, arguments: [momentum], span: span)
    return update("extrapolate", ["update": .call(inner), "scale": .decimal(scale), "gradient": .word(gradient)])
  }

  @Test("extrapolation along the current gradient takes two evaluations and steps from the original point")
  func extragradient() throws {
    let update = extrapolation("current", scale: 0.5)
    #expect(update.gradientEvaluations == 2)
    try compare(update) { h, start in
      var (w, v) = (start, 0.0)
      for _ in 0..<3 {
        let ahead = w - 0.5 * 0.1 * h * w
        v = 0.9 * v + h * ahead
        w -= 0.1 * v
      }
      return w
    }
  }

  @Test("extrapolation along the previous gradient takes one evaluation and does not move ahead at first")
  func pastGradient() throws {
    let update = extrapolation("previous", scale: 0.5)
    #expect(update.gradientEvaluations == 1)
    #expect(update.slots.map(\.name) == ["momentum", "previous_gradient"])
    try compare(update) { h, start in
      var (w, v, previous) = (start, 0.0, 0.0)
      for _ in 0..<3 {
        previous = h * (w - 0.5 * 0.1 * previous)
        v = 0.9 * v + previous
        w -= 0.1 * v
      }
      return w
    }
  }

  @Test("extrapolation by nothing is its inner update", arguments: ["previous", "current"])
  func zeroScale(gradient: String) throws {
    var (plain, extrapolated) = (Quadratic(update("sgd", ["momentum": .decimal(0.9)])), Quadratic(extrapolation(gradient, scale: 0)))
    for count in 1...3 {
      let losses = (try plain.step(rate: 0.1, count: count), try extrapolated.step(rate: 0.1, count: count))
      #expect(losses.0 == losses.1)
    }
    #expect(plain.weight == extrapolated.weight)
  }
}
