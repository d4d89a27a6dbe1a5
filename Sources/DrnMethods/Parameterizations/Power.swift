import DrnIR

/// Another form whose trained tensors enter as powers of what is trained: theta |theta|^(exponent - 1) for every entry theta.
///
/// A step on W is larger where W is: to first order exponent^2 |W|^(2 - 2 / exponent) times that of the other form, so that small entries stay
/// small. An entry at zero has no gradient and stays there.
public struct Power: EntrywiseForm {
  /// Those whose parameters have no zeros of their own, with the draws that have none.
  private static let inner: [any Parameterization.Type] = [Dense.self, Factored.self, Tucker.self, CP.self]

  public static let spec = MethodSpec(
    "power", summary: "Another form, each of whose trained entries is theta |theta|^(exponent - 1), with theta trained.",
    source: "Powerpropagation, arXiv 2110.00296; there of W itself",
    options: [
      OptionSpec("exponent", .number(1...100), required: true, "The exponent; at 1 the form is the other one."),
      OptionSpec(
        "of", .method(inner.map { $0.spec.withoutZeroDraws }), default: .word(Dense.spec.name),
        "The form whose trained tensors are powers; of factors the factors are, and not their product."),
    ], positional: 1)
  public let options: Options
  let exponent: Double
  var inner: any Parameterization
  public func homogeneity(_ shape: WeightShape) -> Double? { inner.homogeneity(shape).map { $0 * exponent } }
  private var isPlain: Bool { exponent == 1 }

  /// Without an exponent, which the checker does not let pass, it is 2.
  public init(options: Options) {
    self.options = options
    exponent = options.number("exponent") ?? 2
    inner = options.inner(of: Self.inner)
  }

  public var fixesZeros: Bool { !isPlain || inner.fixesZeros }
  public var isReparameterized: Bool { !isPlain || inner.isReparameterized }
  public var hasConsistentMoments: Bool { inner.hasConsistentMoments }
  public func determinesDenseMoment(rank: Int, shape: WeightShape) -> Bool { inner.determinesDenseMoment(rank: rank, shape: shape) }
  public func isSame(as other: any Parameterization) -> Bool {
    guard let other = other as? Power else { return false }
    return exponent == other.exponent && inner.isSame(as: other.inner)
  }

  public func parameters(_ shape: WeightShape, rank: Dimension) -> [ParameterSpec] {
    inner.parameters(shape, rank: rank).map { spec in
      ParameterSpec(spec.name.isEmpty ? "theta" : "\(spec.name)_theta", spec.shape, kernel: spec.kernel)
    }
  }

  /// Powers of what is trained.
  func innerParameters(_ parameters: [Value], in builder: inout Builder) throws(IRError) -> [Value] {
    guard !isPlain else { return parameters }
    var powers: [Value] = []
    for parameter in parameters { powers.append(try builder.power(parameter, exponent: exponent)) }
    return powers
  }

  func slopes(_ parameters: [Value], in builder: inout Builder) throws(IRError) -> [Value]? {
    guard !isPlain else { return nil }
    var slopes: [Value] = []
    for parameter in parameters { slopes.append(try builder.powerDerivative(parameter, exponent: exponent)) }
    return slopes
  }

  func squares(_ slopes: [Value], in builder: inout Builder) throws(IRError) -> [Value] {
    var squares: [Value] = []
    for slope in slopes { squares.append(try builder.square(slope)) }
    return squares
  }

  /// What has these powers: sign(p) |p|^(1 / exponent), by a square root where that is it, else by logarithms; 0 for 0.
  func ownParameters(_ powers: [Value], in builder: inout Builder) throws(IRError) -> [Value] {
    guard !isPlain else { return powers }
    var roots: [Value] = []
    for power in powers {
      let size = try builder.emitOne(.absolute, [power])
      let root =
        exponent == 2
        ? try builder.squareRoot(size)
        : try builder.emitOne(.exponential, [try builder.scale(try builder.emitOne(.logarithm, [size]), by: 1 / exponent)])
      roots.append(try builder.multiply(try builder.emitOne(.sign, [power]), root))
    }
    return roots
  }
}
