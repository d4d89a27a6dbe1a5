import DrnData
import DrnMethods
import DrnNumbers
import DrnSource

/// A `data` declaration.
public struct DataSettings: Sendable {
  /// The word after `data`.
  public let name: String
  /// Where the examples come from.
  public let source: any DataSource
  /// Paths are relative to this folder.
  public let folder: String
  /// The name of the declared input, such as `image`.
  public let inputName: String
  /// The declared shape of one example, channels before height and width.
  public let inputShape: [Int]
  /// What it consists of.
  public let inputElement: InputElement
  /// Number of classes, or `nil` for regression.
  public let classes: Int?
  /// Whether the classes are those that occur among the training examples, and not numbers that are declared.
  public let collectsClasses: Bool
  /// Whether the label of each position is the token that follows.
  public let predictsNextToken: Bool
  /// Length of the target vector for regression.
  public let targets: Int
  /// The share of the training examples held out for validation.
  public let validation: Rational
  /// What is done to every example before it is used, in that order: at most one takes recordings and one numbers.
  public let preparations: [any DataPreparation]
  /// Random changes of training images, in the order in which they are applied.
  public let augmentation: [any DataAugmentation]
  /// The share of the training split that is trained on; 1 for all of it.
  public let examplesUsed: Rational
  /// The choice among the examples of each class, in place of a share.
  public let subset: (any DataSubset)?
  /// What the validation split, a test part of a folder of images and the share trained on are drawn from. It is not the seed of the
  /// training, so that runs of several seeds are of the same examples.
  public let splitSeed: UInt64
  /// The seed of splits where the source gives none.
  public static let defaultSplitSeed: UInt64 = 0
  /// Whether the examples of an incomplete last batch are left out of their epoch.
  public let dropsLastBatch: Bool
  /// Training examples including the validation split: declared, or read from headers; `nil` when unknown.
  public let examples: Int?
  /// The number of classes that occur among them, where the number of examples trained on depends on it and the files tell; else every
  /// declared class is taken to occur.
  public let classesPresent: Int?
  /// How many examples there are of each class, where a subset depends on it and the files tell; else the classes are taken to be equal.
  public let classCounts: [Int]?
  /// How many different tokens the files hold, where examples are made of tokens.
  public let vocabulary: Int?
  /// Whether the files were found.
  public let isPresent: Bool
  /// The declaration in the source.
  public let span: Span
  /// The place of `source:`, where problems of the files are reported.
  public let sourceSpan: Span
  /// Without a `sourceSpan`, problems of the files are reported at `span`.
  public init(
    name: String, source: any DataSource, folder: String, inputName: String, inputShape: [Int],
    inputElement: InputElement = .number, classes: Int?, collectsClasses: Bool = false, predictsNextToken: Bool = false, targets: Int,
    validation: Rational, preparations: [any DataPreparation] = [], augmentation: [any DataAugmentation] = [],
    examplesUsed: Rational = 1, subset: (any DataSubset)? = nil,
    splitSeed: UInt64 = DataSettings.defaultSplitSeed, dropsLastBatch: Bool, examples: Int?,
    classesPresent: Int? = nil, classCounts: [Int]? = nil, vocabulary: Int? = nil, isPresent: Bool, span: Span, sourceSpan: Span? = nil
  ) {
    self.name = name
    self.source = source
    self.folder = folder
    self.inputName = inputName
    self.inputShape = inputShape
    self.inputElement = inputElement
    self.predictsNextToken = predictsNextToken
    self.vocabulary = vocabulary
    self.classes = classes
    self.collectsClasses = collectsClasses
    self.targets = targets
    self.validation = validation
    self.preparations = preparations
    self.augmentation = augmentation
    self.examplesUsed = examplesUsed
    self.subset = subset
    self.splitSeed = splitSeed
    self.dropsLastBatch = dropsLastBatch
    self.examples = examples
    self.classesPresent = classesPresent
    self.classCounts = classCounts
    self.isPresent = isPresent
    self.span = span
    self.sourceSpan = sourceSpan ?? span
  }

  /// The type of an example, as a program writes it.
  public var inputType: String { inputElement.type(inputShape) }

  /// The label, as a program writes it.
  public var labelText: String {
    classes.map { "\(predictsNextToken ? "next_token" : "class")(\($0))" } ?? "tensor[\(targets)]"
  }

  /// What is done to every value.
  public var preparation: any DataPreparation { preparations.last { !type(of: $0).takesRecordings } ?? Unprepared() }

  /// What is done to every example, as a program writes it.
  public var preparationText: String {
    let calls = preparations.map(\.callText)
    return calls.count > 1 ? "[\(calls.joined(separator: ", "))]" : calls.first ?? Unprepared().callText
  }

  /// How recordings become frames; `nil` where the source gives none.
  public var frames: LogMelFrames? { source.samplingRate.flatMap { rate in preparations.lazy.compactMap { $0.frames(rate: rate) }.first } }

  /// What to read.
  public var request: DataRequest {
    var request = DataRequest(
      source: source, folder: folder, shape: inputShape, classes: classes, collectsClasses: collectsClasses, targets: targets)
    request.frames = frames
    return request
  }

  /// Whether there are examples for validation: a share of the training examples, or some that the source names.
  public var hasValidation: Bool { validation > 0 || source.namesValidation }

  /// How many examples of each class are trained on, before `examples_used` takes a share; `nil` where the files did not say.
  package var trainedClassCounts: [Int]? {
    guard let classes, let classCounts else { return nil }
    let trained = trained(of: classCounts, classes)
    return subset?.counts(of: trained) ?? trained
  }

  /// What the validation split leaves of classes of these sizes.
  private func trained(of sizes: [Int], _ classes: Int) -> [Int] {
    let padded = sizes + [Int](repeating: 0, count: max(0, classes - sizes.count))
    return Split.trainedCounts(of: padded, validationFraction: validation)
  }

  /// The examples trained on: without the validation split, and of the rest those used; `nil` where the number of examples is unknown.
  public var trainedExamples: Int? {
    if let subset, let classes, let examples {
      let sizes = classCounts ?? (0..<classes).map { examples / classes + ($0 < examples % classes ? 1 : 0) }
      return subset.counts(of: trained(of: sizes, classes)).reduce(0, +)
    }
    return examples.map {
      Split.trainedCount(
        of: $0, classes: predictsNextToken ? nil : classes.map { classesPresent ?? $0 }, validationFraction: validation, share: examplesUsed
      )
    }
  }
}

extension CheckedProgram {
  /// Whether an update keeps something for each part of an accumulated batch.
  private var tellsPartsApart: Bool {
    phases.contains { phase in ([phase.update] + weights.map { phase.update(of: $0.name) }).contains { $0.readsBatchParts } }
  }

  /// How an epoch is divided into steps: those that are checked, compiled and run.
  public var batches: BatchPlan {
    BatchPlan(
      examples: data.trainedExamples, batch: training.batch, accumulation: training.accumulation,
      lastBatch: data.dropsLastBatch ? .drop : .keep, keepsParts: tellsPartsApart)
  }

  /// The same program with every update in batches of another size and number.
  public func with(_ update: BatchPlan.Update) -> CheckedProgram {
    var program = self
    program.training.batch = update.size
    program.training.accumulation = update.parts
    return program
  }
}
