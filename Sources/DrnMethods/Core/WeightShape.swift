import DrnIR

/// A weight seen as a matrix of `inputs` rows and `outputs` columns: a layer computes y = x W.
///
/// The rows of a convolution are ordered kernel row, kernel column, channel, so that W multiplies the patches of an image.
public struct WeightShape: Hashable, Sendable {
  /// Rows: the features of a linear layer, or the elements of the patch that a place of a convolution's result sees in its group.
  public let inputs: Int
  /// Columns: the features or the channels of the result.
  public let outputs: Int
  /// How the layer cuts patches out of its image; `nil` for a linear layer.
  public let convolution: ConvolutionGeometry?
  /// Every column sees the channels of one of so many groups.
  public let groups: Int
  /// A number of groups below 1 counts as 1.
  public init(inputs: Int, outputs: Int, convolution: ConvolutionGeometry? = nil, groups: Int = 1) {
    self.inputs = inputs
    self.outputs = outputs
    self.convolution = convolution
    self.groups = max(1, groups)
  }
  /// The lesser of rows and columns; no rank exceeds it.
  public var shortSide: Int { min(inputs, outputs) }
  /// Columns of one group.
  var groupOutputs: Int { outputs / groups }
  /// The most singular values that are not zero: of the matrix, or of the matrices of all groups.
  public var singularValueCount: Int { groups * min(inputs, groupOutputs) }
  /// The extent that a proportion is of.
  public func extent(_ base: RankRule.Base) -> Int {
    switch base {
    case .outputs: outputs
    case .inputs: inputs
    case .shortSide: shortSide
    }
  }
  /// Places of the kernel, its height times its width; 1 for a linear layer.
  public var kernelArea: Int { convolution.map { max(1, $0.kernel.height * $0.kernel.width) } ?? 1 }
  /// Channels of the input that one column sees; all inputs of a linear layer.
  public var channels: Int { inputs / kernelArea }
  /// The kernel of the factor next to the image, and that of factors which mix channels alone; `nil` for a linear layer.
  var kernel: Extent2? { convolution?.kernel }
  var pointKernel: Extent2? { convolution == nil ? nil : .one }
}

extension Extent2 {
  /// One place.
  static var one: Extent2 { Extent2(height: 1, width: 1) }
}

/// What limits the content of a weight: the rank of the matrix, that of its unfolding by input channel, and that of the unfolding of channels
/// and kernel columns against kernel rows and outputs.
public struct ContentRanks: Hashable, Sendable {
  /// Of the matrix, inputs x outputs.
  public let matrix: Int
  /// Of the unfolding by input channel, channels x (places of the kernel times outputs).
  public let channels: Int
  /// Of the unfolding of channels and kernel columns against kernel rows and outputs.
  public let middle: Int
  public init(matrix: Int, channels: Int, middle: Int) {
    self.matrix = matrix
    self.channels = channels
    self.middle = middle
  }
}

extension WeightShape {
  /// The content of a weight of which two ranks are known; the third is at most what these leave it.
  func content(matrix: Int, channels: Int, middle: Int = .max) -> ContentRanks {
    let extents = convolution?.kernel ?? .one
    let (left, leftOverflow) = channels.multipliedReportingOverflow(by: extents.width)
    let (right, rightOverflow) = matrix.multipliedReportingOverflow(by: extents.height)
    let bound = min(leftOverflow ? .max : left, rightOverflow ? .max : right)
    return ContentRanks(matrix: matrix, channels: channels, middle: min(middle, bound))
  }
}

/// Why a weight cannot have a form.
public enum FormObstacle: Hashable, Sendable {
  /// The form splits the kernel of a convolution, and the weight has none.
  case noKernel
  /// The matrix of a convolution in so many groups is a stack of blocks, not one matrix to factor.
  case grouped(Int)
}
