import DrnIR
import DrnPlan

/// Multiply-adds of a concrete `matmul`, convolution or gradient of one; `nil` for other operations.
func multiplyAdds(of operation: Operation, in function: Function) -> Int? {
  if let product = ProductSizes(operation, function) { return product.rows &* product.inner &* product.columns }
  guard let sizes = ConvolutionSizes(operation, function) else { return nil }
  // Every place of the result takes the window over the channels of a group, for each output.
  return sizes.batch &* sizes.resultFloats &* sizes.taps &* sizes.channelsOfGroup
}
