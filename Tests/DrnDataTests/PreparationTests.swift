import DrnData
import Testing

@Suite("Preparation of feature values")
struct PreparationTests {
  /// 6 examples of shape [2, 1, 3]; the last element is constant.
  private func sample() throws -> DataSet {
    let stream = RandomStream(seed: 3, purpose: "test", name: "preparation")
    let values = stream.normals(count: 36).enumerated().map { $0 % 6 == 5 ? 0.1 : $1 * Float($0 % 6 + 1) + 100 }
    return try DataSet(shape: [2, 1, 3], count: 6, storage: .floats(values), target: .labels([0, 1, 0, 1, 0, 1]))
  }

  /// Mean and population deviation straight from the definition.
  private func reference(_ values: [Float]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
    let square = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(values.count)
    return (mean, square.squareRoot())
  }

  @Test("statistics agree with the definition, over the given examples only", arguments: Preparation.Sharing.allCases)
  func statistics(sharing: Preparation.Sharing) throws {
    let data = try sample()
    let indices = [0, 2, 3, 5]
    let preparation = Preparation.standardize(data, indices: indices, per: sharing)
    for element in 0..<6 {
      let shared: Range<Int> =
        switch sharing {
        case .pixel: element..<element + 1
        case .channel: element < 3 ? 0..<3 : 3..<6
        case .all: 0..<6
        }
      let expected = reference(indices.flatMap { index in shared.map { data.features[index * 6 + $0] } })
      #expect(abs(preparation.mean[element] - expected.mean) <= 1e-14 * abs(expected.mean))
      let isConstant = sharing == .pixel && element == 5
      #expect(abs(preparation.inverseDeviation[element] * (isConstant ? 1 : expected.deviation) - 1) < 1e-12)
    }
  }

  @Test("bytes and floats give the same statistics and rows")
  func storages() throws {
    let bytes = (0..<40).map { UInt8(($0 * 37) % 256) }
    let labels = DataSet.Target.labels([Int32](repeating: 0, count: 10))
    let first = try DataSet(shape: [1, 2, 2], count: 10, storage: .bytes(bytes, scale: 1 / 255), target: labels)
    let second = try DataSet(shape: [1, 2, 2], count: 10, storage: .floats(first.features), target: labels)
    let preparation = Preparation.standardize(first, indices: Array(0..<10), per: .pixel)
    #expect(preparation == Preparation.standardize(second, indices: Array(0..<10), per: .pixel))
    var rows = [[Float]](repeating: [Float](repeating: 0, count: 12), count: 2)
    first.copyRows([9, 0, 4], into: &rows[0], transform: preparation)
    second.copyRows([9, 0, 4], into: &rows[1], transform: preparation)
    #expect(rows[0] == rows[1])
    #expect(rows[0][4] == (first.features[0] - Float(preparation.mean[0])) * Float(preparation.inverseDeviation[0]))
  }

  @Test("a constant feature becomes zero, and one that barely varies does not")
  func constants() throws {
    let values: [Float] = [0.1, 1, 0.1, 1.001, 0.1, 1]
    let data = try DataSet(shape: [2], count: 3, storage: .floats(values), target: .labels([0, 0, 0]))
    let preparation = Preparation.standardize(data, indices: [0, 1, 2], per: .pixel)
    #expect(preparation.inverseDeviation[0] == 1 && preparation.inverseDeviation[1] > 1000)
  }

  /// The standardized values of one feature, and their mean and mean square.
  private func standardized(_ storage: DataSet.Storage) throws -> (values: [Float], mean: Double, square: Double) {
    let labels = DataSet.Target.labels([Int32](repeating: 0, count: storage.count))
    let data = try DataSet(shape: [1], count: storage.count, storage: storage, target: labels)
    let preparation = Preparation.standardize(data, indices: Array(0..<data.count), per: .pixel)
    var values = [Float](repeating: 0, count: data.count)
    data.copyRows(Array(0..<data.count), into: &values, transform: preparation)
    let count = Double(values.count)
    return (values, values.reduce(0) { $0 + Double($1) } / count, values.reduce(0) { $0 + Double($1) * Double($1) } / count)
  }

