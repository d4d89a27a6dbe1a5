/// How often each class was named and was right, and what follows from it, accumulated batch by batch. Of many classes it takes memory for the
/// classes and not for pairs of them: the tokens of a text may be tens of thousands.
public struct ClassificationMetrics: Equatable, Sendable {
  /// The figures of one class; each is 0 where its denominator is 0.
  public struct ClassScores: Equatable, Sendable {
    /// The share of predictions of this class that are right.
    public var precision: Double
    /// The share of examples of this class that are found.
    public var recall: Double
    /// The harmonic mean of precision and recall.
    public var f1: Double
    /// The number of examples of this class.
    public var support: Int
  }

  /// The number of classes.
  public let classes: Int
  /// The number of examples by class for which it was predicted.
  public private(set) var hits: [Int]
  /// The number of predictions by class.
  public private(set) var predictions: [Int]
  /// The number of examples by class.
  public private(set) var support: [Int]
  /// The number of examples by how many logits are larger than that of their class (ties go to the lower class). A row with a NaN logit
  /// predicts no class and is none of them.
  public private(set) var places: [Int]
  /// The number of examples passed over because their label is not a class.
  public private(set) var skipped = 0

  /// How often each class, a row, was predicted as each class, a column, row-major. Empty where there are more than 100 classes, and where the
  /// counts are those of an earlier evaluation.
  public private(set) var confusion: [Int] = []

  private static let mostClasses = 1 << 20
  private static let mostConfused = 100

  /// Empty counts; `classes` below 1 are taken as 1, and they are limited to 2^20.
  public init(classes: Int) {
    self.classes = min(max(classes, 1), Self.mostClasses)
    hits = [Int](repeating: 0, count: self.classes)
    (predictions, support, places) = (hits, hits, hits)
    if self.classes <= Self.mostConfused { confusion = [Int](repeating: 0, count: self.classes * self.classes) }
  }

  /// The counts of an earlier evaluation, as it gave them; nil where they are no counts.
  public init?(hits: [Int], predictions: [Int], support: [Int], places: [Int], skipped: Int) {
    let counts = [hits, predictions, support, places]
    guard (1...Self.mostClasses).contains(hits.count), counts.allSatisfy({ $0.count == hits.count }),
      (counts + [[skipped]]).joined().allSatisfy({ (0...1 << 40).contains($0) })
    else { return nil }
    classes = hits.count
    (self.hits, self.predictions, self.support, self.places, self.skipped) = (hits, predictions, support, places, skipped)
  }

  /// The first of the largest of a row of logits; `nil` where one of them is NaN, or there are none.
  public static func prediction(_ logits: some RandomAccessCollection<Float>) -> Int? {
    guard var largest = logits.first else { return nil }
    var best = 0
    for (candidate, logit) in logits.enumerated() {
      if logit.isNaN { return nil }
      if logit > largest { (best, largest) = (candidate, logit) }
    }
    return best
  }

  /// Counts a batch: `labels.count` rows of `classes` logits, row-major. A row with a NaN is an example whose class is not found.
  public mutating func add(logits: UnsafeBufferPointer<Float>, labels: [Int32]) {
    for (row, label) in labels.enumerated() {
      guard label >= 0, Int(label) < classes, (row + 1) * classes <= logits.count else {
        skipped += 1
        continue
      }
      let scores = UnsafeBufferPointer(rebasing: logits[row * classes..<(row + 1) * classes])
      count(label: Int(label), scores)
    }
  }

  /// Counts a batch held in an array.
  public mutating func add(logits: [Float], labels: [Int32]) {
    logits.withUnsafeBufferPointer { add(logits: $0, labels: labels) }
  }

  private mutating func count(label: Int, _ scores: UnsafeBufferPointer<Float>) {
    support[label] += 1
    guard let best = Self.prediction(scores) else { return }
    var ahead = 0
    for candidate in 0..<classes
    where scores[candidate] > scores[label] || (scores[candidate] == scores[label] && candidate < label) { ahead += 1 }
    predictions[best] += 1
    if !confusion.isEmpty { confusion[label * classes + best] += 1 }
    if best == label { hits[label] += 1 }
    places[ahead] += 1
  }

  /// The number of examples counted.
  public var count: Int { support.reduce(0, +) }

  /// The share of examples whose prediction is right; 0 without examples.
  public var accuracy: Double { ratio(hits.reduce(0, +), count) }

  /// The mean of the recalls of the classes that have examples (Brodersen et al. 2010, "The balanced accuracy and its posterior
  /// distribution"); 0 without examples.
  public var balancedAccuracy: Double {
    let recalls = scores.filter { $0.support > 0 }.map(\.recall)
    return recalls.isEmpty ? 0 : recalls.reduce(0, +) / Double(recalls.count)
  }

  /// The share of examples whose class is among the `top` largest logits (ties go to the lower class); 0 without examples.
  public func accuracy(top: Int) -> Double { ratio(places.prefix(max(0, top)).reduce(0, +), count) }

  /// Precision, recall, F1 and support, by class.
  public var scores: [ClassScores] {
    (0..<classes).map { label in
      let (hits, predicted, support) = (hits[label], predictions[label], support[label])
      return ClassScores(
        precision: ratio(hits, predicted), recall: ratio(hits, support), f1: ratio(2 * hits, predicted + support), support: support)
    }
  }

  /// The unweighted means over all classes; the support is the number of examples.
  public var macroAverage: ClassScores {
    let scores = scores
    func mean(_ figure: (ClassScores) -> Double) -> Double { scores.reduce(0) { $0 + figure($1) } / Double(classes) }
    return ClassScores(precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1), support: count)
  }
}

private func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
