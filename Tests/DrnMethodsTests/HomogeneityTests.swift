import DrnIR
import DrnMethods
import DrnReference
import DrnTestSupport
import Testing

@Suite("By what power of its trained tensors a form grows")
struct HomogeneityTests {
  /// W with the trained tensors multiplied by a number, over W as it is, in entries that are not small; the same for all where W is homogeneous.
  private func ratios(_ form: any Parameterization, _ shape: WeightShape, by factor: Double) throws -> [Double] {
    func dense(_ factor: Double) throws -> [Double] {
      var bench = Bench(ranks: [3])
      var values = try randomParameters(form, shape, rank: 3, seed: 21)
      for index in form.trainedIndices(shape, rank: 3) {
        values[index] = Matrix(values[index].rows, values[index].columns, values[index].values.map { $0 * factor })
      }
      let parameters = bench.parameters(form, shape, bench.rank(0), values)
      bench.output("w", try form.reconstruct(parameters, shape: shape, rank: bench.rank(0), in: &bench.builder))
      return try #require(try bench.run()["w"]).values
    }
    return zip(try dense(factor), try dense(1)).filter { abs($1) > 1e-3 }.map { $0 / $1 }
  }

  @Test("W is multiplied by that power of what its trained tensors are multiplied by", arguments: matrixForms)
  func power(name: String) throws {
    let (form, shape) = (form(name, rank: hasRank(name) ? 3 : nil), WeightShape(inputs: 7, outputs: 5))
    let found = try ratios(form, shape, by: 1.5)
    #expect(!found.isEmpty)
    guard let power = form.homogeneity(shape) else {
      #expect(found.contains { abs($0 - found[0]) > 1e-6 }, "\(name) is homogeneous, and says it is not")
      return
    }
    var expected = 1.0
    for _ in 0..<Int(power) { expected *= 1.5 }
    #expect(power == power.rounded() && found.allSatisfy { abs($0 - expected) < 1e-9 }, "\(name): \(found) is not 1.5^\(power)")
  }
}
