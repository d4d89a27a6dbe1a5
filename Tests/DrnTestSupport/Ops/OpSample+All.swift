import DrnIR
import DrnReference

extension OpSample {
  /// Samples of every op: those made for it here, or else its own example.
  public static func samples(of opcode: Opcode) -> [OpSample] {
    var random = SplitMix64(seed: opcode.mnemonic.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
    switch opcode {
    case .unary: return unarySamples(opcode.spec.domain, &random)
    case .binary: return pairs(&random, opcode.spec.domain == .everywhere ? -2...2 : 0.5...2)
    case .narrow: return [OpSample("matrix", [random.tensor([3, 4])])]
    case .constant: return [OpSample("filled", [], ["shape": .dimensions([2, 3]), "value": .number(1.5)])]
    case .move(.broadcast): return broadcastSamples(&random)
    case .reduce(.sum): return [[0], [1], [0, 1], []].map { OpSample("axes \($0)", [random.tensor([3, 4])], ["axes": .integers($0)]) }
    case .reduce(.norm): return [OpSample("three shapes", [random.tensor([3, 4]), random.tensor([5]), random.tensor([])])]
    case .move(.transpose): return [OpSample("matrix", [random.tensor([3, 4])])]
    case .move(.diagonal): return [OpSample("vector", [random.tensor([4])])]
    case .reshape: return [OpSample("3 x 4 to 2 x 6", [random.tensor([3, 4])], ["shape": .dimensions([2, 6])])]
    case .move(.slice):
      return [OpSample("inner block", [random.tensor([3, 4])], ["sizes": .dimensions([2, 2]), "starts": .dimensions([1, 1])])]
    case .move(.pad):
      return [OpSample("zeros around", [random.tensor([3, 4])], ["shape": .dimensions([5, 7]), "starts": .dimensions([1, 2])])]
    case .move(.concatenate): return concatenateSamples(&random)
    case .matmul: return matmulSamples(&random)
    case .product: return productSamples(&random)
    case .loss: return crossEntropySamples(opcode, &random)
    case .normalize(.logSoftmax): return [OpSample("4 x 5", [random.tensor([4, 5])]), OpSample("one column", [random.tensor([3, 1])])]
    case .normalize(.layerNorm), .normalize(.batchNorm), .normalize(.batchNormFactors):
      let shapes = opcode != .layerNorm ? [[4, 5], [2, 3, 2, 5]] : [[4, 5]]
      return shapes.map { OpSample("\($0)", [random.tensor($0), random.tensor([5]), random.tensor([5])], ["epsilon": .number(1e-5)]) }
    case .normalize(.layerNormGradient): return [OpSample("4 x 5", [[4, 5], [4, 5], [4], [4], [5]].map { random.tensor($0, 0.5...1) })]
    case .normalize(.batchNormGradient):
      let operands = [[4, 5], [4, 5], [5], [5], [5]].map { random.tensor($0, 0.5...1) }
      return [OpSample("4 x 5", operands, ["epsilon": .number(1e-5)])]
    case .window, .convolve, .move(.channelsLast), .move(.channelsFirst): return imageSamples(of: opcode, &random)
    case .random(.dropout):
      return [OpSample("rate 0.4", [random.tensor([4, 5])], ["rate": .number(0.4), "stream": .string("fc1")]).withKey]
    case .random(.normal): return [numbers("deviation")]
    case .random(.uniform): return [numbers("limit")]
    case .magnitude(.power), .magnitude(.powerDerivative):
      return [1, 1.5, 2, 3, 4.25].map { OpSample("exponent \($0)", [random.tensor([3, 4])], ["exponent": .number($0)]) }
    case .magnitude(.largest):
      return [0, 1, 5, 12].map { OpSample("\($0) of 12", [random.tensor([3, 4])], ["share": .integers([$0, 12])]) }
    case .factorize: return [OpSample("tall", [random.tensor([4, 3])]), OpSample("wide", [random.tensor([3, 4])])]
    case .map:
      return [
        OpSample("rows", [random.tensor([2, 3]), random.tensor([3])], ["body": .function("scale_shift"), "kinds": .integers([0, 2])])
      ]
    case .attend(let op): return attentionSamples(op, &random)
    case .token, .move, .reduce, .normalize, .random: return examples(of: opcode, &random)
    case .valueAndGradient: return [OpSample("loss", [random.tensor([2, 3])], ["function": .function("loss"), "wrt": .integers([0])])]
    }
  }

  /// A matrix of operands where the function is smooth, and a scalar where that is everywhere.
  private static func unarySamples(_ domain: OperandDomain, _ random: inout SplitMix64) -> [OpSample] {
    switch domain {
    case .everywhere: [OpSample("matrix", [random.tensor([3, 4])]), OpSample("scalar", [random.tensor([])])]
    case .positive: [OpSample("positive", [random.tensor([3, 4], 0.5...3)])]
    case .nonzero: [OpSample("of both signs", [awayFromZero(random.tensor([3, 4]))])]
    }
  }

  /// The op's own example, small.
  static func examples(of opcode: Opcode, _ random: inout SplitMix64) -> [OpSample] {
    let shapes: [ExampleShape] = [
      .matrix(4, 5), .window(kernel: 2, stride: 1, channels: 3, outputs: 2, groups: 1, batch: 2, side: 4),
    ]
    for shape in shapes {
      var b = Builder(function: "f", in: Module(name: "example"))
      guard (try? opcode.example(shape, in: &b)) ?? nil != nil, let operation = b.function.operations.last else { continue }
      var sample = OpSample("example", [], operation.attributes)
      for port in b.function.arguments {
        let type = b.type(of: port.value)
        sample.append(argument(port.name, type, &random), type)
      }
      return [sample]
    }
    return []
  }

  private static func argument(_ name: String, _ type: TensorType, _ random: inout SplitMix64) -> ReferenceTensor {
    let shape = type.extents ?? []
    switch type.element {
    case .u64: return ReferenceTensor(key: 0x1234_5678_9ABC_DEF0)
    case .i32: return ReferenceTensor(shape: shape, values: (0..<shape.reduce(1, *)).map { Double($0 % 3) })
    case .f32, .bf16: return random.tensor(shape, name.hasPrefix("positive") ? 0.5...1.5 : -2...2)
    }
  }

  private static func awayFromZero(_ tensor: ReferenceTensor) -> ReferenceTensor {
    ReferenceTensor(shape: tensor.shape, values: tensor.values.map { $0 < 0 ? $0 - 0.5 : $0 + 0.5 })
  }

  private static func pairs(_ random: inout SplitMix64, _ range: ClosedRange<Double>) -> [OpSample] {
    [
      OpSample("equal shapes", [random.tensor([3, 4], range), random.tensor([3, 4], range)]),
      OpSample("scalar right", [random.tensor([3, 4], range), random.tensor([], range)]),
      OpSample("scalar left", [random.tensor([], range), random.tensor([3, 4], range)]),
      OpSample("scalars", [random.tensor([], range), random.tensor([], range)]),
    ]
  }

  private static func broadcastSamples(_ random: inout SplitMix64) -> [OpSample] {
    [
      OpSample("new axes around", [random.tensor([3, 4])], ["axes": .integers([1, 3]), "shape": .dimensions([2, 3, 2, 4])]),
      OpSample("scalar", [random.tensor([])], ["axes": .integers([]), "shape": .dimensions([2, 3])]),
    ]
  }

  private static func concatenateSamples(_ random: inout SplitMix64) -> [OpSample] {
    [
      OpSample("columns", [random.tensor([3, 4]), random.tensor([3, 2]), random.tensor([3, 1])], ["axis": .integer(1)]),
      OpSample("rows", [random.tensor([1, 4]), random.tensor([2, 4])], ["axis": .integer(0)]),
    ]
  }

  private static func matmulSamples(_ random: inout SplitMix64) -> [OpSample] {
    [(false, false), (false, true), (true, false), (true, true)].map { left, right in
      OpSample(
        "transposed \(left) \(right)", [random.tensor(left ? [4, 3] : [3, 4]), random.tensor(right ? [2, 4] : [4, 2])],
        ["transpose_left": .boolean(left), "transpose_right": .boolean(right)])
    }
  }

  private static func productSamples(_ random: inout SplitMix64) -> [OpSample] {
    let patterns: [[Bool]] = [
      [false, false, false], [true, false, true], [false, true, false], [true, true, true],
      [false, false, false, false], [true, false, false, true], [false, true, true, false],
    ]
    let extents = [2, 3, 4, 5, 3]
    return patterns.map { transposes in
      let factors = transposes.enumerated().map { index, isTransposed in
        let shape = [extents[index], extents[index + 1]]
        return random.tensor(isTransposed ? shape.reversed() : shape)
      }
      return OpSample("transposes \(transposes)", factors, ["transposes": .booleans(transposes)])
    }
  }

  private static func crossEntropySamples(_ opcode: Opcode, _ random: inout SplitMix64) -> [OpSample] {
    let cases = [(0.0, false, false), (0.1, false, false), (0.0, true, false), (0.2, true, false), (0.2, true, true)]
    return cases.map { smoothing, isWeighted, isPart in
      let label = "smoothing \(smoothing), weighted \(isWeighted), part \(isPart)"
      var sample = OpSample(label, [random.tensor([5, 3])], ["smoothing": .number(smoothing)])
      sample.insert(ReferenceTensor(shape: [5], values: [0, 2, 1, 1, 0]), TensorType(.i32, [5]), at: 1)
      if opcode == .softmaxCrossEntropyGradient { sample.insert(random.tensor([]), .scalar, at: 2) }
      if isWeighted { sample.insert(random.tensor([3], 0.5...2), .f32([3]), at: sample.operands.count) }
      guard isPart else { return sample }
      let step = ReferenceTensor(shape: [7], values: [0, 2, 1, 1, 0, 2, 2])
      sample.insert(step, TensorType(.i32, [7]), at: sample.operands.count)
      return sample
    }
  }

  private static func numbers(_ extent: String) -> OpSample {
    var sample = OpSample("stream", [], ["shape": .dimensions([4, 5]), "stream": .string("fc1")])
    sample.attributes[extent] = .number(2)
    return sample.withKey
  }

  /// The sample with a random key as its last operand.
  private var withKey: OpSample {
    var sample = self
    sample.insert(ReferenceTensor(key: 0x1234_5678_9ABC_DEF0), TensorType(.u64, []), at: operands.count)
    return sample
  }
}
