import DrnDiagnostics
import DrnMethods
import DrnProgram

/// The words with a meaning at each place of a program, for completion, hover and signatures.
public enum EditorVocabulary {
  /// Settings of `train`, `require` among them.
  public static let trainSettings = TrainingChecker.trainSettingNames + ["require"]
  public static let trainClauses = TrainingChecker.trainClauseNames
  public static let dataSettings = DataChecker.dataSettingNames
  public static let layers: [MethodSpec] = Layers.all.map { $0.spec }
  public static let forms: [MethodSpec] = Parameterizations.all.map { $0.spec }
  public static let updates: [MethodSpec] = Updates.all.map { $0.spec }
  public static let losses: [MethodSpec] = Losses.all.map { $0.spec }
  public static let rates: [MethodSpec] = Rates.all.map { $0.spec }
  public static let events: [MethodSpec] = RankEvents.all.map { $0.spec } + [report]
  public static let transitions: [MethodSpec] = Transitions.all.map { $0.spec }
  /// What an option of a transition calls.
  public static let recalibrations: [MethodSpec] = Transitions.inner
  public static let sources: [MethodSpec] = DataSources.all.map { $0.spec }
  /// What `prepare:` takes.
  public static let preparations: [MethodSpec] = Preparations.all.map { $0.spec }
  /// What `augment:` lists.
  public static let augmentations: [MethodSpec] = Augmentations.all.map { $0.spec }
  /// What `report` writes.
  public static let measurements: [MethodSpec] = Measurements.all.map { $0.spec }
  /// Lints that `allow:` can name.
  public static let lints = Code.all.filter(\.isLint)

  /// The event that measures.
  public static let report = MethodSpec(
    "report", summary: "Writes measurements of the weights to the log: " + measurements.map(\.name).joined(separator: ", ") + ".")

  /// How many tensors a layer takes; 1 for any other word.
  public static func inputCount(ofLayer name: String) -> Int { Layers.named(name)?.inputCount ?? 1 }
}
