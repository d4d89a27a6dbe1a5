import DrnIR

/// What a weight is applied to.
public enum WeightInput: Hashable, Sendable {
  /// Rows of a matrix, batch x inputs.
  case matrix(Value)
  /// An image [B, H, W, C] from which a convolution cuts patches.
  case image(Value, ConvolutionGeometry)

  /// The matrix to multiply W with: the rows, or one patch per place of the result.
  public func matrix(in builder: inout Builder) throws(IRError) -> Value {
    switch self {
    case .matrix(let rows): rows
    case .image(let image, let geometry): try builder.patches(image, geometry)
    }
  }

  /// The image, for forms that split the kernel.
  func image() throws(IRError) -> (value: Value, geometry: ConvolutionGeometry) {
    guard case .image(let value, let geometry) = self else { throw IRError("a form of convolutions is applied to a matrix") }
    return (value, geometry)
  }
}
