extension Preparation {
  /// The map to mean 0 and standard deviation 1 over the examples of `indices`, which should be the training split alone.
  ///
  /// The deviation is the population's (divided by the count, not by one less). A group whose deviation is below the resolution of
  /// `Float` around its mean is constant, and its deviation is taken as 1. Sums are accumulated in double precision, in two passes.
  public static func standardize(_ data: DataSet, indices: [Int], per sharing: Sharing) -> Preparation {
    let elements = data.elementsPerExample
    let run = groupLength(sharing, shape: data.shape, elements: elements)
    let observations = Double(max(indices.count, 1) * max(run, 1))
    let means = groupSums(elementSums(data, indices) { value, _ in value }, run).map { $0 / observations }
    let centers = means.flatMap { [Double](repeating: $0, count: run) }
    let squares = centers.withUnsafeBufferPointer { centers in
      elementSums(data, indices) { value, element in (value - centers[element]) * (value - centers[element]) }
    }
    let inverses = zip(means, groupSums(squares, run)).map { mean, square in
      inverse((square / observations).squareRoot(), around: mean)
    }
    return Preparation(mean: means.map { Float($0) }, inverseDeviation: inverses, elements: elements) ?? scale(1, elements: elements)
  }

  private static func inverse(_ deviation: Double, around mean: Double) -> Float {
    deviation > abs(mean) * 0x1p-24 ? Float(1 / deviation) : 1
  }

  /// How many consecutive elements share a statistic; at least 1.
  private static func groupLength(_ sharing: Sharing, shape: [Int], elements: Int) -> Int {
    switch sharing {
    case .pixel: 1
    case .channel: max(elements / max(shape.first ?? 1, 1), 1)
    case .all: max(elements, 1)
    }
  }

  /// The sum of `term(value, element)` over the examples, for each element.
  @inline(__always)
  private static func elementSums(_ data: DataSet, _ indices: [Int], _ term: (Double, Int) -> Double) -> [Double] {
    var sums = [Double](repeating: 0, count: data.elementsPerExample)
    var row = [Float](repeating: 0, count: data.elementsPerExample)
    row.withUnsafeMutableBufferPointer { row in
      sums.withUnsafeMutableBufferPointer { sums in
        guard let destination = row.baseAddress else { return }
        for index in indices {
          data.copyRow(index, into: destination)
          for element in 0..<sums.count { sums[element] += term(Double(row[element]), element) }
        }
      }
    }
    return sums
  }

  private static func groupSums(_ values: [Double], _ run: Int) -> [Double] {
    stride(from: 0, to: values.count, by: run).map { start in values[start..<min(start + run, values.count)].reduce(0, +) }
  }
}
