/// Every operation of the IR, by kind. What holds for all ops of a kind is a switch over kinds.
///
/// The ops of a kind, their mnemonics and their specifications stand in `Ops/`, one file for the list of each kind.
public enum Opcode: Sendable, Hashable {
  /// A function of each element of one operand.
  case unary(UnaryOp)
  /// A function of the elements of two operands of one type; a scalar operand applies to every element.
  case binary(BinaryOp)
  /// The nearest number of half the width, for each element.
  case narrow
  /// A tensor filled with one number.
  case constant
  /// The same elements under another shape: a view where the layouts allow it.
  case reshape
  /// Elements are moved, repeated or padded, and nothing is computed.
  case move(MoveOp)
  /// Sums over elements.
  case reduce(ReduceOp)
  /// The product of two matrices.
  case matmul
  /// A chain of products whose order is not chosen yet.
  case product
  /// A loss and its gradient.
  case loss(LossOp)
  /// Normalizations and their gradients.
  case normalize(NormalizeOp)
  /// Random numbers, and masks made of them.
  case random(RandomOp)
  /// Powers of magnitudes, and masks by magnitude.
  case magnitude(MagnitudeOp)
  /// Rows chosen by tokens.
  case token(TokenOp)
  /// Attention and its gradient.
  case attend(AttendOp)
  /// Windows of channels-last images: patches and pools.
  case window(WindowOp)
  /// Convolutions of channels-last images.
  case convolve(ConvolveOp)
  /// Factorizations of one matrix, for initial values and transitions.
  case factorize(FactorizeOp)
  /// A scalar function of the module for each element.
  case map
  /// A function of the module and its gradient.
  case valueAndGradient
}

/// The ops of one kind; the raw value is the mnemonic.
protocol OpList: RawRepresentable<String>, CaseIterable {
  /// The specification of the op.
  var spec: OpSpec { get }
}

extension Opcode: CaseIterable {
  /// Every op, kind by kind.
  public static let allCases: [Opcode] =
    UnaryOp.allCases.map(unary) + BinaryOp.allCases.map(binary) + [.narrow, .constant, .reshape] + MoveOp.allCases.map(move)
    + ReduceOp.allCases.map(reduce) + [.matmul, .product] + LossOp.allCases.map(loss) + NormalizeOp.allCases.map(normalize)
    + RandomOp.allCases.map(random) + MagnitudeOp.allCases.map(magnitude) + TokenOp.allCases.map(token) + AttendOp.allCases.map(attend)
    + WindowOp.allCases.map(window) + ConvolveOp.allCases.map(convolve)
    + FactorizeOp.allCases.map(factorize) + [.map, .valueAndGradient]

  /// Whether each element of the result is a function of the operands' elements at that place, so that the op can run inside a body.
  public var isElementwise: Bool {
    switch self {
    case .unary, .binary, .narrow: true
    case .constant, .reshape, .move, .reduce, .matmul, .product, .loss, .normalize, .random, .magnitude, .token, .attend, .window,
      .convolve,
      .factorize, .map, .valueAndGradient:
      false
    }
  }

  /// The name of the op in the text form.
  public var mnemonic: String {
    switch self {
    case .narrow: "narrow"
    case .constant: "constant"
    case .reshape: "reshape"
    case .matmul: "matmul"
    case .product: "product"
    case .map: "map"
    case .valueAndGradient: "value_and_gradient"
    case .unary(let op): op.rawValue
    case .binary(let op): op.rawValue
    case .move(let op): op.rawValue
    case .reduce(let op): op.rawValue
    case .loss(let op): op.rawValue
    case .normalize(let op): op.rawValue
    case .random(let op): op.rawValue
    case .magnitude(let op): op.rawValue
    case .token(let op): op.rawValue
    case .attend(let op): op.rawValue
    case .window(let op): op.rawValue
    case .convolve(let op): op.rawValue
    case .factorize(let op): op.rawValue
    }
  }

  private static let byMnemonic = Dictionary(allCases.map { ($0.mnemonic, $0) }) { first, _ in first }

  /// The op of that mnemonic.
  public init?(mnemonic: String) {
    guard let opcode = Self.byMnemonic[mnemonic] else { return nil }
    self = opcode
  }

  /// The specification of the op.
  public var spec: OpSpec {
    switch self {
    case .narrow: .narrow
    case .constant: .constant
    case .reshape: .reshape
    case .matmul: .matmul
    case .product: .product
    case .map: .map
    case .valueAndGradient: .valueAndGradient
    case .unary(let op): op.spec
    case .binary(let op): op.spec
    case .move(let op): op.spec
    case .reduce(let op): op.spec
    case .loss(let op): op.spec
    case .normalize(let op): op.spec
    case .random(let op): op.spec
    case .magnitude(let op): op.spec
    case .token(let op): op.spec
    case .attend(let op): op.spec
    case .window(let op): op.spec
    case .convolve(let op): op.spec
    case .factorize(let op): op.spec
    }
  }
}
