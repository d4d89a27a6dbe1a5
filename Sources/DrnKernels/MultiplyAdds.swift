import DrnIR

extension Operation {
  /// Multiply-adds of a concrete `matmul`, convolution or gradient of one; `nil` for other operations.
  public func multiplyAdds(in function: Function) -> Int? {
    if let product = ProductSizes(self, function) { return product.rows &* product.inner &* product.columns }
    guard let sizes = ConvolutionSizes(self, function) else { return nil }
    // Every place of the result takes the window over the channels of a group, for each output.
    return sizes.batch &* sizes.resultFloats &* sizes.taps &* sizes.channelsOfGroup
  }
}
