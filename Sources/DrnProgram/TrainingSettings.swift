import DrnMethods
import DrnSource

/// Everything of `train` that holds for the whole run.
public struct TrainingSettings: Sendable {
  /// The length of the run.
  public let length: Duration
  /// Examples of one batch.
  public package(set) var batch: Int
  /// Batches whose gradients are averaged into one update.
  public package(set) var accumulation: Int
  /// What weights, orders of examples and random layers are drawn from.
  public let seed: UInt64
  /// The learning rate over time.
  public let rate: RateTimeline
  /// What weight decay acts on while a weight is factorized.
  public let decayTarget: DecayTarget
  /// The largest global gradient norm, or `nil`.
  public let clip: Double?
  /// The largest absolute value of an entry of the gradient; `nil` for none.
  public let clipValue: Double?
  /// Per class, or empty.
  public let classWeights: [Double]
  /// What stands for weights by the sizes of classes.
  package static let balanced = "balanced"
  /// Where the first weights come from; `nil` where they are drawn.
  public package(set) var weightsFrom: WeightsFrom?
  /// For top-k accuracy beside accuracy; empty for none.
  public let topK: [Int]
  /// By what the epoch is chosen whose weights are saved.
  public let selection: Selection
  /// How the examples of a batch are mixed while training; `nil` where they are not.
  public let mixture: (any BatchMixture)?
  /// The average of the weights that is kept beside them; `nil` for none.
  public let average: ExponentialAverage?
  /// When the run ends before its length; `nil` for never.
  public let stop: EarlyStop?
  /// Where `precision` is first given; the declaration where it is not.
  public var precisionSpan: Span { ownPrecisionSpan ?? span }
  package var ownPrecisionSpan: Span?
  /// The declaration in the source.
  public package(set) var span: Span
  public init(
    length: Duration, batch: Int, accumulation: Int, seed: UInt64, rate: RateTimeline, decayTarget: DecayTarget,
    clip: Double?, clipValue: Double? = nil, classWeights: [Double], weightsFrom: WeightsFrom?, topK: [Int], selection: Selection,
    mixture: (any BatchMixture)? = nil, average: ExponentialAverage? = nil, stop: EarlyStop? = nil, span: Span
  ) {
    self.length = length
    self.batch = batch
    self.accumulation = accumulation
    self.seed = seed
    self.rate = rate
    self.decayTarget = decayTarget
    self.clip = clip
    self.clipValue = clipValue
    self.classWeights = classWeights
    self.weightsFrom = weightsFrom
    self.topK = topK
    self.selection = selection
    self.mixture = mixture
    self.average = average
    self.stop = stop
    self.span = span
  }
}

/// `weights_from: "x.safetensors"` or `weights_from: file("x.safetensors", map: ["old.name" to ...])`.
public struct WeightsFrom: Hashable, Sendable {
  public static let spec = MethodSpec(
    "file", summary: "Weights from a safetensors file.",
    options: [
      OptionSpec("path", .text, required: true, "The file."),
      OptionSpec("map", .words, "Pairs `[\"name here\", \"name in the file\"]`; names not listed are the same in both."),
      OptionSpec("except", .words, "A layer, a selector, or a list of these, whose tensors are drawn and not taken from the file."),
    ], positional: 1)
  /// As written.
  public let path: String
  /// The folder of the file it is written in, to which it is relative.
  public let folder: String
  /// Pairs of (name here, name in the file); names not listed map to themselves.
  public let names: [NamePair]
  /// Parameters and buffers, under their names here, that are drawn and not taken from the file.
  public let excepted: Set<String>
  /// The setting in the source.
  public package(set) var span: Span
  /// One entry of `map:`.
  public struct NamePair: Hashable, Sendable {
    /// The name of the parameter or buffer in this program.
    public let here: String
    /// Its name in the file.
    public let there: String
    public init(here: String, there: String) {
      self.here = here
      self.there = there
    }
  }
  public init(path: String, folder: String, names: [NamePair], excepted: Set<String>, span: Span) {
    self.path = path
    self.folder = folder
    self.names = names
    self.excepted = excepted
    self.span = span
  }
}

extension WeightsFrom {
  /// The path to open.
  public var resolvedPath: String { DrnProgram.resolvedPath(path, in: folder) }
}
