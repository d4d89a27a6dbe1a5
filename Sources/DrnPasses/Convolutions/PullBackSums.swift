import DrnIR

/// The gradient of patches pulled back to the image, where it is a sum of products.
extension ConvolutionFormer {
  /// One term of a sum that nothing else reads: a product, or a matrix of another kind, times scalars.
  struct Term {
    var product: PlainProduct?
    var value: Value
    var isNegative = false
    var scalars: [Value] = []
  }

  /// Sums of more terms, one inside the other, stay as they are.
  private static let deepestSum = 32

  /// The terms of a matrix, of which at least one is a product; `nil` where none is.
  func terms(of value: Value, depth: Int) -> [Term]? {
    guard depth < Self.deepestSum, isReadOnce.contains(value), let definition = definitions[value] else { return nil }
    if let product = PlainProduct(definition) { return [Term(product: product, value: value)] }
    if definition.opcode == .add || definition.opcode == .subtract {
      let (left, right) = (definition.operands[0], definition.operands[1])
      guard isMatrix(left), isMatrix(right) else { return nil }
      let (first, second) = (terms(of: left, depth: depth + 1), terms(of: right, depth: depth + 1))
      if first == nil, second == nil { return nil }
      let isDifference = definition.opcode == .subtract
      return (first ?? [Term(value: left)]) + (second ?? [Term(value: right)]).map { isDifference ? negated($0) : $0 }
    }
    if definition.opcode == .negate { return terms(of: definition.operands[0], depth: depth + 1)?.map(negated) }
    guard definition.opcode == .multiply, let scalar = definition.operands.first(where: { !isMatrix($0) }),
      let matrix = definition.operands.first(where: isMatrix)
    else { return nil }
    return terms(of: matrix, depth: depth + 1)?.map { term in
      var scaled = term
      scaled.scalars.append(scalar)
      return scaled
    }
  }

  private func negated(_ term: Term) -> Term {
    var negated = term
    negated.isNegative.toggle()
    return negated
  }

  private func isMatrix(_ value: Value) -> Bool { rewriter.builder.type(of: value).rank == 2 }

  /// The sum of the terms' gradients by the image of `operation`, a `patches_gradient`.
  mutating func pullBack(_ terms: [Term], _ operation: Operation) throws(IRError) -> Value? {
    guard let geometry = ConvolutionGeometry(operation.attributes), let shape = operation.attributes.dimensions("shape") else { return nil }
    var sum: Value?
    for term in terms {
      var value = try pullBack(term, geometry, shape)
      for scalar in term.scalars { value = try rewriter.builder.multiply(value, scalar) }
      if let known = sum {
        sum = term.isNegative ? try rewriter.builder.subtract(known, value) : try rewriter.builder.add(known, value)
      } else {
        sum = term.isNegative ? try rewriter.builder.negate(value) : value
      }
    }
    return sum
  }

  private mutating func pullBack(_ term: Term, _ geometry: ConvolutionGeometry, _ shape: [Dimension]) throws(IRError) -> Value {
    guard let product = term.product, let patches = Patches(of: term.value, geometry, shape, rows: 0) else {
      return try rewriter.builder.patchesGradient(term.value, geometry, shape: shape)
    }
    let gradient = try plain(product.left)
    let weight = try plain(product.right.transposed)
    let image = try rewriter.builder.reshape(gradient, to: patches.windows + [rewriter.builder.type(of: gradient).shape[1]])
    return try rewriter.builder.convolutionInputGradient(image, weight, geometry, shape: shape)
  }
}
