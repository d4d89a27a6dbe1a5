import DrnIR
import DrnSource

/// Why a function has no counterpart in StableHLO.
public struct TranslationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What has none, beginning small and without a stop.
  public let message: String
  /// The layer or clause of the operation, where it is known.
  public let location: Span?
  public init(_ message: String, location: Span? = nil) { (self.message, self.location) = (message, location) }
  public var description: String { message }
}

extension Opcode {
  /// Why the op is not told to another system: it stands in no step, or only in one that moves bases by factorizations. `nil` for all others.
  public var reasonUntold: String? {
    switch self {
    case .factorize: "`\(mnemonic)` is left to drnc, which factorizes with LAPACK: StableHLO has no operation for it"
    case .random(.normal), .random(.uniform): "`\(mnemonic)` is left to drnc, which draws initial values"
    case .product, .map, .valueAndGradient, .normalize(.batchNormFactors): "`\(mnemonic)` is private to drnc"
    case .unary, .binary, .narrow, .constant, .reshape, .move, .reduce, .matmul, .loss, .normalize, .random(.dropout), .magnitude, .token,
      .attend,
      .window, .convolve:
      nil
    }
  }
}
