import DrnMethods
import DrnSource

/// Everything of `train` that holds for the whole run.
public struct TrainingSettings: Sendable {
  public let length: Duration
  public let batch: Int
  /// Batches whose gradients are averaged into one update.
  public let accumulation: Int
  public let seed: UInt64
  public let rate: any Rate
  /// The coefficient of weight decay and what it acts on.
  public let weightDecay: Double
  public let decayTarget: DecayTarget
  /// The largest global gradient norm, or `nil`.
  public let clip: Double?
  /// Per class, or empty.
  public let classWeights: [Double]
  public let weightsFrom: WeightsFrom?
  /// For top-k accuracy beside accuracy; empty for none.
  public let topK: [Int]
  public let span: Span
  public init(
    length: Duration, batch: Int, accumulation: Int, seed: UInt64, rate: any Rate, weightDecay: Double, decayTarget: DecayTarget,
    clip: Double?, classWeights: [Double], weightsFrom: WeightsFrom?, topK: [Int], span: Span
  ) {
    self.length = length
    self.batch = batch
    self.accumulation = accumulation
    self.seed = seed
    self.rate = rate
    self.weightDecay = weightDecay
    self.decayTarget = decayTarget
    self.clip = clip
    self.classWeights = classWeights
    self.weightsFrom = weightsFrom
    self.topK = topK
    self.span = span
  }
}

/// `weights_from: "x.safetensors"` or `weights_from: file("x.safetensors", map: ["old.name" to ...])`.
public struct WeightsFrom: Hashable, Sendable {
  /// As written.
  public let path: String
  /// The folder of the file it is written in, to which it is relative.
  public let folder: String
  /// Pairs of (name here, name in the file); names not listed map to themselves.
  public let names: [NamePair]
  public let span: Span
  public struct NamePair: Hashable, Sendable {
    public let here: String
    public let there: String
    public init(here: String, there: String) {
      self.here = here
      self.there = there
    }
  }
  public init(path: String, folder: String, names: [NamePair], span: Span) {
    self.path = path
    self.folder = folder
    self.names = names
    self.span = span
  }
}

extension WeightsFrom {
  /// The path to open.
  public var resolvedPath: String { DrnSema.resolvedPath(path, in: folder) }
}

/// A `data` declaration.
public struct DataSettings: Sendable {
  public enum Source: Hashable, Sendable {
    /// A folder with the four IDX files, or explicit files.
    case idx(folder: String)
    case idxFiles(trainFeatures: String, trainLabels: String, testFeatures: String?, testLabels: String?)
    case csv(train: String, test: String?, label: String)
    case npy(features: String, labels: String, testFeatures: String?, testLabels: String?)
    /// Gaussian clusters made from the seed: for teaching and tests.
    case synthetic(examples: Int, testExamples: Int, noise: Double)
  }
  public enum Preparation: Hashable, Sendable {
    case none
    /// Statistics of the training split.
    case standardize(per: Granularity)
  }
  public enum Granularity: String, Hashable, Sendable, CaseIterable { case pixel, channel, all }
  public let name: String
  public let source: Source
  /// Paths are relative to this folder.
  public let folder: String
  public let inputName: String
  public let inputShape: [Int]
  /// Number of classes, or `nil` for regression.
  public let classes: Int?
  /// Length of the target vector for regression.
  public let targets: Int
  /// The share of the training examples held out for validation.
  public let validation: Double
  public let preparation: Preparation
  public let dropsLastBatch: Bool
  /// Training examples including the validation split: declared, or read from headers; `nil` when unknown.
  public let examples: Int?
  /// Whether the files were found.
  public let isPresent: Bool
  public let span: Span
  public init(
    name: String, source: Source, folder: String, inputName: String, inputShape: [Int], classes: Int?, targets: Int, validation: Double,
    preparation: Preparation, dropsLastBatch: Bool, examples: Int?, isPresent: Bool, span: Span
  ) {
    self.name = name
    self.source = source
    self.folder = folder
    self.inputName = inputName
    self.inputShape = inputShape
    self.classes = classes
    self.targets = targets
    self.validation = validation
    self.preparation = preparation
    self.dropsLastBatch = dropsLastBatch
    self.examples = examples
    self.isPresent = isPresent
    self.span = span
  }
}
