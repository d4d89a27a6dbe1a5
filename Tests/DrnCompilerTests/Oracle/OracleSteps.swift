import DrnCPU
import DrnEngines
import DrnIR

/// Runs the compiled step from PyTorch's own state before each step, and compares what it leaves with PyTorch's state after it.
struct OracleSteps {
  /// The bound of every comparison in single precision, relative to the tensor's norm.
  static let tolerance = 1e-5
  /// The bound of the change of a weight, relative to the change. Below the 6e-6 by which Adam's first step is off
  /// when single precision takes its bias correction as the difference 1 - beta^t.
  static let changeTolerance = 5e-6
  /// Two roundings of a weight to single precision on each side: what is left of a small change when it is read off the weights.
  static let weightRounding = 0x1p-22
  /// Rounding of a gradient relative to the gradient of the whole network. A norm divides by the deviation of a row or column; where that
  /// is small it magnifies rounding for everything before it, and PyTorch's own single precision is off by up to 3e-6 of a tensor's norm.
  static let gradientRounding = 0x1p-21

  let fixture: OracleFixture
  /// Multiplies PyTorch's learning rate; other than 1 to see that a wrong one is noticed.
  var rateFactor = 1.0
  /// What runs the steps.
  var engine: any Engine = CPUEngine()

  /// Every weight, slot, running statistic, loss and logit of every step.
  func compareSteps(_ program: OracleProgram) throws -> OracleComparison {
    var comparison = OracleComparison()
    let segment = try program.segment()
    let functions = try program.engineProgram(engine, segment)
    for step in 0..<fixture.steps {
      if fixture.has("evaluation/loss") {
        try load(step, program, into: segment)
        try evaluate(step, segment, functions, &comparison)
      }
      try load(step, program, into: segment)
      try run("step", functions)
      try compareShown(step, segment, program, &comparison)
      try compareState(step, segment, program, &comparison)
    }
    return comparison
  }

  /// The gradient of every trained tensor at every step, read off an empty momentum buffer: no rounding of the weights hides it.
  func compareGradients(_ program: OracleProgram) throws -> OracleComparison {
    var comparison = OracleComparison()
    let segment = try program.segment()
    let functions = try program.engineProgram(engine, segment)
    for step in 0..<fixture.steps {
      try loadTensors(step, program, into: segment)
      for name in program.names(.state) { try segment.write(name, zeros(name)) }
      try loadBatch(step, program, into: segment)
      try run("step", functions)
      try compareGradients(after: step, segment, program, &comparison)
    }
    return comparison
  }

  private func compareGradients(
    after step: Int, _ segment: Segment, _ program: OracleProgram, _ comparison: inout OracleComparison
  ) throws {
    let expected = try program.names(.weight).map { name in (name, try fixture["gradient/\(name)"][step]) }
    let rounding = Self.gradientRounding * norm(expected.map { norm($0.1) })
    for (name, gradient) in expected {
      let found = try read("\(name)/momentum", segment)
      comparison.compare("the gradient of \(name)", step: step, found, with: gradient, within: Self.tolerance, plus: rounding)
    }
  }

  private func zeros(_ slot: String) throws -> [Float] {
    let weight = String(slot.prefix { $0 != "/" })
    return [Float](repeating: 0, count: try fixture["state/\(weight)"][0].count)
  }

  // MARK: Before the step

  /// All that the step reads.
  func load(_ step: Int, _ program: OracleProgram, into segment: Segment) throws {
    try loadTensors(step, program, into: segment)
    for name in program.names(.state) { try segment.write(name, try fixture["state/\(name)"].floats(step)) }
    try loadBatch(step, program, into: segment)
  }

  /// Weights, frozen tensors and running statistics.
  private func loadTensors(_ step: Int, _ program: OracleProgram, into segment: Segment) throws {
    for name in program.names(.weight) + program.names(.frozen) + program.names(.buffer) {
      try segment.write(name, try fixture["state/\(name)"].floats(step))
    }
  }

  /// The batch, and the scalars of the step.
  func loadBatch(_ step: Int, _ program: OracleProgram, into segment: Segment) throws {
    if try fixture["features"].areWhole {
      try segment.writeLabels("features", try fixture["features"][step].map { Int32($0) })
    } else {
      try segment.write("features", try fixture["features"].floats(step))
    }
    if fixture.hasClasses {
      try segment.writeLabels("labels", try fixture["labels"][step].map { Int32($0) })
    } else {
      try segment.write("labels", try fixture["labels"].floats(step))
    }
    if program.takes("rate") { try segment.setScalar("rate", Float(try fixture["rate"][step][0] * rateFactor)) }
    if program.takes("step") { try segment.setScalar("step", Float(step + 1)) }
    if program.takes("key") { try segment.setKey("key", try fixture.key(step)) }
  }

  /// Runs a function on what the ports hold, and leaves there what it makes.
  private func run(_ name: String, _ functions: any EngineProgram) throws {
    try functions.load()
    try functions.run(name)
    try functions.store()
  }

  // MARK: After it

  private func read(_ port: String, _ segment: Segment) throws -> [Double] { try segment.read(port).map { Double($0) } }

  private func evaluate(
    _ step: Int, _ segment: Segment, _ functions: any EngineProgram, _ comparison: inout OracleComparison
  ) throws {
    try run("evaluate", functions)
    for port in ["loss", "logits"] {
      let expected = try fixture["evaluation/\(port)"][step]
      comparison.compare("\(port) of the evaluation", step: step, try read(port, segment), with: expected, within: Self.tolerance)
    }
  }

  private func compareShown(_ step: Int, _ segment: Segment, _ program: OracleProgram, _ comparison: inout OracleComparison) throws {
    for port in ["loss", "logits", "gradient_norm"] where fixture.has(port) {
      comparison.compare(port, step: step, try read(port, segment), with: try fixture[port][step], within: Self.tolerance)
    }
  }

  /// A weight's deviation is measured by how far the step moved it: against the weight itself, a small step could go anywhere.
  private func compareState(_ step: Int, _ segment: Segment, _ program: OracleProgram, _ comparison: inout OracleComparison) throws {
    for name in program.names(.weight) {
      let (before, after) = (try fixture["state/\(name)"][step], try fixture["state/\(name)"][step + 1])
      let change = minus(try read(name, segment), before)
      comparison.compare(
        "the change of \(name)", step: step, change, with: minus(after, before), within: Self.changeTolerance,
        plus: Self.weightRounding * norm(after))
    }
    for name in program.names(.state) + program.names(.buffer) {
      comparison.compare(name, step: step, try read(name, segment), with: try fixture["state/\(name)"][step + 1], within: Self.tolerance)
    }
    for name in program.names(.frozen) {
      comparison.compare(name, step: step, try read(name, segment), with: try fixture["state/\(name)"][step + 1], within: 0)
    }
  }
}
