import DrnIR

/// A loss that can weigh classes.
public protocol ClassWeighted: Loss {
  /// The same loss with one factor per class; an empty list means equal weights.
  func weighted(by classWeights: [Double]) -> Self
  /// The part of the mean over a step that a batch of it makes: its terms over the total weight of the labels of the whole step.
  func emitPart(outputs: Value, labels: Value, ofStep stepLabels: Value, in builder: inout Builder) throws(IRError) -> Value
}

/// Mean cross entropy of a softmax over the outputs.
///
/// With smoothing e the target is (1 - e) on the label plus e / classes everywhere (Szegedy et al. 2016). Class weights multiply each
/// example's terms, and the sum is divided by the total weight of the labels, as PyTorch's `CrossEntropyLoss` does.
public struct CrossEntropy: ClassWeighted {
  public static let spec = MethodSpec(
    "cross_entropy", summary: "Mean cross entropy of a softmax over the outputs, with class labels.",
    options: [
      OptionSpec(
        "smoothing", .number(0...0.999), default: .integer(0),
        "The share of the target spread evenly over all classes (Szegedy et al. 2016).")
    ])
  public static let takesClasses = true
  public let options: Options
  private var smoothing: Double { options.number("smoothing") ?? 0 }
  private let classWeights: [Double]

  public init(options: Options) { self.init(options: options, classWeights: []) }
  private init(options: Options, classWeights: [Double]) {
    self.options = options
    self.classWeights = classWeights
  }
  public func weighted(by classWeights: [Double]) -> CrossEntropy { CrossEntropy(options: options, classWeights: classWeights) }

  public func emit(outputs: Value, labels: Value, in builder: inout Builder) throws(IRError) -> Value {
    try emit([outputs, labels], classWeights, [], in: &builder)
  }

  public func emitPart(outputs: Value, labels: Value, ofStep stepLabels: Value, in builder: inout Builder) throws(IRError) -> Value {
    guard let classes = builder.type(of: outputs).shape.last?.value else { throw IRError("the outputs have no known width") }
    let weights = classWeights.isEmpty ? Array(repeating: 1, count: classes) : classWeights
    return try emit([outputs, labels], weights, [stepLabels], in: &builder)
  }

  private func emit(_ own: [Value], _ weights: [Double], _ step: [Value], in builder: inout Builder) throws(IRError) -> Value {
    let weights = weights.isEmpty ? [] : [try builder.vector(weights)]
    return try builder.emitOne(.softmaxCrossEntropy, own + weights + step, ["smoothing": .number(smoothing)])
  }
}

extension Builder {
  /// A vector of compile-time numbers: runs of equal numbers, joined.
  mutating func vector(_ numbers: [Double]) throws(IRError) -> Value {
    var runs: [Value] = []
    var start = 0
    while start < numbers.count {
      let end = numbers[start...].firstIndex { $0 != numbers[start] } ?? numbers.count
      runs.append(try constant(numbers[start], shape: [Dimension(end - start)]))
      start = end
    }
    guard let first = runs.first else { throw IRError("an empty vector") }
    return runs.count == 1 ? first : try concatenate(runs, axis: 0)
  }
}
