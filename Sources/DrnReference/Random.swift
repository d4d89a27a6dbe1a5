import DrnIR
import Foundation

extension Evaluation {
  /// What an op that draws random numbers gives.
  func evaluate(
    _ op: RandomOp, _ operands: [ReferenceTensor], to shape: [Int], _ attributes: Attributes
  ) throws(ReferenceError) -> ReferenceTensor {
    switch op {
    case .dropout: dropout(operands[0], try stream(operands[1], attributes), rate: attributes.number("rate") ?? 0)
    case .normal: normal(shape, try stream(operands[0], attributes), deviation: attributes.number("deviation") ?? 0)
    case .uniform: uniform(shape, try stream(operands[0], attributes), limit: attributes.number("limit") ?? 0)
    }
  }
}

/// The stream an op names, under the key it takes.
private func stream(_ key: ReferenceTensor, _ attributes: Attributes) throws(ReferenceError) -> PhiloxStream {
  guard let number = key.key else { throw ReferenceError("the random key is not a u64 scalar") }
  return PhiloxStream(key: number, name: attributes.string("stream") ?? "")
}

private func dropout(_ x: ReferenceTensor, _ stream: PhiloxStream, rate: Double) -> ReferenceTensor {
  let values = x.values.enumerated().map { index, value in stream.uniform(index) >= rate ? value / (1 - rate) : 0 * value }
  return ReferenceTensor(shape: x.shape, values: values)
}

private func uniform(_ shape: [Int], _ stream: PhiloxStream, limit: Double) -> ReferenceTensor {
  let count = shape.reduce(1, *)
  return ReferenceTensor(shape: shape, values: (0..<count).map { (2 * stream.uniform($0) - 1) * limit })
}

/// Elements 2j and 2j + 1 are the cosine and the sine branch of one Box-Muller pair.
private func normal(_ shape: [Int], _ stream: PhiloxStream, deviation: Double) -> ReferenceTensor {
  let count = shape.reduce(1, *)
  let values = (0..<count).map { index in
    let first = index - index % 2
    let radius = (-2 * log((Double(stream.word(first)) + 1) * 0x1p-32)).squareRoot()
    let angle = 2 * Double.pi * Double(stream.word(first + 1)) * 0x1p-32
    return radius * (index == first ? cos(angle) : sin(angle)) * deviation
  }
  return ReferenceTensor(shape: shape, values: values)
}
