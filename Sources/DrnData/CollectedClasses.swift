/// The classes that occur in a data set, numbered from 0 in the order of their values.
public struct CollectedClasses: Equatable, Sendable {
  /// The label each class has in the files.
  public let labels: [Int32]

  /// Those of the training examples.
  public init(_ labels: [Int32]) { self.labels = Set(labels).sorted() }

  /// Those that were found before.
  public init(labels: [Int32]) { self.labels = labels }

  /// The data set with its labels numbered by class; throws for the first that no training example has.
  public func numbering(_ data: DataSet, part: String) throws(DataError) -> DataSet {
    let numbers = Dictionary(labels.enumerated().map { ($1, Int32(truncatingIfNeeded: $0)) }) { first, _ in first }
    var numbered: [Int32] = []
    numbered.reserveCapacity(data.count)
    for (example, label) in data.labels.enumerated() {
      guard let number = numbers[label] else {
        throw DataError(
          kind: .labelOutOfRange, path: "",
          message: "example \(example) of the \(part) has the label \(label), which no training example has")
      }
      numbered.append(number)
    }
    var result = data
    result.target = .labels(numbered)
    return result
  }
}

/// What to do about labels that go from 1 to the number of classes, as those of EMNIST Letters; nil for others.
func adviceForLabelsFromOne(_ labels: ClosedRange<Int>?, classes: Int?) -> String? {
  guard let classes, labels == 1...max(1, classes) else { return nil }
  return "the labels go from 1 to \(classes), and classes are numbered from 0: write `label: class` to number those that occur"
}
