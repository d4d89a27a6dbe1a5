import DrnIR

/// W as a product of factors, each of which but the first and the last adds an axis of the kernel: a tensor train (Oseledets 2011) over
/// input channels, axes of the kernel, outputs.
///
/// With left_1 the first factor, left_k has one block of rows for each of the places of factor k, which is left_(k-1) times the factor's
/// own block; the last of them is W.
public struct FactorChain: Sendable {
  /// One factor of places x old rank rows and rank columns.
  public struct Factor: Sendable {
    /// Rows ordered place, old rank.
    public let value: Value
    /// How many places of the kernel its rows stand for.
    public let places: Int
    /// Its index among the parameters of the form.
    public let parameter: Int
    public init(_ value: Value, places: Int, parameter: Int) {
      self.value = value
      self.places = places
      self.parameter = parameter
    }
  }
  /// From the side of the inputs to that of the outputs.
  public let factors: [Factor]
  /// What W's trained part is multiplied by; `nil` for one.
  public let scale: Value?

  public init(_ factors: [Factor], scale: Value? = nil) {
    self.factors = factors
    self.scale = scale
  }

  /// The same chain as the trained part of a form that scales it and has so many parameters before it.
  func scaled(by scale: Value, after count: Int) -> FactorChain {
    FactorChain(factors.map { Factor($0.value, places: $0.places, parameter: $0.parameter + count) }, scale: scale)
  }

  /// left_1 to the product of all.
  func lefts(in builder: inout Builder) throws(IRError) -> [Value] {
    var lefts: [Value] = []
    for factor in factors {
      guard let last = lefts.last else { lefts.append(factor.value); continue }
      lefts.append(try builder.multiplyBlocks(factor.value, places: factor.places, by: last))
    }
    return lefts
  }

  /// For every factor the product of those after it, as rank x everything else; the last one has none.
  func rights(in builder: inout Builder) throws(IRError) -> [Right] {
    guard var product = factors.last?.value else { return [] }
    var rights: [Right] = []
    var places = 1
    for index in factors.indices.dropLast().reversed() {
      let rank = builder.type(of: factors[index].value).shape[1]
      let unfolded = try builder.unfoldBlocks(product, places: places, rows: rank)
      rights.append(Right(value: unfolded, places: places, columns: builder.type(of: product).shape[1]))
      product = try builder.multiplyBlocks(product, places: places, by: factors[index].value)
      places *= factors[index].places
    }
    return rights.reversed()
  }

  /// The product after a factor, with its columns running over outputs and the places of the factors it is made of.
  struct Right {
    let value: Value
    let places: Int
    let columns: Dimension
  }
}
