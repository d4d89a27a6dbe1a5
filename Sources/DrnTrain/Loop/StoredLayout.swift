import DrnCompiler
import DrnIR
import DrnLowering
import DrnMethods
import DrnProgram

/// How a tensor lies in a file of weights, which is how PyTorch keeps it.
public struct StoredLayout: Sendable {
  private enum Order {
    /// Row-major, as it is used.
    case asUsed
    /// A dense matrix of a linear layer: outputs x inputs.
    case turned
    /// A matrix that convolves by itself: outputs x channels x kernel height x kernel width.
    case kernel(Extent2)
  }
  /// As the network uses it.
  public let shape: [Int]
  private let order: Order

  /// `weight` is the one that the tensor belongs to.
  public init(_ tensor: PhaseTensor, of weight: WeightPlan?) {
    shape = tensor.shape
    if shape.count == 2, let kernel = tensor.info.parameter?.kernel, kernel.height > 0, kernel.width > 0 {
      order = .kernel(kernel)
    } else {
      order = shape.count == 2 && weight?.storesDensely(tensor.info.name) == true ? .turned : .asUsed
    }
  }
  /// The dense matrix of a weight.
  package init(dense weight: WeightPlan) {
    shape = [weight.shape.inputs, weight.shape.outputs]
    order = weight.shape.convolution.map { .kernel($0.kernel) } ?? .turned
  }

  /// What the file says of the order, where it is not the order of use.
  var description: String? {
    switch order {
    case .asUsed: nil
    case .turned: "a dense matrix is stored outputs x inputs"
    case .kernel: "the matrix of a convolution is stored outputs x channels x height x width"
    }
  }
  /// Whether rows and columns change places.
  public var isTurned: Bool { if case .turned = order { true } else { false } }
  /// The kernel of a matrix that convolves by itself.
  public var kernel: Extent2? { if case .kernel(let kernel) = order { kernel } else { nil } }

  /// The shape in the file.
  public var storedShape: [Int] {
    switch order {
    case .asUsed: shape
    case .turned: shape.reversed()
    case .kernel(let kernel): [shape[1], shape[0] / (kernel.height * kernel.width), kernel.height, kernel.width]
    }
  }
  /// Values in use as the file holds them.
  public func stored(_ values: [Float]) -> [Float] {
    guard let places else { return values }
    return places.map { values[$0] }
  }
  /// Values of the file as they are used.
  package func loaded(_ values: [Float]) -> [Float] {
    guard let places else { return values }
    var result = [Float](repeating: 0, count: values.count)
    for (index, place) in places.enumerated() { result[place] = values[index] }
    return result
  }

  /// For each value of the file its place in use; `nil` where both orders are the same.
  private var places: [Int]? {
    let taps: Int
    switch order {
    case .asUsed: return nil
    case .turned: taps = 1
    case .kernel(let kernel): taps = kernel.height * kernel.width
    }
    let (channels, outputs) = (shape[0] / taps, shape[1])
    var places: [Int] = []
    places.reserveCapacity(shape[0] * outputs)
    for output in 0..<outputs {
      for channel in 0..<channels {
        for tap in 0..<taps { places.append((tap * channels + channel) * outputs + output) }
      }
    }
    return places
  }
}

extension WeightPlan {
  /// Whether a tensor of this weight is a whole matrix: the weight itself, or the base of an adapter.
  func storesDensely(_ tensor: String) -> Bool { tensor == site.name || tensor == site.name + ".base" }
}
