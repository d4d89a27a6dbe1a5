import DrnCPU
import DrnIR
import DrnPlan
import DrnReference
import DrnTestSupport
import Testing

@Suite("Products of tall matrices, and reshapes as views")
struct ExecutorTallTests {
  /// Two images of 40 x 30 pixels make 2400 rows, past the limit from which a product counts as tall.
  private static let pixels: [Dimension] = [2, 40, 30]

  /// A 1 x 1 convolution as a product of reshaped images, with both gradients and an epilogue on the weight's.
  private func module(channels: Int, outputs: Int) throws -> Module {
    var module = Module(name: "tall")
    var body = Builder(function: "descend", in: module)
    let (product, weight) = (body.argument("product", role: .plain, .scalar), body.argument("w", role: .plain, .scalar))
    body.result("y", role: .plain, try body.subtract(weight, try body.scale(product, by: 0.125)))
    module.set(body.function)
    var b = Builder(function: "f", in: module)
    let (inputs, results) = (Self.pixels + [Dimension(channels)], Self.pixels + [Dimension(outputs)])
    let x = b.argument("x", role: .batch, .f32(inputs))
    let dy = b.argument("dy", role: .batch, .f32(results))
    let w = b.argument("w", role: .weight, .f32([Dimension(channels), Dimension(outputs)]))
    // A doubled image, so that the reshape reads a temporary that is read again later.
    let image = try b.add(x, x)
    let matrix = try b.reshape(image, to: [2400, Dimension(channels)])
    let upstream = try b.reshape(dy, to: [2400, Dimension(outputs)])
    b.result("y", role: .output, try b.reshape(try b.matmul(matrix, w), to: results))
    b.result("dx", role: .output, try b.reshape(try b.matmul(upstream, w, transposeRight: true), to: inputs))
    b.result("again", role: .output, try b.multiply(image, x))
    let step = try b.emitOne(
      .matmul, [matrix, upstream, w],
      [
        "transpose_left": .boolean(true), "transpose_right": .boolean(false), "epilogue": .function("descend"), "kinds": .integers([0]),
      ])
    b.result("w", role: .weight, step)
    module.set(b.function)
    return module
  }

  @Test("agree with the reference, for one thread and for three", arguments: [(4, 16), (16, 4), (32, 3), (5, 7), (17, 33), (64, 64)])
  func agree(channels: Int, outputs: Int) throws {
    let module = try module(channels: channels, outputs: outputs)
    let function = try #require(module.function("f"))
    let arguments = module.sampleArguments("f", seed: 3, classes: 2)
    let reference = try evaluate(function: function, module: module, arguments: arguments)
    var bits: [[UInt32]] = []
    for threads in [1, 3] {
      let segment = try Segment(module: module, functions: ["f"], threads: threads)
      #expect(checkPlan(segment.plan, module) == [])
      try segment.write(arguments)
      try segment.run("f")
      for port in function.results {
        // 2400 products of numbers below 2 in a weight's gradient, 64 elsewhere; 1e-6 of their sum is some roundings.
        let magnitude = port.name == "w" ? 4800.0 : 128
        expectClose(try segment.read(port.name), try #require(reference[port.name]), tolerance: 1e-6, magnitude: magnitude, port.name)
      }
      bits.append(try function.results.flatMap { try segment.read($0.name).map(\.bitPattern) })
    }
    #expect(bits[0] == bits[1])
  }

  @Test("a reshaped image is not copied")
  func views() throws {
    let module = try module(channels: 3, outputs: 5)
    let plan = try planSegment(module, functions: ["f"])
    let function = try #require(module.function("f"))
    let places = plan.functions[0].placements
    let reshape = try #require(function.operations.first { $0.opcode == .reshape })
    #expect(places[Int(reshape.operands[0].index)]?.offset == places[Int(reshape.results[0].index)]?.offset)
    #expect(checkPlan(plan, module) == [])
  }

  @Test("the checker finds a view whose memory another value took")
  func overwrittenView() throws {
    let module = try module(channels: 3, outputs: 5)
    var plan = try planSegment(module, functions: ["f"])
    let function = try #require(module.function("f"))
    let reshape = try #require(function.operations.first { $0.opcode == .reshape })
    let product = try #require(function.operations.first { $0.opcode == .matmul })
    let offset = try #require(plan.functions[0].placements[Int(reshape.results[0].index)]?.offset)
    plan.functions[0].placements[Int(product.results[0].index)]?.offset = offset
    #expect(checkPlan(plan, module) != [])
  }
}
