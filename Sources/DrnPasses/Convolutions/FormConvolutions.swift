import DrnIR

/// The module with products of patches turned into convolutions, so that the matrix of patches, larger than its image by the taps of the
/// window, need not be formed.
///
/// With P the patches of x: `P W` is a convolution of x with W; `P^T dY` is its gradient by W; and the gradient of P pulled back to x, where
/// it is a sum of products `dY W^T`, is a sum of gradients of convolutions by x. Patches that anything else reads stay. Runs after the
/// order of products has been chosen.
public func formConvolutions(_ module: Module) throws(IRError) -> Module {
  try module.mapFunctions { function throws(IRError) in
    guard function.operations.contains(where: { $0.opcode == .patches || $0.opcode == .patchesGradient }) else { return function }
    var former = ConvolutionFormer(function, in: module)
    return try eliminateDeadCode(try former.run(), in: module)
  }
}

/// Rewrites one function; operations are seen with operands of the new function.
private struct ConvolutionFormer {
  private var rewriter: FunctionRewriter
  /// The operation that defines a value of the new function.
  private var definitions: [Value: Operation] = [:]
  /// Values of the new function that one operation reads and nothing else.
  private var isReadOnce: Set<Value> = []
  private let useCounts: [Value: Int]

  init(_ function: Function, in module: Module) {
    rewriter = FunctionRewriter(function, in: module)
    useCounts = function.useCounts
  }

  mutating func run() throws(IRError) -> Function {
    for operation in rewriter.source.operations {
      rewriter.builder.location = operation.location
      var moved = operation
      moved.operands = try rewriter.values(operation.operands)
      if let value = try replacement(for: moved) {
        rewriter.replace(operation.results, by: [value])
      } else {
        moved.results = try rewriter.builder.emit(moved.opcode, moved.operands, moved.attributes)
        rewriter.replace(operation.results, by: moved.results)
        for (old, new) in zip(operation.results, moved.results) {
          definitions[new] = moved
          if useCounts[old] == 1 { isReadOnce.insert(new) }
        }
      }
    }
    return try rewriter.finish()
  }

  private mutating func replacement(for operation: Operation) throws(IRError) -> Value? {
    if let product = PlainProduct(operation) { return try convolve(product) }
    guard operation.opcode == .patchesGradient, let terms = terms(of: operation.operands[0], depth: 0) else { return nil }
    return try pullBack(terms, operation)
  }

  /// The product as a convolution or a gradient of one by its weight, where one factor is a matrix of patches.
  private mutating func convolve(_ product: PlainProduct) throws(IRError) -> Value? {
    let (left, right) = (patches(product.left.value), patches(product.right.value))
    if let left, right == nil { return try multiply(left, isTransposed: product.left.isTransposed, by: product.right) }
    guard let right, left == nil else { return nil }
    // A P is (P^T A^T)^T.
    let value = try multiply(right, isTransposed: !product.right.isTransposed, by: product.left.transposed)
    return try rewriter.builder.transpose(value)
  }

  private mutating func multiply(_ patches: Patches, isTransposed: Bool, by factor: ChainFactor) throws(IRError) -> Value {
    let matrix = try plain(factor)
    if isTransposed {
      let gradient = try rewriter.builder.reshape(matrix, to: patches.windows + [rewriter.builder.type(of: matrix).shape[1]])
      return try rewriter.builder.convolutionWeightGradient(patches.image, gradient, patches.geometry)
    }
    let result = try rewriter.builder.convolution(patches.image, matrix, patches.geometry)
    return try rewriter.builder.reshape(result, to: [patches.rows, rewriter.builder.type(of: matrix).shape[1]])
  }

  /// The factor as it enters the product.
  private mutating func plain(_ factor: ChainFactor) throws(IRError) -> Value {
    factor.isTransposed ? try rewriter.builder.transpose(factor.value) : factor.value
  }

  private func patches(_ value: Value) -> Patches? {
    guard let operation = definitions[value], operation.opcode == .patches, let image = operation.operands.first,
      let geometry = ConvolutionGeometry(operation.attributes)
    else { return nil }
    return Patches(of: image, geometry, rewriter.builder.type(of: image).shape, rows: rewriter.builder.type(of: value).shape[0])
  }

  /// One term of a sum that nothing else reads: a product, or a matrix of another kind, times scalars.
  private struct Term {
    var product: PlainProduct?
    var value: Value
    var isNegative = false
    var scalars: [Value] = []
  }

  /// Sums of more terms, one inside the other, stay as they are.
  private static let deepestSum = 32

  /// The terms of a matrix, of which at least one is a product; `nil` where none is.
  private func terms(of value: Value, depth: Int) -> [Term]? {
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
  private mutating func pullBack(_ terms: [Term], _ operation: Operation) throws(IRError) -> Value? {
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

/// A matrix of patches and where it comes from.
private struct Patches {
  let image: Value
  let geometry: ConvolutionGeometry
  /// Batch, height and width of the windows.
  let windows: [Dimension]
  let rows: Dimension

  /// `shape` is that of the image; `nil` where it is no image.
  init?(of image: Value, _ geometry: ConvolutionGeometry, _ shape: [Dimension], rows: Dimension) {
    guard shape.count == 4, let height = shape[1].value, let width = shape[2].value,
      let output = geometry.output(height: height, width: width)
    else { return nil }
    self.image = image
    self.geometry = geometry
    self.rows = rows
    windows = [shape[0], Dimension(output.height), Dimension(output.width)]
  }
}

/// A `matmul` of two factors without an epilogue.
private struct PlainProduct {
  let left: ChainFactor
  let right: ChainFactor

  init?(_ operation: Operation) {
    guard operation.opcode == .matmul, operation.operands.count == 2, operation.attributes["epilogue"] == nil else { return nil }
    left = ChainFactor(value: operation.operands[0], isTransposed: operation.attributes.boolean("transpose_left") ?? false)
    right = ChainFactor(value: operation.operands[1], isTransposed: operation.attributes.boolean("transpose_right") ?? false)
  }
}
