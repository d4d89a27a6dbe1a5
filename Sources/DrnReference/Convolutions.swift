import DrnIR

extension Evaluation {
  /// What a convolution or a gradient of one gives.
  func evaluate(
    _ op: ConvolveOp, _ operation: Operation, _ operands: [ReferenceTensor], to shape: [Int]
  ) throws(ReferenceError) -> ReferenceTensor {
    let attributes = operation.attributes
    switch op {
    case .forward: return try convolution(try withPrologue(operation, operands), to: shape, attributes)
    case .inputGradient: return try convolutionInputGradient(operands, to: shape, attributes)
    case .weightGradient: return try convolutionWeightGradient(try withPrologue(operation, operands), to: shape, attributes)
    }
  }
}

/// One term of a convolution: element `input` of the image times element `weight` of the weight goes to element `output` of the result.
struct ConvolutionTerm {
  let input: Int
  let weight: Int
  let output: Int
}

/// Calls `body` for every term of the convolution of an image of that shape to `outputs` channels.
func forEachTerm(
  of shape: [Int], outputs: Int, _ attributes: Attributes, _ body: (ConvolutionTerm) -> Void
) throws(ReferenceError) {
  let windows = try ImageWindows(shape, attributes)
  let groups = attributes.integer("groups") ?? 1
  let (inputsPerGroup, outputsPerGroup) = (windows.channels / groups, outputs / groups)
  windows.forEachTap { window, tap, pixel in
    guard let pixel else { return }
    for output in 0..<outputs {
      let group = output / outputsPerGroup
      for input in 0..<inputsPerGroup {
        body(
          ConvolutionTerm(
            input: pixel * windows.channels + group * inputsPerGroup + input,
            weight: (tap * inputsPerGroup + input) * outputs + output, output: window * outputs + output))
      }
    }
  }
}

func convolution(_ operands: [ReferenceTensor], to shape: [Int], _ attributes: Attributes) throws(ReferenceError) -> ReferenceTensor {
  let (x, weight) = (operands[0].values, operands[1].values)
  var values = Array(repeating: 0.0, count: shape.reduce(1, *))
  try forEachTerm(of: operands[0].shape, outputs: operands[1].columns, attributes) { term in
    values[term.output] += x[term.input] * weight[term.weight]
  }
  return ReferenceTensor(shape: shape, values: values)
}

/// From the gradient of the result and the weight.
func convolutionInputGradient(
  _ operands: [ReferenceTensor], to shape: [Int], _ attributes: Attributes
) throws(ReferenceError) -> ReferenceTensor {
  let (dy, weight) = (operands[0].values, operands[1].values)
  var values = Array(repeating: 0.0, count: shape.reduce(1, *))
  try forEachTerm(of: shape, outputs: operands[1].columns, attributes) { term in
    values[term.input] += dy[term.output] * weight[term.weight]
  }
  return ReferenceTensor(shape: shape, values: values)
}

/// From the image and the gradient of the result.
func convolutionWeightGradient(
  _ operands: [ReferenceTensor], to shape: [Int], _ attributes: Attributes
) throws(ReferenceError) -> ReferenceTensor {
  let (x, dy) = (operands[0].values, operands[1].values)
  var values = Array(repeating: 0.0, count: shape.reduce(1, *))
  try forEachTerm(of: operands[0].shape, outputs: shape[1], attributes) { term in
    values[term.weight] += x[term.input] * dy[term.output]
  }
  return ReferenceTensor(shape: shape, values: values)
}
