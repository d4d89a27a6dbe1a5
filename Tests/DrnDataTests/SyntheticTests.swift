import DrnData
import Testing

@Suite("Generated data")
struct SyntheticTests {
  @Test("clusters depend on the seed alone, and a longer set begins with the shorter one")
  func clusters() throws {
    let data = try SyntheticClusters(examples: 20, classes: 3, shape: [1, 2, 2], seed: 4).load()
    let longer = try SyntheticClusters(examples: 30, classes: 3, shape: [1, 2, 2], seed: 4).load()
    #expect(data.count == 20 && data.classes == 3 && data.labels.prefix(4) == [0, 1, 2, 0])
    #expect(data.features == Array(longer.features.prefix(80)))
    #expect(try data != SyntheticClusters(examples: 20, classes: 3, shape: [1, 2, 2], seed: 5).load())
    let rest = try SyntheticClusters(examples: 10, classes: 3, shape: [1, 2, 2], seed: 4, firstExample: 20).load()
    #expect(rest.features == Array(longer.features.suffix(40)) && rest.labels == Array(longer.labels.suffix(10)))
  }

  @Test("without noise every example is the centre of its class")
  func centres() throws {
    let data = try SyntheticClusters(examples: 6, classes: 2, shape: [3], seed: 4, deviation: 0).load()
    let rows = (0..<6).map { Array(data.features[$0 * 3..<$0 * 3 + 3]) }
    #expect(rows[0] == rows[2] && rows[1] == rows[5] && rows[0] != rows[1])
  }

  @Test("linear targets without noise lie on one map: the sum of two rows has the sum of the targets")
  func linear() throws {
    let data = try SyntheticLinear(examples: 3, outputs: 2, shape: [1], seed: 4).load()
    // With one feature, target / feature is the weight, the same for all examples up to rounding.
    let ratios = (0..<3).map { data.targets[$0 * 2] / data.features[$0] }
    #expect(abs(ratios[0] - ratios[1]) < 1e-5 * abs(ratios[0]) && abs(ratios[0] - ratios[2]) < 1e-5 * abs(ratios[0]))
  }

  @Test("sizes that no data can have are refused")
  func faults() {
    let faulty: [any DataReader] = [
      SyntheticClusters(examples: 0, classes: 2, shape: [2], seed: 0), SyntheticClusters(examples: 2, classes: 0, shape: [2], seed: 0),
      SyntheticClusters(examples: .max, classes: 2, shape: [2], seed: 0), SyntheticClusters(examples: 2, classes: 2, shape: [-2], seed: 0),
      SyntheticClusters(examples: 1 << 60, classes: 2, shape: [1], seed: 0),
      SyntheticClusters(examples: 2, classes: 2, shape: [2], seed: 0, deviation: .nan),
      SyntheticClusters(examples: 2, classes: 2, shape: [2], seed: 0, firstExample: .max),
      SyntheticLinear(examples: 2, outputs: 0, shape: [2], seed: 0), SyntheticLinear(examples: 2, outputs: .max, shape: [2], seed: 0),
    ]
    for reader in faulty {
      #expect(throws: DataError.self) { try reader.header() }
      #expect(throws: DataError.self) { try reader.load() }
    }
  }
}