  /// The mean square of a standardized feature is 1 whatever its mean and scale (scikit-learn's `StandardScaler`).
  @Test("a feature that varies at all gets mean 0 and mean square 1: neighbouring floats, and every scale")
  func smallDeviations() throws {
    // The mean, 1e7 + 0.497, lies between two floats.
    let neighbours = (0..<1001).map { Float(1e7) + Float($0 % 7 == 0 || $0 % 2 == 1 ? 0 : 1) }
    var samples: [DataSet.Storage] = [.floats(neighbours), .floats([16_777_216, 16_777_218, 16_777_216])]
    for exponent in stride(from: -37, through: 37, by: 1) {
      let scale = Float("1e\(exponent)") ?? 1
      samples.append(.floats([1, 2, 3, 5].map { $0 * scale }))
      samples.append(.doubles([1, 2, 3, 5].map { $0 * Double(scale) }))
      samples.append(.floats([1, 1.0000001, 1].map { $0 * scale }))
    }
    samples.append(.floats([.leastNonzeroMagnitude, 0, .leastNonzeroMagnitude * 3]))
    samples.append(.floats([.greatestFiniteMagnitude, -.greatestFiniteMagnitude, 0]))
    samples.append(.floats([.greatestFiniteMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude]))
    samples.append(.doubles([1e-200, 3e-200, 4e-200]))
    // Seconds since 1970, in single precision all the same.
    samples.append(.doubles((0..<60).map { 1_700_000_000 + Double($0) }))
    samples.append(.doubles([1 + 1e-9, 1, 1 + 2e-9]))
    for sample in samples {
      let (values, mean, square) = try standardized(sample)
      #expect(abs(mean) < 1e-5 && abs(square - 1) < 1e-5, "\(sample): \(values)")
    }
  }

  @Test("equal values become 0, whatever they are")
  func equalValues() throws {
    for value in [0.1, 1e-40, 3e38, -1_700_000_000.25, 1e-200] {
      #expect(try standardized(.doubles([value, value, value])).values == [0, 0, 0])
      #expect(try standardized(.floats([Float(value), Float(value), Float(value)])).values == [0, 0, 0])
    }
  }

  @Test("scaling multiplies; groups expand to runs; sizes that do not fit are refused")
  func construction() throws {
    var row = [Float](repeating: 0, count: 6)
    try sample().copyRow(0, into: &row, transform: .scale(2, elements: 6))
    #expect(try row == sample().features.prefix(6).map { $0 * 2 })
    #expect(Preparation(mean: [1, 2], inverseDeviation: [3, 4], elements: 4)?.mean == [1, 1, 2, 2])
    #expect(Preparation(mean: [1, 2], inverseDeviation: [3, 4], elements: 5) == nil)
    #expect(Preparation(mean: [1], inverseDeviation: [], elements: 1) == nil)
    #expect(try !Preparation.scale(1, elements: 5).matches(sample()) && Preparation.scale(1, elements: 6).matches(sample()))
  }

  @Test("indices and preparations that do not belong to the data never trap")
  func foreign() throws {
    let data = try sample()
    var row = [Float](repeating: 9, count: 6)
    data.copyRow(6, into: &row)
    #expect(row == [0, 0, 0, 0, 0, 0])
    data.copyRow(0, into: &row, transform: .scale(5, elements: 3))
    #expect(row == Array(data.features.prefix(6)))
    var labels: [Int32] = [0, 0]
    try data.copyLabels([1, -1], into: &labels)
    #expect(labels == [1, -1])
    #expect(Preparation.standardize(data, indices: [], per: .all).mean == [Double](repeating: 0, count: 6))
    #expect(throws: DataError.self) { try DataSet(shape: [2], count: 2, storage: .floats([1]), target: .labels([0, 0])) }
    #expect(throws: DataError.self) { try DataSet(shape: [1], count: 2, storage: .floats([1, 2]), target: .labels([0])) }
  }
}
