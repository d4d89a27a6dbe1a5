import Dispatch

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
      nonisolated(unsafe) let centers = centers
      return elementSums(data, indices) { value, element in (value - centers[element]) * (value - centers[element]) }
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

  /// Elements summed by one thread at a time.
  private static let portion = 512

  /// The sum of `term(value, element)` over the examples, for each element. Threads share the elements out, never the examples of one, so
  /// that each sum is added up in one order.
  private static func elementSums(
    _ data: DataSet, _ indices: [Int], _ term: @Sendable (Double, Int) -> Double
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: data.elementsPerExample)
    let rows = indices.filter { (0..<data.count).contains($0) }
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      DispatchQueue.concurrentPerform(iterations: (sums.count + portion - 1) / portion) { number in
        let columns = number * portion..<min((number + 1) * portion, sums.count)
        switch data.storage {
        case .bytes(let bytes, let scale):
          bytes.withUnsafeBufferPointer { add(rows, columns, sums, $0, sums.count) { term(Double(Float($0) * scale), $1) } }
        case .floats(let floats):
          floats.withUnsafeBufferPointer { add(rows, columns, sums, $0, sums.count) { term(Double($0), $1) } }
        }
      }
    }
    return sums
  }

  @inline(__always)
  private static func add<Value>(
    _ rows: [Int], _ columns: Range<Int>, _ sums: UnsafeMutableBufferPointer<Double>, _ values: UnsafeBufferPointer<Value>, _ width: Int,
    _ term: (Value, Int) -> Double
  ) {
    guard let sums = sums.baseAddress, let values = values.baseAddress else { return }
    for row in rows {
      let source = values + row * width
      for element in columns { sums[element] += term(source[element], element) }
    }
  }

  private static func groupSums(_ values: [Double], _ run: Int) -> [Double] {
    stride(from: 0, to: values.count, by: run).map { start in values[start..<min(start + run, values.count)].reduce(0, +) }
  }
}
