import DrnIR
import DrnTestSupport
import Testing

/// One request that an op must refuse, and what its message must mention.
struct RefusedRequest: Sendable, CustomTestStringConvertible {
  let opcode: Opcode
  let operands: [TensorType]
  var attributes: Attributes = [:]
  let mentions: [String]
  init(_ opcode: Opcode, _ operands: [TensorType], _ attributes: Attributes = [:], mentions: String...) {
    self.opcode = opcode
    self.operands = operands
    self.attributes = attributes
    self.mentions = mentions
  }
  var testDescription: String { "\(opcode.mnemonic) of \(mentions.joined(separator: " and "))" }
}

private func f32(_ shape: Dimension...) -> TensorType { .f32(shape) }
private let r0 = Dimension(Symbol(0))
private let r1 = Dimension(Symbol(1))
private let plain: Attributes = ["transpose_left": .boolean(false), "transpose_right": .boolean(false)]
private let labels = TensorType(.i32, [4])
private let key = TensorType(.u64, [])

@Suite("Shapes that ops refuse")
struct OpShapeTests {
  static let elementwise: [RefusedRequest] = [
    RefusedRequest(.add, [f32(2, 3), f32(3, 2)], mentions: "f32[2, 3]", "f32[3, 2]"),
    RefusedRequest(.multiply, [f32(r0), f32(r1)], mentions: "f32[r0]", "f32[r1]"),
    RefusedRequest(.divide, [f32(3), f32(1)], mentions: "f32[3]", "f32[1]"),
    RefusedRequest(
      .map, [f32(2, 3), f32(2)], ["body": .function("scale_shift"), "kinds": .integers([0, 2])], mentions: "f32[2]", "f32[3]", "[2, 3]"),
    RefusedRequest(
      .map, [f32(5), f32(5)], ["body": .function("scale_shift"), "kinds": .integers([0, 3])], mentions: "[5]", "column"),
    RefusedRequest(.map, [f32(5)], ["body": .function("scale_shift"), "kinds": .integers([0])], mentions: "2 arguments", "1 are needed"),
    RefusedRequest(.map, [f32(2, 3)], ["body": .function("loss"), "kinds": .integers([0])], mentions: "f32[2, 3]", "scalar"),
    RefusedRequest(.map, [f32(5)], ["body": .function("absent"), "kinds": .integers([0])], mentions: "@absent"),
    RefusedRequest(
      .map, [.scalar, .scalar], ["body": .function("scale_shift"), "kinds": .integers([1, 1])], mentions: "shape"),
    RefusedRequest(
      .map, [f32(5), f32(5)], ["body": .function("scale_shift"), "kinds": .integers([0, 0]), "shape": .dimensions([5])],
      mentions: "[5]", "f32[5]"),
  ]

  static let shapes: [RefusedRequest] = [
    RefusedRequest(.constant, [], ["shape": .dimensions([-1]), "value": .number(0)], mentions: "[-1]"),
    RefusedRequest(.broadcast, [f32(3)], ["axes": .integers([0]), "shape": .dimensions([2, 3])], mentions: "f32[3]", "[2, 3]"),
    RefusedRequest(.broadcast, [f32(3, 2)], ["axes": .integers([1, 0]), "shape": .dimensions([2, 3])], mentions: "[1, 0]", "[2, 3]"),
    RefusedRequest(.sum, [f32(2, 3)], ["axes": .integers([2])], mentions: "[2]", "[2, 3]"),
    RefusedRequest(.sum, [f32(2, 3)], ["axes": .integers([-1])], mentions: "[-1]", "[2, 3]"),
    RefusedRequest(.transpose, [f32(2, 3, 4)], mentions: "f32[2, 3, 4]", "2 are needed"),
    RefusedRequest(.diagonal, [f32(2, 3)], mentions: "f32[2, 3]", "1 are needed"),
    RefusedRequest(.reshape, [f32(2, 3)], ["shape": .dimensions([5])], mentions: "f32[2, 3]", "[5]"),
    RefusedRequest(.reshape, [f32(r0, 4)], ["shape": .dimensions([r1, 4])], mentions: "f32[r0, 4]", "[r1, 4]"),
    RefusedRequest(
      .slice, [f32(4, 4)], ["sizes": .dimensions([2, 3]), "starts": .dimensions([0, 2])], mentions: "[2, 3]", "[0, 2]", "[4, 4]"),
    RefusedRequest(
      .slice, [f32(4)], ["sizes": .dimensions([Dimension(Int.max)]), "starts": .dimensions([Dimension(Int.max)])], mentions: "[4]"),
    RefusedRequest(
      .slice, [f32(r0)], ["sizes": .dimensions([r0 + 1]), "starts": .dimensions([0])], mentions: "[r0 + 1]", "[r0]"),
    RefusedRequest(.pad, [f32(3)], ["shape": .dimensions([4]), "starts": .dimensions([2])], mentions: "[3]", "[2]", "[4]"),
    RefusedRequest(.concatenate, [f32(2, 3), f32(3, 3)], ["axis": .integer(1)], mentions: "f32[2, 3]", "f32[3, 3]"),
    RefusedRequest(.concatenate, [f32(2, 3)], ["axis": .integer(2)], mentions: "2", "f32[2, 3]"),
  ]

