/// A fixed linear map of every feature value: (value - mean) * inverse deviation, element by element.
public struct Preparation: Equatable, Sendable {
  /// What a statistic is shared by.
  public enum Sharing: String, CaseIterable, Sendable {
    /// Each element of an example has its own.
    case pixel
    /// All elements of one channel (the outermost size of the shape) share one; in a table each column is a channel.
    case channel
    /// All elements share one.
    case all
  }

  /// What is subtracted, for each element of an example.
  public let mean: [Float]
  /// What the difference is multiplied with, for each element of an example.
  public let inverseDeviation: [Float]

  /// A preparation from one value per group: `mean.count` divides `elements`, and each value serves a run of consecutive elements.
  ///
  /// Returns nil when the counts do not fit.
  public init?(mean: [Float], inverseDeviation: [Float], elements: Int) {
    guard mean.count == inverseDeviation.count else { return nil }
    guard let mean = expand(mean, to: elements), let inverseDeviation = expand(inverseDeviation, to: elements) else { return nil }
    self.mean = mean
    self.inverseDeviation = inverseDeviation
  }

  private init(mean: [Float], inverseDeviation: [Float]) {
    self.mean = mean
    self.inverseDeviation = inverseDeviation
  }

  /// Multiplies every value by `factor`.
  public static func scale(_ factor: Float, elements: Int) -> Preparation {
    let count = max(elements, 0)
    return Preparation(mean: [Float](repeating: 0, count: count), inverseDeviation: [Float](repeating: factor, count: count))
  }

  /// Whether this preparation belongs to examples of the data set's shape.
  public func matches(_ data: DataSet) -> Bool { mean.count == data.elementsPerExample }

  /// Applies the map in place; does nothing when `count` is not the size of this preparation.
  @inline(__always)
  public func apply(to values: UnsafeMutablePointer<Float>, count: Int) {
    guard mean.count == count, inverseDeviation.count == count else { return }
    mean.withUnsafeBufferPointer { mean in
      inverseDeviation.withUnsafeBufferPointer { inverse in
        for element in 0..<count { values[element] = (values[element] - mean[element]) * inverse[element] }
      }
    }
  }
}

/// Repeats each value over an equal run of elements, or nil when the runs would not be equal.
private func expand(_ values: [Float], to elements: Int) -> [Float]? {
  guard !values.isEmpty, elements >= 0, elements % values.count == 0 else { return values.isEmpty && elements == 0 ? [] : nil }
  let run = elements / values.count
  return values.flatMap { [Float](repeating: $0, count: run) }
}
