extension Preparation {
  /// The map to mean 0 and standard deviation 1 over the examples of `indices`, which should be the training split alone.
  ///
  /// The deviation is the population's (divided by the count, not by one less). A group whose values are all equal has deviation 0, taken as
  /// 1. Everything is computed in double precision on the values as stored, moved to the middle of their range and divided by half of it, so
  /// that neither a mean far from 0 nor the scale costs digits: their mean in one pass, the squares of the deviations in another.
  public static func standardize(_ data: DataSet, indices: [Int], per sharing: Sharing) -> Preparation {
    let elements = data.elementsPerExample
    let run = groupLength(sharing, shape: data.shape, elements: elements)
    guard !indices.isEmpty, elements > 0 else {
      return Preparation(mean: [0], inverseDeviation: [1], elements: elements) ?? scale(1, elements: 0)
    }
    let observations = Double(indices.count * run)
    let ranges = ranges(data, indices, run)
    let middles = ranges.map { $0.lowerBound / 2 + $0.upperBound / 2 }
    let halves = ranges.map { $0.upperBound / 2 - $0.lowerBound / 2 }
    let means = groupSums(data, indices, run) { value, group in halves[group] > 0 ? (value - middles[group]) / halves[group] : 0 }
      .map { $0 / observations }
    let squares = groupSums(data, indices, run) { value, group in
      let deviation = halves[group] > 0 ? (value - middles[group]) / halves[group] - means[group] : 0
      return deviation * deviation
    }
    let groups = ranges.indices
    return Preparation(
      // Equal values have exactly their mean.
      mean: groups.map { halves[$0] > 0 ? middles[$0] + means[$0] * halves[$0] : ranges[$0].lowerBound },
      inverseDeviation: groups.map { halves[$0] > 0 ? 1 / ((squares[$0] / observations).squareRoot() * halves[$0]) : 1 },
      elements: elements) ?? scale(1, elements: elements)
  }

  /// How many consecutive elements share a statistic; at least 1.
  private static func groupLength(_ sharing: Sharing, shape: [Int], elements: Int) -> Int {
    switch sharing {
    case .pixel: 1
    case .channel: max(elements / max(shape.first ?? 1, 1), 1)
    case .all: max(elements, 1)
    }
  }

  /// The smallest and the largest value of each group of `run` elements.
  private static func ranges(_ data: DataSet, _ indices: [Int], _ run: Int) -> [ClosedRange<Double>] {
    let count = (data.elementsPerExample + run - 1) / run
    var (least, most) = ([Double](repeating: .infinity, count: count), [Double](repeating: -.infinity, count: count))
    forEachRow(data, indices) { row in
      for element in row.indices {
        let group = element / run
        least[group] = min(least[group], row[element])
        most[group] = max(most[group], row[element])
      }
    }
    return zip(least, most).map { $0...max($0, $1) }
  }

  /// The sum of `term(value, group)` over the examples, for each group of `run` elements.
  @inline(__always)
  private static func groupSums(_ data: DataSet, _ indices: [Int], _ run: Int, _ term: (Double, Int) -> Double) -> [Double] {
    // A sum for each element first: the partial sums stay small.
    var sums = [Double](repeating: 0, count: data.elementsPerExample)
    sums.withUnsafeMutableBufferPointer { sums in
      forEachRow(data, indices) { row in
        for element in row.indices { sums[element] += term(row[element], run == 1 ? element : element / run) }
      }
    }
    return stride(from: 0, to: sums.count, by: run).map { start in sums[start..<min(start + run, sums.count)].reduce(0, +) }
  }

  @inline(__always)
  private static func forEachRow(_ data: DataSet, _ indices: [Int], _ body: (UnsafeMutableBufferPointer<Double>) -> Void) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: data.elementsPerExample) { row in
      guard let destination = row.baseAddress else { return }
      for index in indices {
        data.copyRow(index, into: destination)
        body(row)
      }
    }
  }
}