  static let products: [RefusedRequest] = [
    RefusedRequest(.matmul, [f32(2, 3), f32(4, 2)], plain, mentions: "f32[2, 3]", "f32[4, 2]", "3 columns", "4 rows"),
    RefusedRequest(.matmul, [f32(2, r0), f32(r1, 2)], plain, mentions: "f32[2, r0]", "f32[r1, 2]"),
    RefusedRequest(
      .matmul, [f32(2, 3), f32(3, 2)], ["transpose_left": .boolean(true), "transpose_right": .boolean(false)],
      mentions: "f32[2, 3] transposed", "f32[3, 2]"),
    RefusedRequest(.matmul, [f32(2, 3), f32(3, 2), f32(2, 2)], plain, mentions: "3 operands"),
    RefusedRequest(
      .product, [f32(2, 3), f32(3, 4), f32(5, 2)], ["transposes": .booleans([false, false, false])],
      mentions: "[3, 4]", "[5, 2]", "4 columns", "5 rows"),
    RefusedRequest(.product, [f32(2, 2), f32(2, 2), f32(2, 2)], ["transposes": .booleans([false])], mentions: "1", "3"),
    RefusedRequest(.singularValues, [f32(r0, r1)], mentions: "f32[r0, r1]", "k"),
    RefusedRequest(.singularValues, [f32(4, 6)], ["k": .dimensions([6])], mentions: "[6]", "f32[4, 6]", "4"),
    RefusedRequest(.orthonormalize, [f32(r0, 6)], mentions: "f32[r0, 6]", "k"),
  ]

  static let layers: [RefusedRequest] = [
    RefusedRequest(
      .softmaxCrossEntropy, [f32(4, 3), TensorType(.i32, [5])], ["smoothing": .number(0)], mentions: "i32[5]", "i32[4]", "[4, 3]"),
    RefusedRequest(.softmaxCrossEntropy, [f32(4, 3), labels, f32(4)], ["smoothing": .number(0)], mentions: "f32[4]", "f32[3]"),
    RefusedRequest(.softmaxCrossEntropy, [f32(4, 3), labels], ["smoothing": .number(1)], mentions: "1.0", "smoothing"),
    RefusedRequest(.softmaxCrossEntropy, [f32(4, 3), labels], ["smoothing": .number(.nan)], mentions: "nan"),
    RefusedRequest(.layerNorm, [f32(4, 3), f32(4), f32(3)], ["epsilon": .number(0)], mentions: "f32[4]", "f32[4, 3]"),
    RefusedRequest(.batchNorm, [f32(4, 3), f32(3), f32(4)], ["epsilon": .number(0)], mentions: "f32[4]", "f32[4, 3]"),
    RefusedRequest(.batchNormFactors, [f32(4, 3), f32(3), f32(4)], ["epsilon": .number(0)], mentions: "f32[4]", "f32[4, 3]"),
    RefusedRequest(.batchNorm, [f32(3), f32(3), f32(3)], ["epsilon": .number(0)], mentions: "f32[3]", "2 axes"),
    RefusedRequest(
      .batchNorm, [f32(4, 3), f32(3), f32(3), f32(4, 3)], ["epsilon": .number(0)], mentions: "4 operands", "no epilogue"),
    RefusedRequest(
      .batchNorm, [f32(4, 3), f32(3), f32(3)], ["epsilon": .number(0), "epilogue": .function("scale_shift"), "kinds": .integers([])],
      mentions: "2 arguments", "1 are needed"),
    RefusedRequest(
      .batchNormGradient, [f32(4, 3), f32(4, 3), f32(3), f32(3), f32(3), f32(4)],
      ["epsilon": .number(0), "prologue": .function("scale_shift"), "kinds": .integers([2])], mentions: "f32[4]", "f32[3]"),
    RefusedRequest(
      .batchNormGradient, [f32(4, 3), f32(4, 3), f32(4), f32(3), f32(3)], ["epsilon": .number(0)], mentions: "f32[4]", "f32[3]"),
    RefusedRequest(.layerNormGradient, [f32(4, 3), f32(4, 3), f32(3), f32(4), f32(3)], mentions: "f32[3]", "f32[4]"),
    RefusedRequest(.dropout, [f32(4), key], ["rate": .number(1), "stream": .string("")], mentions: "1.0", "rate"),
    RefusedRequest(.power, [f32(4)], ["exponent": .number(0.5)], mentions: "0.5", "exponent"),
    RefusedRequest(.powerDerivative, [f32(4)], ["exponent": .number(.infinity)], mentions: "inf", "exponent"),
    RefusedRequest(.largest, [f32(4, 3)], ["share": .integers([13, 12])], mentions: "13", "12"),
    RefusedRequest(.largest, [f32(4, 3)], ["share": .integers([-1, 2])], mentions: "-1"),
    RefusedRequest(.largest, [f32(4, 3)], ["share": .integers([0, 0])], mentions: "[0, 0]"),
    RefusedRequest(.largest, [f32(4, 3)], ["share": .integers([1])], mentions: "[1]"),
    RefusedRequest(
      .valueAndGradient, [f32(3, 2)], ["function": .function("loss"), "wrt": .integers([0])], mentions: "f32[3, 2]", "f32[2, 3]"),
    RefusedRequest(.valueAndGradient, [f32(2, 3)], ["function": .function("loss"), "wrt": .integers([1])], mentions: "operand 1"),
    RefusedRequest(.valueAndGradient, [f32(2, 3)], ["function": .function("loss"), "wrt": .integers([0, 0])], mentions: "twice"),
  ]

