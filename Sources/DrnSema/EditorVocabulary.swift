import DrnDiagnostics
import DrnMethods
import DrnProgram

/// The words with a meaning at each place of a program, for completion, hover and signatures.
public enum EditorVocabulary {
  public static let trainSettings = TrainingSettings.Table.all
  public static let trainClauses = TrainingSettings.Table.clauses
  public static let dataSettings = DataSettings.Table.all
  public static let layers = MethodFamily.layer.specs
  public static let forms = MethodFamily.form.specs
  public static let updates = MethodFamily.update.specs
  public static let losses = MethodFamily.loss.specs
  public static let rates = MethodFamily.rate.specs
  public static let events = MethodFamily.event.specs
  public static let transitions = MethodFamily.transition.specs
  public static let sources = MethodFamily.source.specs
  public static let preparations = MethodFamily.preparation.specs
  public static let augmentations = MethodFamily.augmentation.specs
  public static let measurements = MethodFamily.measurement.specs
  /// Lints that `allow:` can name.
  public static let lints = Code.all.filter(\.isLint)

  /// How many tensors a layer takes; 1 for any other word.
  public static func inputCount(ofLayer name: String) -> Int { Layers.named(name)?.inputCount ?? 1 }
}
