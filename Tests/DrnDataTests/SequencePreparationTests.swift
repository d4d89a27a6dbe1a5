import DrnData
import Testing

@Suite("Preparation of sequences") struct SequencePreparationTests {
  /// 5 examples of 4 positions of 3 features, each feature with a mean and a scale of its own.
  private func sample() throws -> DataSet {
    let noise = RandomStream(seed: 4, purpose: "test", name: "sequences").normals(count: 60)
    let values = noise.enumerated().map { $1 * Float($0 % 3 + 1) + Float(10 * ($0 % 3)) }
    return try DataSet(shape: [4, 3], count: 5, storage: .floats(values), target: .labels([0, 1, 0, 1, 0]))
  }

  @Test("a feature has one statistic over all positions of the examples trained on") func channels() throws {
    let data = try sample()
    let indices = [0, 1, 3]
    let preparation = Preparation.standardize(data, indices: indices, per: .channel)
    for feature in 0..<3 {
      let values = indices.flatMap { index in (0..<4).map { Double(data.features[index * 12 + $0 * 3 + feature]) } }
      let mean = values.reduce(0, +) / 12
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 12).squareRoot()
      for position in 0..<4 {
        #expect(abs(preparation.mean[position * 3 + feature] - mean) < 1e-12)
        #expect(abs(preparation.inverseDeviation[position * 3 + feature] * deviation - 1) < 1e-12)
      }
    }
  }

  @Test("the groups are the last size of a sequence, and the first of anything else") func groups() {
    func grouped(_ sharing: Preparation.Sharing, _ shape: [Int]) -> [Int] {
      let (run, count) = sharing.groups(of: shape)
      return (0..<shape.reduce(1, *)).map { $0 / run % count }
    }
    #expect(grouped(.channel, [3, 2]) == [0, 1, 0, 1, 0, 1])
    #expect(grouped(.channel, [2, 1, 3]) == [0, 0, 0, 1, 1, 1])
    #expect(grouped(.channel, [4]) == [0, 1, 2, 3])
    #expect(grouped(.pixel, [2, 2]) == [0, 1, 2, 3] && grouped(.all, [2, 2]) == [0, 0, 0, 0])
  }
}