  private static func window(_ kernel: Int, padding: Int = 0, dilation: Int = 1, groups: Int? = nil, prologue: String? = nil) -> Attributes
  {
    let geometry = ConvolutionGeometry(kernel: Extent2(kernel), dilation: Extent2(dilation), padding: Padding2(padding))
    var attributes = geometry.attributes
    if let groups { attributes["groups"] = .integer(groups) }
    if let prologue { (attributes["prologue"], attributes["kinds"]) = (.function(prologue), .integers([2])) }
    return attributes
  }

  static let images: [RefusedRequest] = [
    RefusedRequest(.patches, [f32(2, 4, 4)], window(3), mentions: "[2, 4, 4]", "height"),
    RefusedRequest(.patches, [f32(2, r0, 4, 3)], window(3), mentions: "[2, r0, 4, 3]", "numbers"),
    RefusedRequest(.patches, [f32(2, 4, 4, 3)], window(5), mentions: "[5, 5]", "[2, 4, 4, 3]"),
    RefusedRequest(.patches, [f32(2, 4, 4, 3)], window(0), mentions: "[0, 0]"),
    RefusedRequest(.patches, [f32(2, 4, 4, Dimension(Int.max))], window(3), mentions: "too large"),
    RefusedRequest(.convolution, [f32(2, 4, 4, 3), f32(26, 5)], window(3, groups: 1), mentions: "f32[26, 5]", "f32[27, 5]"),
    RefusedRequest(.convolution, [f32(2, 4, 4, 3), f32(27, 6)], window(3, groups: 2), mentions: "3 channels", "2"),
    RefusedRequest(.convolution, [f32(2, 4, 4, 4), f32(18, 5)], window(3, groups: 2), mentions: "5 outputs", "2"),
    RefusedRequest(.convolution, [f32(2, 4, 4, 3), f32(27, 5)], window(3, groups: 0), mentions: "groups is 0"),
    RefusedRequest(
      .convolution, [f32(2, 4, 4, 3), f32(27, 5), f32(3)], window(3, groups: 1), mentions: "3 operands", "no prologue"),
    RefusedRequest(
      .convolution, [f32(2, 4, 4, 3), f32(27, 5), f32(5)],
      window(3, groups: 1, prologue: "scale_shift"), mentions: "f32[5]", "f32[3]"),
    RefusedRequest(
      .convolutionWeightGradient, [f32(2, 4, 4, 3), f32(2, 4, 4, 5)], window(3, groups: 1), mentions: "f32[2, 4, 4, 5]", "f32[2, 2, 2, 5]"),
    RefusedRequest(.maxPool, [f32(1, 4, 4, 1)], window(2, padding: 2), mentions: "nothing but padding"),
    RefusedRequest(.maxPoolGradient, [f32(1, 4, 4, 1), f32(1, 4, 4, 1)], window(2), mentions: "f32[1, 4, 4, 1]", "f32[1, 3, 3, 1]"),
    RefusedRequest(.channelsLast, [f32(4, 4, 1)], mentions: "f32[4, 4, 1]", "4 are needed"),
  ]

  @Test("The message gives what disagrees", arguments: elementwise + shapes + products + layers + images)
  func refuses(request: RefusedRequest) throws {
    let module = try sampleModule()
    let error = #expect(throws: IRError.self) {
      try request.opcode.spec.infer(
        InferenceRequest(operands: request.operands, attributes: request.attributes, function: { module.function($0) }))
    }
    for mention in request.mentions { #expect(error?.message.contains(mention) == true, "\(error?.message ?? "no error")") }
  }
}
