import DrnIR
import DrnPlan
import DrnTestSupport
import Testing

@testable import DrnCPU

@Suite("Times of kernels") struct TimedEntryTests {
  @Test("a step run with a clock between its kernels gives the same results, and the times are of its operations in order")
  func sameResults() throws {
    let module = try TrainingStep(batch: 16, widths: [40, 50, 5]).optimized()
    let step = try #require(module.function("step"))
    let arguments = module.sampleArguments("step", seed: 4, classes: 5)
    for threads in 1...2 {
      let (plain, timed) = (
        try Segment(module: module, functions: ["step"], threads: threads),
        try Segment(module: module, functions: ["step"], threads: threads)
      )
      for segment in [plain, timed] { try segment.write(arguments) }
      try plain.run("step")
      let entry = try timed.entry("step").timed
      let times = entry.run()
      for port in step.results { #expect(try plain.read(port.name) == timed.read(port.name)) }
      #expect(times.count == entry.kernels.count && times.allSatisfy { $0 >= 0 } && times.contains { $0 > 0 })
      #expect(zip(entry.kernels, entry.kernels.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
      let products = step.operations.indices.filter { step.operations[$0].opcode == .matmul }
      #expect(!products.isEmpty && products.allSatisfy { product in entry.kernels.contains { $0.contains(product) } })
    }
  }

  @Test("the sums of a batch normalization that run inside a convolution's tasks are timed with it")
  func joined() throws {
    var builder = Builder(function: "f", in: Module(name: "m"))
    let image = builder.argument("image", role: .plain, .f32([4, 8, 8, 16]))
    let weight = builder.argument("weight", role: .plain, .f32([144, 16]))
    let geometry: Attributes = [
      "kernel": .integers([3, 3]), "stride": .integers([1, 1]), "padding": .integers([1, 1, 1, 1]), "dilation": .integers([1, 1]),
      "groups": .integer(1),
    ]
    let vectors = ["scale", "offset"].map { builder.argument($0, role: .plain, .f32([16])) }
    let result = try builder.emitOne(.convolution, [image, weight], geometry)
    let doubled = try builder.add(image, image)
    let normal = try builder.emit(.batchNorm, [result] + vectors, ["epsilon": .number(1e-5)])
    builder.result("y", role: .output, normal[0])
    builder.result("doubled", role: .output, doubled)
    var module = Module(name: "m")
    module.set(builder.function)
    // The sum between them keeps the two apart.
    #expect(try Segment(module: module, functions: ["f"], threads: 1).entry("f").timed.kernels == [0...0, 1...1, 2...2])
    var function = builder.function
    function.operations.swapAt(0, 1)
    module.set(function)
    #expect(try Segment(module: module, functions: ["f"], threads: 1).entry("f").timed.kernels == [0...0, 1...2])
  }
}
