import DrnIR
import DrnMethods
import DrnReference
import Testing

/// Steps an update on the quadratic loss sum h w^2 / 2 of one tensor, whose gradient is h w.
struct Quadratic {
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

/// The update of that word with its options at their defaults but those given.
func update(_ name: String, _ options: [String: OptionValue] = [:]) -> any Update {
  let type = Updates.named(name) ?? SGD.self
  return type.init(options: Options(defaultsOf: type.spec).replacing(options))
}

/// A call of a method as the value of an option.
func call(_ name: String, _ options: [(String, OptionValue)] = []) -> OptionValue {
  let arguments = options.map { OptionCall.Argument(name: $0.0, nameSpan: testSpan, value: LocatedOption($0.1, testSpan)) }
  return .call(OptionCall(name: name, nameSpan: testSpan, arguments: arguments, span: testSpan))
}
