import DrnIR
import DrnMethods
import DrnReference
import DrnTestSupport
import Testing

/// Steps an update on the quadratic loss sum h w^2 / 2 of one tensor, whose gradient is h w. The batch has two parts, whose gradients are a
/// half and three halves of it.
struct Quadratic {
  static let shares = [0.5, 1.5]
  let update: any Update
  let curvature = Matrix(1, 4, [0.5, 1, 2, -0.3])
  var weight = Matrix(1, 4, [1, -2, 0.25, 3])
  /// By the slot's name.
  var state: [String: Matrix] = [:]
  let part: UpdatedPart
  var evaluations: Int { update.evaluations(of: part) }

  init(_ update: any Update, decay: Double = 0) {
    self.update = update
    part = UpdatedPart(
      name: "w", weight: nil, tensors: [.init(name: "w", shape: [1, 4], isMoved: true, decay: decay)],
      batchParts: Self.shares.count)
    for spec in update.state(of: part) { state[spec.slot.name] = Matrix(1, 4) }
  }

  /// One step; returns the recorded loss.
  @discardableResult
  mutating func step(rate: Double, count: Int) throws -> Double {
    var bench = Bench()
    var values = ["w": bench.input("w", weight)]
    let h = bench.input("h", curvature)
    for spec in update.state(of: part) { values[spec.name] = bench.input(spec.name, try #require(state[spec.slot.name])) }
    let rate = bench.input("rate", [], ReferenceTensor(rate))
    let key = bench.key()
    let number = bench.input("step", [], ReferenceTensor(Double(count)))
    var context = StepContext(builder: bench.builder, rate: rate, key: key, values: values, updates: ["w": number])
    var moving = try update.begin(part, &context)
    for evaluation in 0..<evaluations {
      let places = try moving.stand(evaluation, &context)
      var gradients: [[Value]] = []
      for index in 0..<part.batchParts {
        let place = places.count == 1 ? places[0] : places[index]
        let gradient = try context.builder.multiply(h, place[0])
        gradients.append([try context.builder.scale(gradient, by: Self.shares[index])])
        guard index == 0, evaluation == update.recordedEvaluation(of: part) else { continue }
        let loss = try context.builder.sumAll(try context.builder.multiply(gradient, place[0]))
        context.builder.result("loss", role: .output, loss)
      }
      var sum = gradients[0][0]
      for other in gradients.dropFirst() { sum = try context.builder.add(sum, other[0]) }
      let mean = try context.builder.scale(sum, by: 1 / Double(part.batchParts))
      try moving.absorb(PartGradients(mean: [mean], ofParts: gradients), evaluation, &context)
    }
    bench.builder = context.builder
    bench.output("w'", try context.result("w"))
    for spec in update.state(of: part) { bench.output("new \(spec.slot.name)", try context.result(spec.name)) }
    let found = try bench.run()
    weight = try #require(found["w'"])
    for spec in update.state(of: part) { state[spec.slot.name] = found["new \(spec.slot.name)"] }
    return try #require(found["loss"]).values[0] / 2
  }
}

/// A call of a method as the value of an option.
func call(_ name: String, _ options: [(String, OptionValue)] = []) -> OptionValue {
  let arguments = options.map { OptionCall.Argument(name: $0.0, nameSpan: testSpan, value: LocatedOption($0.1, testSpan)) }
  return .call(OptionCall(name: name, nameSpan: testSpan, arguments: arguments, span: testSpan))
}
