import DrnCompiler
import DrnIR
import DrnLowering
import DrnMethods
import DrnProgram
import DrnSema
import DrnSource
import Testing

@testable import DrnTrain

@Suite("How weights lie in files") struct StoredLayoutTests {
  private func plan(_ shape: WeightShape) -> WeightPlan {
    let site = WeightSite(name: "conv.weight", path: "conv", node: 0, tensor: "weight", shape: shape, initializer: .zeros)
    return WeightPlan(site: site, spans: [])
  }
  private func convolution(_ height: Int, _ width: Int, channels: Int, outputs: Int, groups: Int = 1) -> WeightShape {
    WeightShape(
      inputs: height * width * channels, outputs: outputs,
      convolution: ConvolutionGeometry(kernel: Extent2(height: height, width: width)), groups: groups)
  }

  @Test("a dense convolution is stored outputs x channels x height x width, and comes back")
  func convolutionOrder() {
    let shape = convolution(2, 3, channels: 4, outputs: 5)
    let layout = StoredLayout(dense: plan(shape))
    #expect(layout.storedShape == [5, 4, 2, 3])
    // Every value names its place: 1000 i + 100 j + 10 c + o.
    var used: [Float] = []
    for i in 0..<2 { for j in 0..<3 { for c in 0..<4 { for o in 0..<5 { used.append(Float(1000 * i + 100 * j + 10 * c + o)) } } } }
    var expected: [Float] = []
    for o in 0..<5 { for c in 0..<4 { for i in 0..<2 { for j in 0..<3 { expected.append(Float(1000 * i + 100 * j + 10 * c + o)) } } } }
    #expect(layout.stored(used) == expected && layout.loaded(expected) == used)
  }

  @Test("a dense linear weight is stored outputs x inputs, a vector as it is")
  func linearOrder() {
    let layout = StoredLayout(dense: plan(WeightShape(inputs: 2, outputs: 3)))
    #expect(layout.storedShape == [3, 2] && layout.stored([1, 2, 3, 4, 5, 6]) == [1, 4, 2, 5, 3, 6])
    #expect(layout.loaded([1, 4, 2, 5, 3, 6]) == [1, 2, 3, 4, 5, 6])
    let vector = TensorInfo(name: "fc.bias", role: .weight, shape: [3], initialValue: nil, weight: nil)
    let bias = StoredLayout(PhaseTensor(vector, [3]), of: nil)
    #expect(bias.storedShape == [3] && bias.stored([1, 2, 3]) == [1, 2, 3] && bias.description == nil)
  }

  @Test("factors of a convolution are stored as the convolutions they are")
  func factors() throws {
    let shape = convolution(3, 5, channels: 4, outputs: 6)
    let expected: [String: [[Int]]] = [
      "dense": [[6, 4, 3, 5]], "factored": [[2, 4, 3, 5], [6, 2, 1, 1]], "three_factor": [[2, 4, 3, 5], [2, 2, 1, 1], [6, 2, 1, 1]],
      "core": [[2, 4, 3, 5], [2, 2, 1, 1], [6, 2, 1, 1]], "tucker": [[2, 4, 1, 1], [2, 2, 3, 5], [6, 2, 1, 1]],
      "cp": [[2, 4, 1, 1], [2, 2, 1, 5], [2, 2, 3, 1], [6, 2, 1, 1]], "adapter": [[6, 4, 3, 5], [2, 4, 3, 5], [6, 2, 1, 1]],
      "power": [[6, 4, 3, 5]], "sparse": [[6, 4, 3, 5], [6, 4, 3, 5]], "kronecker": [[6, 2], [10, 3]],
    ]
    for type in Parameterizations.all {
      let form = type.init(options: Options(defaultsOf: type.spec).replacing(["rank": .integer(2)]))
      let stored = form.parameters(shape, rank: 2).map { spec in
        let name = spec.name.isEmpty ? "conv.weight" : "conv.weight.\(spec.name)"
        let info = TensorInfo(name: name, role: .weight, shape: spec.shape, initialValue: nil, weight: 0, parameter: spec)
        return StoredLayout(PhaseTensor(info, spec.shape.map(\.constant)), of: plan(shape)).storedShape
      }
      #expect(stored == expected[type.spec.name], "\(type.spec.name)")
    }
    #expect(StoredLayout(dense: plan(convolution(3, 3, channels: 1, outputs: 8, groups: 8))).storedShape == [8, 1, 3, 3])
  }
}
