/// A rank symbol: an index into `Module.symbols`.
public struct Symbol: Hashable, Sendable, Comparable {
  /// The position in `Module.symbols`.
  public let index: Int
  public init(_ index: Int) { self.index = index }
  /// In the order of declaration.
  public static func < (left: Symbol, right: Symbol) -> Bool { left.index < right.index }
}

/// What is known about a rank symbol before it is given a number.
public struct SymbolInfo: Hashable, Sendable {
  /// The weight whose rank it is, for instance `fc1.weight`.
  public let name: String
  /// The values it may take.
  public let bounds: ClosedRange<Int>
  /// For a symbol computed from others: the smaller of an expression and a number, as `min(2 * r0, 392)`.
  public let definition: SymbolDefinition?
  public init(name: String, bounds: ClosedRange<Int>, definition: SymbolDefinition? = nil) {
    self.name = name
    self.bounds = bounds
    self.definition = definition
  }
}

/// `min(value, limit)`.
public struct SymbolDefinition: Hashable, Sendable {
  /// An expression in other symbols, such as `2 * r0`.
  public let value: Dimension
  /// The most that the symbol is.
  public let limit: Int
  public init(value: Dimension, limit: Int) {
    self.value = value
    self.limit = limit
  }
}

/// An extent that may depend on ranks: `constant + sum of coefficient * symbol`.
public struct Dimension: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// One symbol, multiplied.
  public struct Term: Hashable, Sendable {
    /// The rank that is multiplied.
    public let symbol: Symbol
    /// What it is multiplied by; not zero in a dimension.
    public let coefficient: Int
    public init(symbol: Symbol, coefficient: Int) {
      self.symbol = symbol
      self.coefficient = coefficient
    }
  }
  /// The part that depends on no rank.
  public let constant: Int
  /// Sorted by symbol, no zero coefficient: equal dimensions are structurally equal.
  public let terms: [Term]

  /// An extent that depends on no rank.
  public init(_ constant: Int) {
    self.constant = constant
    terms = []
  }
  /// An extent that depends on no rank.
  public init(integerLiteral value: Int) { self.init(value) }
  /// The extent that is the rank itself.
  public init(_ symbol: Symbol) {
    constant = 0
    terms = [Term(symbol: symbol, coefficient: 1)]
  }
  /// Collects equal symbols and drops zero coefficients.
  public init(constant: Int, terms: [Term]) {
    self.constant = constant
    let symbols = Set(terms.map(\.symbol)).sorted()
    self.terms = symbols.compactMap { symbol in
      let coefficient = terms.filter { $0.symbol == symbol }.reduce(0) { $0 &+ $1.coefficient }
      return coefficient == 0 ? nil : Term(symbol: symbol, coefficient: coefficient)
    }
  }

  /// The number, when no rank symbol is involved.
  public var value: Int? { terms.isEmpty ? constant : nil }

  /// The sum, term by term. Overflow wraps around, here and in the two below.
  public static func + (left: Dimension, right: Dimension) -> Dimension {
    Dimension(constant: left.constant &+ right.constant, terms: left.terms + right.terms)
  }
  /// The difference, term by term.
  public static func - (left: Dimension, right: Dimension) -> Dimension { left + right * -1 }
  /// Every term times the factor.
  public static func * (left: Dimension, factor: Int) -> Dimension {
    Dimension(
      constant: left.constant &* factor, terms: left.terms.map { Term(symbol: $0.symbol, coefficient: $0.coefficient &* factor) })
  }

  /// Replaces every symbol by its number; `ranks` is indexed by symbol. Symbols out of range count as 0.
  public func substituting(_ ranks: [Int]) -> Dimension {
    Dimension(
      terms.reduce(constant) { sum, term in
        ranks.indices.contains(term.symbol.index) ? sum &+ term.coefficient &* ranks[term.symbol.index] : sum
      })
  }
}
