import DrnIR
import DrnReference
import DrnTestSupport

extension OpSample {
  /// A module whose function `f` is the operation of the sample, and what it is given.
  func module(_ opcode: Opcode) throws -> (module: Module, arguments: Arguments) {
    var module = try sampleModule()
    var builder = Builder(function: "f", in: module)
    var values: [Value] = []
    var arguments: Arguments = [:]
    for (index, (operand, type)) in zip(operands, types).enumerated() {
      values.append(builder.argument("x\(index)", role: operand.key == nil ? .batch : .key, type))
      arguments["x\(index)"] = operand
    }
    for (index, result) in try builder.emit(opcode, values, attributes).enumerated() { builder.result("y\(index)", role: .output, result) }
    module.set(builder.function)
    return (module, arguments)
  }

  /// Operands that arithmetic alone does not prepare for: numbers that are none, ties, and places outside.
  static func special(of opcode: Opcode) -> [OpSample] {
    let odd = ReferenceTensor(shape: [6], values: [.nan, .infinity, -.infinity, 0, -1, 1])
    let other = ReferenceTensor(shape: [6], values: [1, 1, .nan, 0, -1, .nan])
    let tokens = ReferenceTensor(shape: [4], values: [-1, 0, 3, 2])
    func tokenSample(_ table: [Int]?, _ attributes: Attributes) -> OpSample {
      var sample = OpSample(
        "outside", table.map { [ReferenceTensor(shape: $0, values: (0..<($0[0] * $0[1])).map(Double.init))] } ?? [], attributes)
      sample.insert(tokens, TensorType(.i32, [4]), at: 0)
      return sample
    }
    switch opcode {
    case .unary: return [OpSample("special", [odd])]
    case .binary: return [OpSample("special", [odd, other])]
    case .magnitude(.largest):
      let ties = ReferenceTensor(shape: [2, 4], values: [1, -2, 2, .nan, 0, -1, 2, 0.5])
      return (0...8).map { OpSample("\($0) of 8 with ties", [ties], ["share": .integers([$0, 8])]) }
    case .token(.oneHot): return [tokenSample(nil, ["classes": .integer(3)])]
    case .token(.gatherRows): return [tokenSample([3, 2], [:])]
    case .token(.scatterRows): return [tokenSample([4, 2], ["rows": .integer(3)])]
    case .random(.dropout):
      return [[4, 5], [3, 8], [7], [2, 3, 4], [2, 2, 2, 3]].enumerated().map { index, shape in
        var sample = OpSample(
          "\(shape)", [ReferenceTensor(shape: shape, values: (0..<shape.reduce(1, *)).map { Double($0) + 1 })],
          ["rate": .number([0.5, 0.25, 0.75, 0, 0.1][index]), "stream": .string("layer \(index)")])
        sample.insert(ReferenceTensor(key: 0xFEDC_BA98_7654_3210 &+ UInt64(index)), TensorType(.u64, []), at: 1)
        return sample
      }
    case .window(.maxPool), .window(.maxPoolGradient):
      let image = ReferenceTensor(shape: [1, 3, 3, 1], values: [1, 1, 0, 1, .nan, 2, 2, .nan, 2])
      let gradient = ReferenceTensor(shape: [1, 2, 2, 1], values: [1, 10, 100, 1000])
      let geometry = ConvolutionGeometry(kernel: Extent2(2))
      return [OpSample("ties and NaN", opcode == .maxPool ? [image] : [image, gradient], geometry.attributes)]
    case .narrow, .constant, .reshape, .move, .reduce, .matmul, .product, .loss, .normalize, .random, .magnitude, .attend, .window,
      .convolve,
      .factorize, .map, .valueAndGradient:
      return []
    }
  }
}
