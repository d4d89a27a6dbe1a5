import DrnIR

/// The module with products of patches turned into convolutions, so that the matrix of patches, larger than its image by the taps of the
/// window, need not be formed.
///
/// With P the patches of x: `P W` is a convolution of x with W; `P^T dY` is its gradient by W; and the gradient of P pulled back to x, where
/// it is a sum of products `dY W^T`, is a sum of gradients of convolutions by x. Patches that anything else reads stay, and so do those of one
/// tap. Runs after the order of products has been chosen.
public func formConvolutions(_ module: Module) throws(IRError) -> Module {
  try module.mapFunctions { function throws(IRError) in
    guard function.operations.contains(where: { $0.opcode == .patches || $0.opcode == .patchesGradient }) else { return function }
    var former = ConvolutionFormer(function, in: module)
    return try eliminateDeadCode(try former.run(), in: module)
  }
}

/// Rewrites one function; operations are seen with operands of the new function.
struct ConvolutionFormer {
  var rewriter: FunctionRewriter
  /// The operation that defines a value of the new function.
  private(set) var definitions: [Value: Operation] = [:]
  /// Values of the new function that one operation reads and nothing else.
  private(set) var isReadOnce: Set<Value> = []
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
    guard operation.opcode == .patchesGradient, ConvolutionGeometry(operation.attributes)?.becomesConvolution != false,
      let terms = terms(of: operation.operands[0], depth: 0)
    else { return nil }
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
  mutating func plain(_ factor: ChainFactor) throws(IRError) -> Value {
    factor.isTransposed ? try rewriter.builder.transpose(factor.value) : factor.value
  }

  private func patches(_ value: Value) -> Patches? {
    guard let operation = definitions[value], operation.opcode == .patches, let image = operation.operands.first,
      let geometry = ConvolutionGeometry(operation.attributes), geometry.becomesConvolution
    else { return nil }
    return Patches(of: image, geometry, rewriter.builder.type(of: image).shape, rows: rewriter.builder.type(of: value).shape[0])
  }
}
