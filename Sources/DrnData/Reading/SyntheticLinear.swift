/// Generates regression data without a file: targets are a fixed random linear map of standard normal features, plus noise.
///
/// The weights are normal with variance 1 / elements, so that targets have a variance near 1 before the noise.
public struct SyntheticLinear: DataReader, Equatable {
  /// The number of examples.
  public let examples: Int
  /// The number of target values for each example.
  public let outputs: Int
  /// The shape of one example.
  public let shape: [Int]
  /// The seed of weights, features and noise.
  public let seed: UInt64
  /// The standard deviation of the noise on the targets.
  public let deviation: Float
  /// The number of the first example; a test set has the same seed and starts where the training set ends.
  public let firstExample: Int

  /// A generator; what is out of range is reported by `header` and `load`.
  public init(examples: Int, outputs: Int = 1, shape: [Int], seed: UInt64, deviation: Float = 0, firstExample: Int = 0) {
    self.examples = examples
    self.outputs = outputs
    self.shape = shape
    self.seed = seed
    self.deviation = deviation
    self.firstExample = firstExample
  }

  /// Count and shape as given; throws `options` or `empty` when no data can have them.
  public func header() throws(DataError) -> DataHeader {
    try checkSynthetic(examples: examples, shape: shape, firstExample: firstExample)
    try checkSynthetic(examples: examples, shape: [outputs], firstExample: firstExample)
    try checkSynthetic(examples: outputs, shape: shape, firstExample: 0)
    guard deviation.isFinite, deviation >= 0 else {
      throw DataError(kind: .options, path: "", message: "the deviation \(deviation) is not a size")
    }
    return DataHeader(examples: examples, shape: shape, targets: outputs)
  }

  /// All examples.
  public func load() throws(DataError) -> DataSet {
    let elements = try header().elementsPerExample
    let scale = 1 / Float(elements).squareRoot()
    let weights = stream("weights").normals(count: outputs * elements).map { $0 * scale }
    var features: [Float] = []
    var targets: [Float] = []
    for index in 0..<examples {
      let number = UInt64(firstExample + index)
      let row = stream("features").derived(number).normals(count: elements)
      let noise = stream("noise").derived(number).normals(count: outputs)
      for output in 0..<outputs {
        var sum: Float = 0
        for element in 0..<elements { sum += weights[output * elements + element] * row[element] }
        targets.append(sum + deviation * noise[output])
      }
      features += row
    }
    return try DataSet(shape: shape, count: examples, storage: .floats(features), target: .values(targets, width: outputs))
  }

  private func stream(_ name: String) -> RandomStream { RandomStream(seed: seed, purpose: "synthetic linear", name: name) }
}
