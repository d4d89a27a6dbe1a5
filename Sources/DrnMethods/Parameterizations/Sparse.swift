import DrnIR
import DrnNumbers

/// Another form, each of whose trained tensors is w * mask, entry by entry, with w trained and a mask of zeros and ones frozen.
///
/// Tensors keep their shapes, in memory and in products. Outside its mask w begins at zero and has no gradient.
public struct Sparse: MaskedForm, EntrywiseForm {
  private enum Draw: String, CaseIterable { case random, magnitude }

  /// Those whose trained tensors have no zeros of their own at the start, with the draws that have none.
  private static let inner: [any Parameterization.Type] = [
    Dense.self, Factored.self, ThreeFactor.self, Core.self, Tucker.self, CP.self, Power.self,
  ]

  public static let spec = MethodSpec(
    "sparse",
    summary:
      "Another form, each of whose trained tensors is w * mask, w trained and the mask of zeros and ones frozen; on entering the entries of largest magnitude.",
    options: [
      OptionSpec(
        "density", .number(0...1), required: true,
        "The share of the entries of each trained tensor that its mask keeps; their number is rounded down."),
      OptionSpec(
        "of", .method(inner.map { $0.spec.withoutZeroDraws }), default: .word(Dense.spec.name),
        "The form whose trained tensors are masked; of factors each factor is, and not their product."),
      OptionSpec(
        "mask", .word(Draw.allCases.map(\.rawValue)), default: .word(Draw.random.rawValue),
        "At the start of training, random: entries drawn uniformly; magnitude: those of largest magnitude of the first values."),
    ], positional: 1)
  public let options: Options
  private let density: Rational
  private let draw: Draw
  var inner: any Parameterization

  /// Without a density, which the checker does not let pass, half is kept.
  public init(options: Options) {
    self.options = options
    density = min(max(options.share("density") ?? Rational(nearest: 0.5), 0), 1)
    draw = options.word("mask").flatMap(Draw.init) ?? .random
    inner = options.inner(of: Self.inner)
  }

  public func activeCount(_ shape: WeightShape, rank: Int) -> Int {
    inner.parameters(shape, rank: Dimension(rank)).reduce(0) { $0 &+ ($1.isTrainable ? density.of($1.count, .down) : $1.count) }
  }
  public var isMasked: Bool { !keepsAll }
  /// Outside the mask w is zero, and decay leaves it there.
  public var decaysByItself: Bool { inner.decaysByItself }
  public func fidelity(rank: Int, shape: WeightShape) -> Fidelity { keepsAll ? inner.fidelity(rank: rank, shape: shape) : .truncating }
  public func holds(_ content: ContentRanks, rank: Int, shape: WeightShape) -> Bool {
    keepsAll && inner.holds(content, rank: rank, shape: shape)
  }
  public func isSame(as other: any Parameterization) -> Bool {
    guard let other = other as? Sparse else { return false }
    return density == other.density && inner.isSame(as: other.inner)
  }
  private var keepsAll: Bool { density == 1 }

  /// The other form's tensors, then the mask of each that it trains.
  public func parameters(_ shape: WeightShape, rank: Dimension) -> [ParameterSpec] {
    let specs = inner.parameters(shape, rank: rank)
    let values = specs.map { spec in
      ParameterSpec(
        spec.name.isEmpty ? "w" : spec.name, spec.shape, kernel: spec.kernel, isTrainable: spec.isTrainable, orthonormal: spec.orthonormal)
    }
    let masks = specs.filter(\.isTrainable).map { spec in
      ParameterSpec(spec.name.isEmpty ? "mask" : "\(spec.name)_mask", spec.shape, kernel: spec.kernel, isTrainable: false)
    }
    return values + masks
  }
  public func initialize(
    dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let values = try inner.initialize(dense: dense, shape: shape, rank: rank, name: name, key: key, in: &builder)
    guard draw == .random else { return try ownParameters(values, in: &builder) }
    var masks: [Value] = []
    for spec in parameters(shape, rank: rank).dropFirst(values.count) {
      masks.append(try mask(of: try builder.randomUniform(spec.shape, limit: 1, stream: "\(name).\(spec.name)", key: key), in: &builder))
    }
    return try masked(values[...], masks[...], in: &builder) + masks
  }
}

extension Sparse {
  /// Which of the other form's parameters are trained: those come first, then their masks in order.
  private var trained: [Int] {
    // Shapes and ranks say nothing of which tensors a form trains.
    inner.trainedIndices(WeightShape(inputs: 1, outputs: 1), rank: 1)
  }

  public func masks(_ shape: WeightShape, rank: Dimension) -> [(tensor: Int, mask: Int)] {
    let count = inner.parameters(shape, rank: rank).count
    return trained.enumerated().map { ($0.element, count + $0.offset) }
  }

  func innerParameters(_ parameters: [Value], in builder: inout Builder) throws(IRError) -> [Value] {
    try masked(parameters.dropLast(trained.count), parameters.suffix(trained.count), in: &builder)
  }

  /// Values of the other form and their masks by magnitude.
  func ownParameters(_ values: [Value], in builder: inout Builder) throws(IRError) -> [Value] {
    var masks: [Value] = []
    for index in trained { masks.append(try mask(of: values[index], in: &builder)) }
    return try masked(values[...], masks[...], in: &builder) + masks
  }

  func slopes(_ parameters: [Value], in builder: inout Builder) throws(IRError) -> [Value]? { parameters.suffix(trained.count) }

  /// Slopes are zeros and ones.
  func squares(_ slopes: [Value], in builder: inout Builder) throws(IRError) -> [Value] { slopes }

  private func masked(
    _ values: ArraySlice<Value>, _ masks: ArraySlice<Value>, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    var masked = Array(values)
    for (index, mask) in zip(trained, masks) { masked[index] = try builder.multiply(masked[index], mask) }
    return masked
  }

  private func mask(of value: Value, in builder: inout Builder) throws(IRError) -> Value {
    try builder.largest(value, density.numerator, of: density.denominator)
  }
}
