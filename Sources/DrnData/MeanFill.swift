/// What takes the place of missing values: for each value of an example the mean of those there are, over the examples to train on.
public struct MeanFill: Equatable, Sendable {
  /// For each value of an example, as `Float` holds it.
  public let values: [Float]

  /// Means that were found before.
  public init(values: [Float]) { self.values = values }

  /// The means over the examples of `indices`, computed in double precision. Throws where none of them has a value.
  public init(_ data: DataSet, indices: [Int]) throws(Absent) {
    let elements = data.elementsPerExample
    var sums = [Double](repeating: 0, count: elements)
    var counts = [Int](repeating: 0, count: elements)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: elements) { row in
      guard let base = row.baseAddress else { return }
      for index in indices {
        data.copyRow(index, into: base)
        for element in 0..<elements where !row[element].isNaN {
          sums[element] += row[element]
          counts[element] += 1
        }
      }
    }
    if let element = counts.firstIndex(of: 0) { throw Absent(element: element) }
    values = zip(sums, counts).map { Float($0 / Double($1)) }
  }

  /// No example has this value of an example.
  public struct Absent: Error, Equatable {
    /// The index of the value within an example, row-major, from 0.
    public let element: Int
  }

  /// The data set with its missing values filled.
  public func filling(_ data: DataSet) -> DataSet {
    var filled = data
    let count = values.count
    switch data.storage {
    case .bytes, .tokens, .text, .file: break
    case .floats(var floats):
      for index in floats.indices where floats[index].isNaN { floats[index] = values[index % count] }
      filled.storage = .floats(floats)
    case .doubles(var doubles):
      for index in doubles.indices where doubles[index].isNaN { doubles[index] = Double(values[index % count]) }
      filled.storage = .doubles(doubles)
    }
    return filled
  }
}
