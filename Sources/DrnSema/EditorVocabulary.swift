import DrnDiagnostics
import DrnMethods
import DrnProgram

/// The words with a meaning at each place of a program, for completion, hover and signatures.
public enum EditorVocabulary {
  /// Settings of `train`, `require` among them.
  public static let trainSettings = TrainingSettings.Table.all
  /// Settings of a clause `weights`.
  public static let weightSettings = TrainingSettings.Table.ofWeights
  /// Clauses of `train`.
  public static let trainClauses = TrainingSettings.Table.clauses
  /// Settings of `data`.
  public static let dataSettings = DataSettings.Table.all
  /// What a stage of a pipeline calls.
  public static let layers = MethodFamily.layer.specs
  /// What a weight may be from a moment on.
  public static let forms = MethodFamily.form.specs
  /// What `optimizer:` takes.
  public static let updates = MethodFamily.update.specs
  /// What `loss:` takes.
  public static let losses = MethodFamily.loss.specs
  /// What `rate:` takes.
  public static let rates = MethodFamily.rate.specs
  /// What an entry with `every` or `at` calls.
  public static let events = MethodFamily.event.specs
  /// What stands after `by`.
  public static let transitions = MethodFamily.transition.specs
  /// What `source:` calls.
  public static let sources = MethodFamily.source.specs
  /// What `prepare:` takes.
  public static let preparations = MethodFamily.preparation.specs
  /// What `augment:` lists.
  public static let augmentations = MethodFamily.augmentation.specs
  /// What `examples_used:` takes beside a share.
  public static let subsets = MethodFamily.subset.specs
  /// What `report` lists.
  public static let measurements = MethodFamily.measurement.specs
  /// Lints that `allow:` can name.
  public static let lints = Code.all.filter(\.isLint)

  /// How many tensors a layer takes; 1 for any other word.
  public static func inputCount(ofLayer name: String) -> Int { Layers.named(name)?.inputCount ?? 1 }
}
