import DrnCPU
import DrnIR
import DrnKernels
import DrnPlan
import DrnReference
import DrnTestSupport
import Testing

/// Convolutions of many channels and their gradients, in poisoned memory.
@Suite("Convolutions of many channels")
struct WideConvolutionTests {
  private struct Shape: CustomTestStringConvertible {
    var batch: Int
    let height, width, channels, outputs, kernel, stride, groups: Int
    var testDescription: String { "\(batch) x \(height) x \(width), \(channels) to \(outputs), \(kernel) by \(stride), \(groups) groups" }
  }

  /// Sides from 3 to 7, never both even; more than 128 x 128 weights of a tap, none a multiple of 16.
  private static let shapes: [Shape] = {
    var generator = SplitMix64(seed: 23)
    func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(generator.next() % UInt64(range.count)) }
    let drawn = (0..<4).map { _ in
      let channels = 2 * number(40...110) + 1
      return Shape(
        batch: number(1...2), height: number(3...6), width: 2 * number(1...3) + 1, channels: channels,
        outputs: 2 * (128 * 128 / channels / 2 + number(1...20)) + 1, kernel: 3, stride: 1, groups: 1)
    }
    // Strides and windows that are not Winograd's, with so many weights that pixels are multiplied by blocks.
    return drawn
      + [(5, 7, 5, 171, 173, 3, 2), (2, 5, 4, 101, 105, 5, 1), (2, 3, 4, 73, 75, 7, 1), (5, 4, 5, 513, 515, 1, 2)].map {
        Shape(batch: $0.0, height: $0.1, width: $0.2, channels: $0.3, outputs: $0.4, kernel: $0.5, stride: $0.6, groups: 1)
      }
  }()

  /// A convolution with a prologue and both gradients.
  private func module(_ shape: Shape) throws -> Module {
    var module = Module(name: "wide")
    var body = Builder(function: "prologue", in: module)
    let (x, row) = (body.argument("x", role: .plain, .scalar), body.argument("r", role: .plain, .scalar))
    body.result("y", role: .plain, try body.maximum(try body.multiply(x, row), try body.constant(-0.25)))
    module.set(body.function)
    let geometry = ConvolutionGeometry(
      kernel: Extent2(shape.kernel), stride: Extent2(shape.stride), padding: Padding2((shape.kernel - 1) / 2))
    let output = try #require(geometry.output(height: shape.height, width: shape.width))
    let image = [shape.batch, shape.height, shape.width, shape.channels].map { Dimension($0) }
    let result = [shape.batch, output.height, output.width, shape.outputs].map { Dimension($0) }
    var b = Builder(function: "f", in: module)
    let (image0, dy) = (b.argument("x", role: .batch, .f32(image)), b.argument("dy", role: .batch, .f32(result)))
    let scale = b.argument("r", role: .weight, .f32([Dimension(shape.channels)]))
    let taps = shape.kernel * shape.kernel * shape.channels / shape.groups
    let w = b.argument("w", role: .weight, .f32([Dimension(taps), Dimension(shape.outputs)]))
    b.result("y", role: .output, try b.convolution(image0, w, geometry, groups: shape.groups))
    b.result("dx", role: .output, try b.convolutionInputGradient(dy, w, geometry, groups: shape.groups, shape: image))
    b.result("dw", role: .output, try b.convolutionWeightGradient(image0, dy, geometry, groups: shape.groups))
    let plain = b.function.operations
    for (name, opcode) in [("py", Opcode.convolution), ("pdw", .convolutionWeightGradient)] {
      guard let operation = plain.first(where: { $0.opcode == opcode }) else { continue }
      var attributes = operation.attributes
      attributes["prologue"] = .function("prologue")
      attributes["kinds"] = .integers([2])
      b.result(name, role: .output, try b.emitOne(opcode, operation.operands + [scale], attributes))
    }
    module.set(b.function)
    return module
  }

  @Test("agree with the reference and have the same bits for one thread and for three", arguments: shapes)
  private func agree(shape: Shape) throws {
    let module = try module(shape)
    let function = try #require(module.function("f"))
    let arguments = module.sampleArguments("f", seed: 3, classes: 2)
    let reference = try evaluate(function: function, module: module, arguments: arguments)
    var bits: [[UInt32]] = []
    for threads in [1, 3] {
      let segment = try Segment(module: module, functions: ["f"], threads: threads, isGuarded: true)
      #expect(checkPlan(segment.plan, module) == [])
      try segment.write(arguments)
      try segment.run("f")
      for port in function.results {
        let expected = try #require(reference[port.name])
        // Winograd's sums lose some bits: 2e-6 of the terms of a window over 250 channels below 2, or of the pixels of a gradient.
        let terms = port.name.hasSuffix("dw") ? shape.batch * shape.height * shape.width : 9 * max(shape.channels, shape.outputs)
        expectClose(try segment.read(port.name), expected, tolerance: 2e-6, magnitude: Double(terms), port.name)
      }
      bits.append(try function.results.flatMap { try segment.read($0.name).map(\.bitPattern) })
    }
    #expect(bits[0] == bits[1])
  }

  /// 68 tiles or 264 pixels an image, so that two of the five images make a round beside the first three.
  @Test("rounds of images give the results of each image by itself, and gradients their sum", arguments: [(130, 129, 1), (171, 173, 2)])
  func rounds(channels: Int, outputs: Int, stride: Int) throws {
    var shape = Shape(batch: 5, height: 65, width: 16, channels: channels, outputs: outputs, kernel: 3, stride: stride, groups: 1)
    let all = try results(shape, images: 0..<5)
    shape.batch = 1
    var sum = [Double](repeating: 0, count: all["dw"]?.count ?? 0)
    for image in 0..<5 {
      let one = try results(shape, images: image..<image + 1)
      for name in ["y", "dx", "py"] {
        let (whole, part) = (try #require(all[name]), try #require(one[name]))
        #expect(Array(whole[image * part.count..<(image + 1) * part.count]) == part, "\(name) of image \(image)")
      }
      for (index, value) in (one["dw"] ?? []).enumerated() { sum[index] += Double(value) }
    }
    #expect(largestError(try #require(all["dw"]), sum) < 2e-3)
  }

  /// The results for some of five images, which are the same however many are taken.
  private func results(_ shape: Shape, images: Range<Int>) throws -> [String: [Float]] {
    let module = try module(shape)
    let function = try #require(module.function("f"))
    var generator = SplitMix64(seed: 7)
    let segment = try Segment(module: module, functions: ["f"], threads: 2, isGuarded: true)
    for port in function.arguments {
      let count = function.type(of: port.value).elementCount ?? 0
      guard port.role == .batch else {
        try segment.write(port.name, (0..<count).map { _ in generator.float() })
        continue
      }
      let one = count / images.count
      let values = (0..<5 * one).map { _ in generator.float() }
      try segment.write(port.name, Array(values[images.lowerBound * one..<images.upperBound * one]))
    }
    try segment.run("f")
    return try Dictionary(uniqueKeysWithValues: function.results.map { ($0.name, try segment.read($0.name)) })
  }
}
