/// Convolution of images, in the sense of neural networks (a cross-correlation), with its weight as a matrix: rows by kernel row, kernel
/// column and channel of the group, one column for each output. With groups, output o reads the channels of group o / (O / groups).
extension OpSpec {
  private static let groupsAttribute = AttributeSpec(
    "groups", .integer(1), "Channels and outputs fall into so many groups; an output reads the channels of its own.")

  static let convolution = define(
    .convolution,
    "The convolution of x (B x H x W x C) with a weight (kh*kw*C/groups x O): B x Ho x Wo x O. With a prologue, x is replaced by a scalar "
      + "function of its element and the extra operands' matching elements.",
    arity: .atLeast(2), attributes: geometryAttributes + [groupsAttribute] + prologueAttributes,
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, wanted: [Bool]) throws(IRError) -> [Value?] in
      try requireNoPrologue(operation)
      let (x, weight, attributes) = (operation.operands[0], operation.operands[1], operation.attributes)
      return [
        wanted[0] ? try b.emitOne(.convolutionInputGradient, [dy, weight], attributes.withShape(b.shape(of: x))) : nil,
        wanted[1] ? try b.emitOne(.convolutionWeightGradient, [x, dy], attributes) : nil,
      ]
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in [try inferConvolution(request)] })

  static let convolutionInputGradient = define(
    .convolutionInputGradient, "The gradient of convolution by x, from that of the result (B x Ho x Wo x O) and the weight.",
    arity: .exactly(2), attributes: geometryAttributes + [groupsAttribute, imageShapeAttribute],
    gradient: .single { (b: inout Builder, operation: Operation, dx: Value, wanted: [Bool]) throws(IRError) -> [Value?] in
      let (dy, weight, attributes) = (operation.operands[0], operation.operands[1], operation.attributes.withoutShape)
      return [
        wanted[0] ? try b.emitOne(.convolution, [dx, weight], attributes) : nil,
        wanted[1] ? try b.emitOne(.convolutionWeightGradient, [dx, dy], attributes) : nil,
      ]
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let image = try request.imageAttribute()
      let outputs = try weightOutputs(request, of: image)
      let result = try image.windows(try request.geometry(), channels: outputs)
      try request.require(0, is: .f32(result), because: "as gradient of the convolution of \(image.dimensions.message)")
      return [.f32(image.dimensions)]
    })

  static let convolutionWeightGradient = define(
    .convolutionWeightGradient,
    "The gradient of convolution by the weight, from x (B x H x W x C) and that of the result (B x Ho x Wo x O); a prologue is that of "
      + "convolution.",
    arity: .atLeast(2), attributes: geometryAttributes + [groupsAttribute] + prologueAttributes,
    gradient: .single { (b: inout Builder, operation: Operation, dw: Value, wanted: [Bool]) throws(IRError) -> [Value?] in
      try requireNoPrologue(operation)
      let (x, dy, attributes) = (operation.operands[0], operation.operands[1], operation.attributes)
      return [
        wanted[0] ? try b.emitOne(.convolutionInputGradient, [dy, dw], attributes.withShape(b.shape(of: x))) : nil,
        wanted[1] ? try b.emitOne(.convolution, [x, dw], attributes) : nil,
      ]
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in [try inferWeightGradient(request)] })

  private static let prologueAttributes = [
    AttributeSpec("prologue", .function(""), required: false, "The scalar function; its first argument is the element of x."), extraKinds,
  ]

  private static func requireNoPrologue(_ operation: Operation) throws(IRError) {
    guard operation.attributes["prologue"] != nil else { return }
    throw IRError("\(operation.opcode.mnemonic) with a prologue has no gradient: fusion happens after gradients")
  }

  /// Holds a prologue against x: one value for each element.
  private static func requirePrologue(_ request: InferenceRequest, _ image: ImageExtents) throws(IRError) {
    guard let body = try request.fusedFunction("prologue", extrasFrom: 2, shape: image.dimensions), body.results.count != 1 else { return }
    throw IRError("@\(body.name) gives \(body.results.count) results where one value for each element of x is needed")
  }

  private static func inferConvolution(_ request: InferenceRequest) throws(IRError) -> TensorType {
    let image = try request.image(0)
    try requirePrologue(request, image)
    return .f32(try image.windows(try request.geometry(), channels: try weightOutputs(request, of: image)))
  }

  private static func inferWeightGradient(_ request: InferenceRequest) throws(IRError) -> TensorType {
    let image = try request.image(0)
    try requirePrologue(request, image)
    let outputs = try request.image(1).channels
    let geometry = try request.geometry()
    let result = try image.windows(geometry, channels: outputs)
    try request.require(1, is: .f32(result), because: "as gradient of the convolution of \(image.dimensions.message)")
    return .f32([try image.weightRows(geometry, groups: try groups(request, of: outputs)), outputs])
  }

  /// Holds the weight, operand 1, against the image and gives its outputs.
  private static func weightOutputs(_ request: InferenceRequest, of image: ImageExtents) throws(IRError) -> Dimension {
    let weight = try request.shape(1, rank: 2)
    let rows = try image.weightRows(try request.geometry(), groups: try groups(request, of: weight[1]))
    try request.require(1, is: .f32([rows, weight[1]]), because: "as the weight for \(image.channels.message) channels")
    return weight[1]
  }

  private static func groups(_ request: InferenceRequest, of outputs: Dimension) throws(IRError) -> Int {
    let groups = request.attributes.integer("groups") ?? 1
    guard groups > 0 else { throw IRError("attribute groups is \(groups) where at least 1 is needed") }
    guard outputs.quotient(by: groups) != nil else {
      throw IRError("\(outputs.message) outputs are not known to fall into \(groups) equal groups")
    }
    return groups
  }
}
