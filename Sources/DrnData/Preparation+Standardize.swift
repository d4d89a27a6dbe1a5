extension Preparation {
  /// The map to mean 0 and standard deviation 1 over the examples of `indices`, which should be the training split alone.
  ///
  /// The deviation is the population's (divided by the count, not by one less). A group whose values are all equal has deviation 0, taken as
  /// 1. Everything is computed in double precision on the values as stored, moved to the middle of their range and divided by half of it, so
  /// that neither a mean far from 0 nor the scale costs digits: their mean in one pass, the squares of the deviations in another.
  public static func standardize(_ data: DataSet, indices: [Int], per sharing: Sharing) -> Preparation {
    let elements = data.elementsPerExample
    guard !indices.isEmpty, elements > 0 else {
      return Preparation(mean: [0], inverseDeviation: [1], elements: elements) ?? scale(1, elements: 0)
    }
    let (run, count) = sharing.groups(of: data.shape)
    let groups = (0..<elements).map { $0 / run % count }
    // Values beyond an example's own positions are in no statistic.
    let observed = data.lengths == nil ? nil : ownValues(data, indices, groups, count)
    func observations(_ group: Int) -> Double { observed?[group] ?? Double(indices.count * (elements / count)) }
    let ranges = ranges(data, indices, groups, count)
    let middles = ranges.map { $0.lowerBound / 2 + $0.upperBound / 2 }
    let halves = ranges.map { $0.upperBound / 2 - $0.lowerBound / 2 }
    let means = groupSums(data, indices, groups, count) { value, group in halves[group] > 0 ? (value - middles[group]) / halves[group] : 0 }
      .enumerated().map { $1 / observations($0) }
    let squares = groupSums(data, indices, groups, count) { value, group in
      let deviation = halves[group] > 0 ? (value - middles[group]) / halves[group] - means[group] : 0
      return deviation * deviation
    }
    // Equal values have exactly their mean.
    let exact = ranges.indices.map { halves[$0] > 0 ? middles[$0] + means[$0] * halves[$0] : ranges[$0].lowerBound }
    let inverse = ranges.indices.map { halves[$0] > 0 ? 1 / ((squares[$0] / observations($0)).squareRoot() * halves[$0]) : 1 }
    return Preparation(mean: groups.map { exact[$0] }, inverseDeviation: groups.map { inverse[$0] }, elements: elements)
      ?? scale(1, elements: elements)
  }

  /// The smallest and the largest value of each group.
  private static func ranges(_ data: DataSet, _ indices: [Int], _ groups: [Int], _ count: Int) -> [ClosedRange<Double>] {
    var (least, most) = ([Double](repeating: .infinity, count: count), [Double](repeating: -.infinity, count: count))
    forEachRow(data, indices) { row in
      for element in row.indices {
        let group = groups[element]
        least[group] = min(least[group], row[element])
        most[group] = max(most[group], row[element])
      }
    }
    // A group without a value leaves what it is given.
    return zip(least, most).map { $0 <= $1 ? $0...$1 : 0...0 }
  }

  /// How many values of each group are examples' own, at least 1.
  private static func ownValues(_ data: DataSet, _ indices: [Int], _ groups: [Int], _ count: Int) -> [Double] {
    var observed = [Int](repeating: 0, count: count)
    forEachRow(data, indices) { row in for element in row.indices { observed[groups[element]] += 1 } }
    return observed.map { Double(max($0, 1)) }
  }

  /// The sum of `term(value, group)` over the examples, for each group.
  @inline(__always)
  private static func groupSums(
    _ data: DataSet, _ indices: [Int], _ groups: [Int], _ count: Int, _ term: (Double, Int) -> Double
  ) -> [Double] {
    // A sum for each element first: the partial sums stay small.
    var sums = [Double](repeating: 0, count: data.elementsPerExample)
    sums.withUnsafeMutableBufferPointer { sums in
      groups.withUnsafeBufferPointer { groups in
        forEachRow(data, indices) { row in
          for element in row.indices { sums[element] += term(row[element], groups[element]) }
        }
      }
    }
    return zip(groups, sums).reduce(into: [Double](repeating: 0, count: count)) { $0[$1.0] += $1.1 }
  }

  @inline(__always)
  private static func forEachRow(_ data: DataSet, _ indices: [Int], _ body: (UnsafeMutableBufferPointer<Double>) -> Void) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: data.elementsPerExample) { row in
      guard let destination = row.baseAddress else { return }
      for index in indices {
        data.copyRow(index, into: destination)
        body(UnsafeMutableBufferPointer(rebasing: row.prefix(data.ownElements(of: index))))
      }
    }
  }
}
