import DrnIR
import DrnMethods
import DrnReference
import Testing

/// Steps an update of one weight on the loss sum h (W - T)^2 / 2, whose gradient by W is h (W - T), in double precision.
struct MatrixProblem {
  let update: any Update
  let form: any Parameterization
  let shape: WeightShape
  private(set) var rank: Int
  let curvature: Matrix
  let target: Matrix
  /// The tensors of the weight and the state, by name.
  private(set) var values: [String: Matrix] = [:]
  /// What the last renewal reported.
  private(set) var reports: [String: Double] = [:]
  private(set) var places: [[Matrix]] = []
  private(set) var part: UpdatedPart

  init(
    _ update: any Update, _ form: any Parameterization, rank: Int = 0, shape: WeightShape = WeightShape(inputs: 7, outputs: 5),
    decay: Double = 0, parameters: [Matrix]
  ) {
    self.update = update
    self.form = form
    self.shape = shape
    self.rank = rank
    curvature = Matrix(shape.inputs, shape.outputs, Matrix(shape.inputs, shape.outputs, seed: 11).values.map { 0.6 + 0.4 * $0 })
    target = Matrix(shape.inputs, shape.outputs, seed: 12)
    part = Self.part(update, form, rank: rank, shape: shape, decay: decay)
    for (tensor, value) in zip(part.tensors, parameters) { values[tensor.name] = value }
    for spec in update.state(of: part) {
      let extents = spec.shape.compactMap(\.value)
      values[spec.name] = Matrix(extents[0], extents.count > 1 ? extents[1] : 1)
    }
  }

  static func part(
    _ update: any Update, _ form: any Parameterization, rank: Int, shape: WeightShape, decay: Double = 0
  ) -> UpdatedPart {
    let tensors = form.parameters(shape, rank: Dimension(rank)).map { spec in
      UpdatedPart.Tensor(
        name: spec.name.isEmpty ? "w" : "w.\(spec.name)", shape: spec.shape, isMoved: update.moves(spec, of: form), decay: decay)
    }
    return UpdatedPart(
      name: "w", weight: WeightInForm(form: form, shape: shape, rank: Dimension(rank)), tensors: tensors, batchParts: 1)
  }

  /// Puts something else in the place of a tensor or of state.
  mutating func set(_ name: String, to value: Matrix) { values[name] = value }

