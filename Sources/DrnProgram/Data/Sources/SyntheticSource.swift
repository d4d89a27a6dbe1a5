import DrnData
import DrnMethods

/// Examples made from the seed: for teaching and tests.
public struct SyntheticSource: DataSource {
  private static let count = OptionKind.integer(1...100_000_000)

  public static let spec = MethodSpec(
    "synthetic", summary: "Clusters of normal noise, one for each class, made from the seed.",
    options: [
      OptionSpec("examples", count, required: true, "Training examples, the validation split included."),
      OptionSpec("test_examples", count, default: .integer(1000), "Test examples."),
      OptionSpec("noise", .number(0...1e6), default: .decimal(0.5), "The standard deviation around a cluster's centre."),
    ], positional: 1)
  public let options: Options
  private let examples: Int
  private let testExamples: Int
  /// The standard deviation.
  private let noise: Double

  public init(options: Options) {
    examples = options.integer("examples") ?? 1
    testExamples = options.integer("test_examples") ?? 1
    noise = options.number("noise") ?? 0
    self.options = options.replacing(["noise": .decimal(noise)])
  }

  public func readers(_ request: DataRequest, _ seeds: SourceSeeds) throws(DataError) -> SourceReaders {
    .separate(
      train: reader(examples, from: 0, request, seeds.examples),
      test: testExamples > 0 ? reader(testExamples, from: examples, request, seeds.examples) : nil)
  }

  private func reader(_ count: Int, from first: Int, _ request: DataRequest, _ seed: UInt64) -> any DataReader {
    guard let classes = request.classes else {
      return SyntheticLinear(
        examples: count, outputs: request.targets, shape: request.shape, seed: seed, deviation: Float(noise), firstExample: first)
    }
    return SyntheticClusters(
      examples: count, classes: classes, shape: request.shape, seed: seed, deviation: Float(noise), firstExample: first)
  }

  public var places: SourcePlaces { .none }
  public var isMadeUp: Bool { true }
}
