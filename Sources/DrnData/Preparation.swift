/// A fixed linear map of every feature value: (value - mean) * inverse deviation, element by element.
///
/// A value in single precision is prepared in single precision: the mean is its nearest `Float` and a rest, and what the rest makes of the
/// result is added at the end, so that a mean between two neighbouring values costs no digits.
public struct Preparation: Equatable, Sendable {
  /// What a statistic is shared by.
  public enum Sharing: String, CaseIterable, Sendable {
    /// Each element of an example has its own.
    case pixel
    /// All elements of one channel share one: the outermost size of an image, and the last of a sequence `[positions, features]`; in a table
    /// each column is a channel.
    case channel
    /// All elements share one.
    case all

    /// Which elements of an example of `shape` share a statistic: element e is in group (e / run) % count. Both are at least 1.
    public func groups(of shape: [Int]) -> (run: Int, count: Int) {
      let elements = max(checkedProduct(shape) ?? 1, 1)
      switch self {
      case .pixel: return (1, elements)
      case .channel where shape.count == 2: return (1, max(shape[1], 1))
      case .channel:
        let run = max(elements / max(shape.first ?? 1, 1), 1)
        return (run, elements / run)
      case .all: return (elements, 1)
      }
    }
  }

  /// What is subtracted, for each element of an example.
  public let mean: [Double]
  /// What the difference is multiplied with, for each element of an example.
  public let inverseDeviation: [Double]
  /// Both in single precision.
  private let center: [Float]
  private let factor: [Float]
  /// What the rest of the mean makes of the result; 0 where that is less than the rounding of a result of 1.
  private let offset: [Float]
  private let hasOffsets: Bool
  /// Whether a factor, or a difference from the mean, may be out of the range of single precision.
  private let isWide: Bool

  /// A preparation from one value per group: `mean.count` divides `elements`, and each value serves a run of consecutive elements.
  ///
  /// Returns nil when the counts do not fit.
  public init?(mean: [Double], inverseDeviation: [Double], elements: Int) {
    guard mean.count == inverseDeviation.count else { return nil }
    guard let mean = expand(mean, to: elements), let inverseDeviation = expand(inverseDeviation, to: elements) else { return nil }
    self.init(mean: mean, inverseDeviation: inverseDeviation)
  }

  private init(mean: [Double], inverseDeviation: [Double]) {
    self.mean = mean
    self.inverseDeviation = inverseDeviation
    center = mean.map { Float($0) }
    factor = inverseDeviation.map { Float($0) }
    let negligible = 0x1p-24
    offset = zip(zip(mean, center), inverseDeviation).map { pair, inverse in
      let rest = (Double(pair.1) - pair.0) * inverse
      return abs(rest) > negligible ? Float(rest) : 0
    }
    hasOffsets = offset.contains { $0 != 0 }
    isWide = !factor.allSatisfy { $0.isNormal || $0 == 0 } || !center.allSatisfy { abs($0) < 0x1p103 }
  }

  /// Multiplies every value by `factor`.
  public static func scale(_ factor: Double, elements: Int) -> Preparation {
    let count = max(elements, 0)
    return Preparation(mean: [Double](repeating: 0, count: count), inverseDeviation: [Double](repeating: factor, count: count))
  }

  /// Whether this preparation belongs to examples of the data set's shape.
  public func matches(_ data: DataSet) -> Bool { mean.count == data.elementsPerExample }

  /// Applies the map in place; does nothing when `count` is not the size of this preparation.
  @inline(__always)
  public func apply(to values: UnsafeMutablePointer<Float>, count: Int) {
    guard mean.count == count else { return }
    if isWide { return applyWide(to: values, count: count) }
    center.withUnsafeBufferPointer { center in
      factor.withUnsafeBufferPointer { factor in
        for element in 0..<count { values[element] = (values[element] - center[element]) * factor[element] }
      }
    }
    guard hasOffsets else { return }
    offset.withUnsafeBufferPointer { offset in for element in 0..<count { values[element] += offset[element] } }
  }

  private func applyWide(to values: UnsafeMutablePointer<Float>, count: Int) {
    for element in 0..<count { values[element] = Float((Double(values[element]) - mean[element]) * inverseDeviation[element]) }
  }

  /// Writes what the map makes of values in double precision; of another number of them, the values themselves.
  func apply(_ values: UnsafePointer<Double>, to destination: UnsafeMutablePointer<Float>, count: Int) {
    let matches = mean.count == count
    for element in 0..<count {
      destination[element] = Float(matches ? (values[element] - mean[element]) * inverseDeviation[element] : values[element])
    }
  }
}

/// Repeats each value over an equal run of elements, or nil when the runs would not be equal.
private func expand(_ values: [Double], to elements: Int) -> [Double]? {
  guard !values.isEmpty, elements >= 0, elements % values.count == 0 else { return values.isEmpty && elements == 0 ? [] : nil }
  let run = elements / values.count
  return values.flatMap { [Double](repeating: $0, count: run) }
}
