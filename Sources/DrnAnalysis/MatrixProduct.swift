import DrnIR

/// The extents of the matrix product that a concrete `matmul` or convolution computes: rows x inner times inner x columns.
struct MatrixProduct {
  let rows: Int
  let inner: Int
  let columns: Int

  private init(rows: Int, inner: Int, columns: Int) {
    self.rows = rows
    self.inner = inner
    self.columns = columns
  }

  /// `nil` for other operations.
  init?(_ operation: Operation, in function: Function) {
    let operands = operation.operands.compactMap { function.type(of: $0).extents }
    guard operands.count >= 2, operands.count == operation.operands.count else { return nil }
    switch operation.opcode {
    case .matmul: self.init(operands[0], operands[1], operation.attributes)
    case .convolution:
      guard let result = operation.results.first.flatMap({ function.type(of: $0).extents }) else { return nil }
      self.init(places: result, weight: operands[1])
    case .convolutionInputGradient:
      guard let product = MatrixProduct(places: operands[0], weight: operands[1]) else { return nil }
      self.init(rows: product.rows, inner: product.columns, columns: product.inner)
    case .convolutionWeightGradient:
      guard let weight = operation.results.first.flatMap({ function.type(of: $0).extents }),
        let product = MatrixProduct(places: operands[1], weight: weight)
      else { return nil }
      self.init(rows: product.inner, inner: product.rows, columns: product.columns)
    case _: return nil
    }
  }

  private init?(_ left: [Int], _ right: [Int], _ attributes: Attributes) {
    guard left.count == 2, right.count == 2 else { return nil }
    let transposesLeft = attributes.boolean("transpose_left") == true
    let transposesRight = attributes.boolean("transpose_right") == true
    rows = left[transposesLeft ? 1 : 0]
    inner = left[transposesLeft ? 0 : 1]
    columns = right[transposesRight ? 0 : 1]
  }

  /// Every place of an image [B, H, W, O] is a row of patches times a weight of patch x outputs.
  private init?(places: [Int], weight: [Int]) {
    guard places.count == 4, weight.count == 2 else { return nil }
    rows = places[0] &* places[1] &* places[2]
    inner = weight[0]
    columns = weight[1]
  }

  var multiplyAdds: Int { rows &* inner &* columns }
  /// Numbers in the three matrices.
  var elements: Double { Double(rows) * Double(inner) + Double(inner) * Double(columns) + Double(rows) * Double(columns) }
}
