/// Generates classification data without a file: each class is a cloud of normal noise around its own centre.
///
/// The centres are standard normal; an example is its centre plus `deviation` times standard normal noise. Classes take turns.
/// Everything is a function of the seed, and example `i` does not depend on how many there are.
public struct SyntheticClusters: DataReader, Equatable {
  /// The number of examples.
  public let examples: Int
  /// The number of classes.
  public let classes: Int
  /// The shape of one example.
  public let shape: [Int]
  /// The seed of centres and noise.
  public let seed: UInt64
  /// The standard deviation of the noise around a centre.
  public let deviation: Float
  /// The number of the first example; a test set has the same seed and starts where the training set ends.
  public let firstExample: Int

  /// A generator; what is out of range is reported by `header` and `load`.
  public init(examples: Int, classes: Int, shape: [Int], seed: UInt64, deviation: Float = 0.5, firstExample: Int = 0) {
    self.examples = examples
    self.classes = classes
    self.shape = shape
    self.seed = seed
    self.deviation = deviation
    self.firstExample = firstExample
  }

  /// Count, shape and classes as given; throws `options` or `empty` when no data can have them.
  public func header() throws(DataError) -> DataHeader {
    try checkSynthetic(examples: examples, shape: shape, firstExample: firstExample)
    guard classes >= 1, classes <= largestClassCount else {
      throw DataError(kind: .options, path: "", message: "there cannot be \(classes) classes")
    }
    guard deviation.isFinite, deviation >= 0 else {
      throw DataError(kind: .options, path: "", message: "the deviation \(deviation) is not a size")
    }
    return DataHeader(examples: examples, shape: shape, classes: classes)
  }

  /// All examples.
  public func load() throws(DataError) -> DataSet {
    let elements = try header().elementsPerExample
    let centers = RandomStream(seed: seed, purpose: "synthetic", name: "centers")
    let noise = RandomStream(seed: seed, purpose: "synthetic", name: "noise")
    let used = usedClasses
    let means = used.map { centers.derived(UInt64($0)).normals(count: elements) }
    var features: [Float] = []
    features.reserveCapacity(examples * elements)
    for index in 0..<examples {
      let mean = means[index % means.count]
      let values = noise.derived(UInt64(firstExample + index)).normals(count: elements)
      for element in 0..<elements { features.append(mean[element] + deviation * values[element]) }
    }
    return try DataSet(shape: shape, count: examples, storage: .floats(features), target: .labels(labels(used)))
  }

  /// The labels, without making the features.
  public func readLabels() throws(DataError) -> [Int32] {
    _ = try header()
    return labels(usedClasses)
  }

  private func labels(_ used: [Int]) -> [Int32] { (0..<examples).map { Int32(used[$0 % used.count]) } }

  /// The classes in the order of their turns; no more than there are examples.
  private var usedClasses: [Int] { (0..<min(classes, examples)).map { (firstExample % classes + $0) % classes } }
}

/// Refuses sizes that no generated data set can have.
func checkSynthetic(examples: Int, shape: [Int], firstExample: Int) throws(DataError) {
  guard let elements = checkedProduct([max(examples, 0)] + shape), firstExample >= 0 else {
    throw DataError(kind: .options, path: "", message: "there cannot be \(examples) examples of shape \(shape)")
  }
  guard examples > 0, elements > 0 else {
    throw DataError(kind: .empty, path: "", message: "\(examples) examples of shape \(shape) are no data")
  }
  let (bytes, overflow) = elements.multipliedReportingOverflow(by: 4)
  try checkMemory(overflow ? Int.max : bytes, path: "")
  guard !firstExample.addingReportingOverflow(examples).overflow else {
    throw DataError(kind: .options, path: "", message: "example \(firstExample) is too far to count on from")
  }
}
