import DrnIR

/// Functions of one operation each, named `kernel`, over a grid of shapes: what a benchmark holds the cost model against.
///
/// Sizes are those of layers, small to large, with odd ones among them. Nothing for operations that have no kernel by design.
public func kernelGrid(_ opcode: Opcode) throws(IRError) -> [Module] {
  var modules: [Module] = []
  for shape in opcode.gridShapes {
    var module = Module(name: "grid")
    module.set(try scalarBody(in: module))
    var b = Builder(function: "kernel", in: module)
    guard let results = try opcode.example(shape, in: &b) else { continue }
    for (index, value) in results.enumerated() { b.result("y\(index)", role: .output, value) }
    module.set(b.function)
    modules.append(module)
  }
  return modules
}

/// What the fused map of the grid does to an element.
private func scalarBody(in module: Module) throws(IRError) -> Function {
  var b = Builder(function: "body", in: module)
  let (x, y, row) = (b.argument("x", role: .plain, .scalar), b.argument("y", role: .plain, .scalar), b.argument("r", role: .plain, .scalar))
  b.result("z", role: .plain, try b.maximum(try b.add(try b.multiply(x, row), y), try b.constant(0)))
  return b.function
}

extension Opcode {
  fileprivate var gridShapes: [ExampleShape] {
    switch self {
    case .product, .valueAndGradient: []
    case .matmul:
      [
        .product(128, 784, 512), .product(128, 512, 10), .product(64, 1024, 1024), .product(1000, 33, 257), .product(32768, 16, 32),
        .product(8192, 64, 8), .product(512, 512, 512),
      ]
    case .factorize: [.matrix(16, 16), .matrix(64, 64), .matrix(144, 32), .matrix(512, 128), .matrix(300, 300)]
    case .move(.diagonal): [.matrix(1, 64), .matrix(1, 512)]
    case .attend:
      [(16, 128, 4, 64), (4, 512, 8, 64), (2, 1000, 2, 33), (64, 17, 2, 16)].map {
        .sequence(batch: $0.0, length: $0.1, heads: $0.2, groups: $0.2, size: $0.3)
      }
    case .window:
      [
        .window(kernel: 2, stride: 2, channels: 32, outputs: 32, groups: 1, batch: 64, side: 16),
        .window(kernel: 3, stride: 1, channels: 16, outputs: 16, groups: 1, batch: 32, side: 16),
        .window(kernel: 3, stride: 2, channels: 65, outputs: 65, groups: 1, batch: 32, side: 15),
      ]
    case .move(.channelsLast), .move(.channelsFirst):
      [
        .window(kernel: 1, stride: 1, channels: 3, outputs: 3, groups: 1, batch: 128, side: 32),
        .window(kernel: 1, stride: 1, channels: 64, outputs: 64, groups: 1, batch: 64, side: 8),
      ]
    case .convolve: Self.convolutions
    case .unary, .binary, .narrow, .constant, .reshape, .move, .reduce, .loss, .normalize, .random, .magnitude, .token, .map:
      [.matrix(128, 512), .matrix(1000, 37), .matrix(4096, 256), .matrix(32768, 16)]
    }
  }

  /// Every method at sizes where it is chosen; strides, groups, and images that are small.
  private static let convolutions: [ExampleShape] = [
    (3, 1, 3, 16, 1, 32), (3, 1, 16, 16, 1, 32), (3, 1, 33, 31, 1, 16), (3, 1, 64, 64, 1, 8), (3, 1, 128, 128, 1, 8),
    (3, 1, 256, 256, 1, 4),
    (3, 2, 16, 32, 1, 32), (3, 2, 64, 128, 1, 8), (1, 1, 64, 64, 1, 8), (1, 2, 16, 32, 1, 32), (5, 1, 16, 16, 1, 16), (7, 2, 3, 32, 1, 32),
    (3, 1, 64, 4, 1, 16), (3, 1, 4, 64, 1, 16), (3, 1, 64, 64, 2, 8), (3, 1, 64, 64, 16, 8), (3, 2, 64, 64, 16, 16), (3, 1, 64, 64, 64, 16),
    (3, 2, 64, 64, 64, 16), (3, 2, 128, 128, 128, 16), (5, 1, 48, 48, 48, 16), (5, 2, 48, 48, 48, 16), (7, 1, 65, 65, 65, 8),
    (3, 1, 256, 256, 1, 8), (3, 1, 512, 512, 1, 4), (3, 1, 160, 160, 1, 32), (3, 2, 256, 512, 1, 8), (5, 1, 64, 64, 1, 16),
    (7, 1, 64, 64, 1, 16), (1, 2, 256, 512, 1, 8), (7, 1, 96, 96, 96, 16),
  ].map { kernel, stride, channels, outputs, groups, side in
    .window(kernel: kernel, stride: stride, channels: channels, outputs: outputs, groups: groups, batch: 32, side: side)
  }
}
