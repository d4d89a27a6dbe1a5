import DrnDiagnostics
import DrnMethods

/// The words with a meaning at each place of a program, for completion, hover and signatures.
public enum EditorVocabulary {
  /// Settings of `train`, `require` among them.
  public static let trainSettings = TrainingChecker.trainSettingNames + ["require"]
  /// Clauses of `train`.
  public static let trainClauses = TrainingChecker.trainClauseNames
  /// Settings of `data`.
  public static let dataSettings = DataChecker.dataSettingNames
  /// What a stage of a pipeline calls.
  public static let layers: [MethodSpec] = Layers.all.map { $0.spec }
  /// What a weight may be from a moment on.
  public static let forms: [MethodSpec] = Parameterizations.all.map { $0.spec }
  /// What `optimizer:` takes.
  public static let updates: [MethodSpec] = Updates.all.map { $0.spec }
  /// What `loss:` takes.
  public static let losses: [MethodSpec] = Losses.all.map { $0.spec }
  /// What `rate:` takes.
  public static let rates: [MethodSpec] = Rates.all.map { $0.spec }
  /// What an entry with `every` or `at` calls.
  public static let events: [MethodSpec] = RankEvents.all.map { $0.spec } + [report]
  /// What stands after `by`.
  public static let transitions: [MethodSpec] = [TransitionReader.svdSpec]
  /// What an option of a transition calls.
  public static let recalibrations: [MethodSpec] = [TransitionReader.recalibrateSpec]
  /// What `source:` calls.
  public static let sources: [MethodSpec] = SourceKind.allCases.map(\.spec)
  /// What `prepare:` takes.
  public static let preparations: [MethodSpec] = DataChecker.preparations
  /// What `augment:` lists.
  public static let augmentations: [MethodSpec] = AugmentationKind.allCases.map(\.spec)
  /// What `report` lists.
  public static let measurements = EventReader.measurements
  /// The same with what they are, and where they are from.
  public static let measurementSpecs = EventReader.measurementSpecs
  /// Lints that `allow:` can name.
  public static let lints = Code.all.filter(\.isLint)

  private static let report = MethodSpec(
    "report", summary: "Writes measurements of the weights to the log: " + EventReader.measurements.joined(separator: ", ") + ".")

  /// How many tensors a layer takes; 1 for any other word.
  public static func inputCount(ofLayer name: String) -> Int { Layers.named(name)?.inputCount ?? 1 }
}