  /// What the update makes of the weight and its state at other extents; shapes follow from the update and the form that are bound to them.
  mutating func change(
    to new: any Parameterization, rank: Int, stage: Int, _ direction: RankChange.Direction, update bound: (any Update)? = nil
  ) throws {
    let changing = try #require((bound ?? update) as? any AdaptiveUpdate)
    var bench = Bench()
    let key = bench.key()
    let parameters = try part.tensors.map { bench.input($0.name, try #require(values[$0.name])) }
    var state: [String: Value] = [:]
    for spec in update.state(of: part) { state[spec.name] = try input(spec, &bench) }
    let target = Self.part(bound ?? update, new, rank: rank, shape: shape)
    let changed = try changing.change(
      ExtentChange(
        old: part, new: target, parameters: parameters, state: state, stage: stage, direction: direction, key: key), in: &bench.builder)
    for (tensor, value) in zip(target.tensors, changed.parameters) { bench.output("new \(tensor.name)", value) }
    for (name, value) in changed.state { bench.output("new \(name)", value) }
    let found = try bench.run()
    values = Dictionary(uniqueKeysWithValues: found.map { (String($0.key.dropFirst(4)), $0.value) })
    (part, self.rank) = (target, rank)
  }

  private func input(_ spec: StateSpec, _ bench: inout Bench) throws -> Value {
    bench.input(
      spec.name, spec.shape, ReferenceTensor(shape: spec.shape.compactMap(\.value), values: try #require(values[spec.name]).values))
  }

  var weight: Matrix { product(form, part.tensors.compactMap { values[$0.name] }, rank: rank, shape: shape) }
  /// The gradient by W.
  func gradient(at w: Matrix) -> Matrix { Matrix(w.rows, w.columns, zip(curvature.values, (w - target).values).map { $0 * $1 }) }

  private func context(_ bench: inout Bench, rate: Double, count: Int) -> StepContext {
    var inputs: [String: Value] = [:]
    let shapes = Dictionary(uniqueKeysWithValues: update.state(of: part).map { ($0.name, $0.shape) })
    for (name, matrix) in values.sorted(by: { $0.key < $1.key }) {
      let shape = shapes[name] ?? [Dimension(matrix.rows), Dimension(matrix.columns)]
      inputs[name] = bench.input(name, shape, ReferenceTensor(shape: shape.compactMap(\.value), values: matrix.values))
    }
    let number = bench.input("updates", [], ReferenceTensor(Double(count)))
    let (rate, key) = (bench.input("rate", [], ReferenceTensor(rate)), bench.key())
    return StepContext(builder: bench.builder, rate: rate, key: key, values: inputs, updates: ["w": number])
  }

  /// What `RenewingUpdate` makes of the gradient at the weight.
  mutating func renew() throws {
    let renewing = try #require(update as? any RenewingUpdate)
    var bench = Bench()
    let gradient = bench.input("gradient", gradient(at: weight))
    var step = context(&bench, rate: 0, count: 0)
    try renewing.renew(part, gradients: [gradient], &step)
    bench.builder = step.builder
    for (name, value) in step.results { bench.output("new \(name)", value) }
    for report in step.reports { bench.output("report \(report.name)", report.value) }
    for (name, matrix) in try bench.run() {
      if name.hasPrefix("new ") { values[String(name.dropFirst(4))] = matrix }
      if name.hasPrefix("report ") { reports[String(name.dropFirst(7))] = matrix.values[0] }
    }
  }

  /// One step.
  mutating func step(rate: Double, count: Int) throws {
    var bench = Bench()
    let (h, t) = (bench.input("h", curvature), bench.input("t", target))
    var step = context(&bench, rate: rate, count: count)
    var moving = try update.begin(part, &step)
    for evaluation in 0..<update.evaluations(of: part) {
      let view = update.view(evaluation, of: part)
      let seen = view.form ?? WeightInForm(form: form, shape: shape, rank: Dimension(rank))
      let place = try #require(try moving.stand(evaluation, &step).first)
      for (index, value) in place.enumerated() { step.builder.result("place \(evaluation).\(index)", role: .output, value) }
      let w = try seen.form.reconstruct(place, shape: shape, rank: seen.rank, in: &step.builder)
      let gradient = try step.builder.multiply(h, try step.builder.subtract(w, t))
      var found: [Value] = []
      for index in view.asked {
        let byParameter = try Self.gradient(gradient, by: index, at: place, &step.builder)
        guard let projection = moving.projection(evaluation) else {
          found.append(byParameter)
          continue
        }
        found.append(try step.builder.projected(byParameter, on: projection.basis, projection.spans))
      }
      try moving.absorb(PartGradients(mean: found, ofParts: [found]), evaluation, &step)
    }
    bench.builder = step.builder
    for (name, value) in step.results { bench.output("new \(name)", value) }
    let found = try bench.run()
    for (name, matrix) in found where name.hasPrefix("new ") { values[String(name.dropFirst(4))] = matrix }
    places = (0..<update.evaluations(of: part)).map { evaluation in
      (0..<3).compactMap { found["place \(evaluation).\($0)"] }
    }
  }

  /// The gradient by a factor of W = a, a b or a b c, by the product rule.
  private static func gradient(_ g: Value, by index: Int, at place: [Value], _ builder: inout Builder) throws -> Value {
    var gradient = g
    for factor in place[..<index] { gradient = try builder.matmul(factor, gradient, transposeLeft: true) }
    for factor in place[(index + 1)...].reversed() { gradient = try builder.matmul(gradient, factor, transposeRight: true) }
    return gradient
  }
}
