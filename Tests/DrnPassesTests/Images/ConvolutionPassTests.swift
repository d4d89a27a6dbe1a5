@testable import DrnPasses
import DrnIR
import DrnKernels
import DrnReference
import DrnTestSupport
import Testing

@Suite("Products of patches become convolutions")
struct ConvolutionPassTests {
  static func formed(_ module: Module) throws -> Module {
    try formConvolutions(try simplify(try chooseContractionOrder(try simplify(module))))
  }

  @Test(
    "A residual network computes the same before and after, with no patches left but those of one tap",
    arguments: ConvolutionalStep.Form.allCases)
  func network(form: ConvolutionalStep.Form) throws {
    let module = try eliminateDeadCode(try ConvolutionalStep(form: form).module(), roots: ["step"])
    #expect(verify(module) == [])
    try expectEquivalent(module, simplify)
    try expectEquivalent(module, Self.formed)
    try expectEquivalent(module) { try optimize($0, roots: ["step"]) }
    let function = try #require(try optimize(module, roots: ["step"]).function("step"))
    let left = function.operations.filter { $0.opcode == .patches || $0.opcode == .patchesGradient }
    #expect(left.allSatisfy { ConvolutionGeometry($0.attributes)?.taps == 1 })
    #expect(function.count(.channelsLast) == 1 && function.count(.channelsFirst) == 0)
  }

  @Test("A dense network has one convolution for each layer and one gradient by each of its operands")
  func counts() throws {
    let function = try #require(try optimize(try ConvolutionalStep().module(), roots: ["step"]).function("step"))
    // conv0, two of the first stage and two of the second; the image needs no gradient.
    #expect(function.count(.convolution) == 5)
    #expect(function.count(.convolutionInputGradient) == 4)
    #expect(function.count(.convolutionWeightGradient) == 5)
    // The projection of the second stage, 1 x 1 with stride 2: its pixels are picked once, for the product and for its gradient.
    #expect(function.count(.patches) == 1)
    #expect(function.count(.patchesGradient) == 1)
  }

  /// `@f` on an image of 2 x 5 x 4 x 3, patches `%p` of 3 x 3 with stride 2 and padding 1.
  static func module(_ lines: String, results: String = "%y {output \"y\"}") throws -> Module {
    let module = try readModule(
      """
      module @m {
        func @f(
            %x: f32[2, 5, 4, 3] {plain "x"}, %w: f32[27, 5] {plain "w"}, %wt: f32[5, 27] {plain "wt"}, %d: f32[12, 5] {plain "d"},
            %dt: f32[5, 12] {plain "dt"}, %q: f32[12, 27] {plain "q"}, %s: f32 {plain "s"}) -> (\(results)) {
          \(lines)
        }
      }
      """)
    #expect(verify(module) == [])
    return module
  }

  static let geometry = "dilation = [1, 1], kernel = [3, 3], padding = [1, 1, 1, 1]"
  static let patches = "%p = patches %x {\(geometry), stride = [2, 2]} : f32[12, 27]\n"
  static func pullBack(_ value: String) -> String {
    "%y = patches_gradient \(value) {\(geometry), shape = <2, 5, 4, 3>, stride = [2, 2]} : f32[2, 5, 4, 3]"
  }
  static func flags(_ left: Bool, _ right: Bool) -> String { "{transpose_left = \(left), transpose_right = \(right)}" }

  static func opcodes(_ lines: String) throws -> [Opcode] {
    let module = try Self.module(lines)
    try expectEquivalent(module, function: "f", formConvolutions)
    return try #require(try formConvolutions(module).function("f")).operations.map(\.opcode)
  }

  @Test(
    "Either factor may be patches, transposed or not",
    arguments: [
      ("%y = matmul %p, %w \(flags(false, false)) : f32[12, 5]", [.convolution, .reshape]),
      ("%y = matmul %p, %wt \(flags(false, true)) : f32[12, 5]", [.transpose, .convolution, .reshape]),
      ("%y = matmul %wt, %p \(flags(false, true)) : f32[5, 12]", [.transpose, .convolution, .reshape, .transpose]),
      ("%y = matmul %w, %p \(flags(true, true)) : f32[5, 12]", [.convolution, .reshape, .transpose]),
      ("%y = matmul %p, %d \(flags(true, false)) : f32[27, 5]", [.reshape, .convolutionWeightGradient]),
      ("%y = matmul %p, %dt \(flags(true, true)) : f32[27, 5]", [.transpose, .reshape, .convolutionWeightGradient]),
      ("%y = matmul %d, %p \(flags(true, false)) : f32[5, 27]", [.reshape, .convolutionWeightGradient, .transpose]),
      ("%y = matmul %dt, %p \(flags(false, false)) : f32[5, 27]", [.transpose, .reshape, .convolutionWeightGradient, .transpose]),
    ] as [(String, [Opcode])])
  func factors(line: String, expected: [Opcode]) throws { #expect(try Self.opcodes(Self.patches + line) == expected) }

  @Test(
    "The gradient of patches that is a sum of products is a sum of gradients by the image",
    arguments: [
      ("%m = matmul %d, %w \(flags(false, true)) : f32[12, 27]\n", "%m", 1, 0),
      ("%m = matmul %d, %wt \(flags(false, false)) : f32[12, 27]\n", "%m", 1, 0),
      ("%m = matmul %dt, %w \(flags(true, true)) : f32[12, 27]\n", "%m", 1, 0),
      (
        "%1 = matmul %d, %w \(flags(false, true)) : f32[12, 27]\n%2 = matmul %dt, %wt \(flags(true, false)) : f32[12, 27]\n"
          + "%3 = multiply %s, %2 : f32[12, 27]\n%m = subtract %1, %3 : f32[12, 27]\n", "%m", 2, 0
      ),
      ("%1 = matmul %d, %w \(flags(false, true)) : f32[12, 27]\n%2 = negate %1 : f32[12, 27]\n%m = add %q, %2 : f32[12, 27]\n", "%m", 1, 1),
    ])
  func pulledBack(lines: String, value: String, convolutions: Int, left: Int) throws {
    let opcodes = try Self.opcodes(lines + Self.pullBack(value))
    #expect(opcodes.filter { $0 == .convolutionInputGradient }.count == convolutions)
    #expect(opcodes.filter { $0 == .patchesGradient }.count == left)
    #expect(!opcodes.contains(.matmul))
  }

  @Test(
    "What no product reads keeps its patches",
    arguments: [
      patches + "%y = relu %p : f32[12, 27]", patches + "%y = matmul %p, %p \(flags(true, false)) : f32[27, 27]",
      patches + "%1 = relu %p : f32[12, 27]\n%y = matmul %1, %w \(flags(false, false)) : f32[12, 5]", pullBack("%q"),
      "%1 = add %q, %q : f32[12, 27]\n" + pullBack("%1"),
    ])
  func nearMisses(lines: String) throws {
    let opcodes = try Self.opcodes(lines)
    #expect(opcodes.contains(.patches) || opcodes.contains(.patchesGradient))
    #expect(!opcodes.contains(.convolution) && !opcodes.contains(.convolutionInputGradient))
  }

  @Test("Windows of one tap stay products of picked pixels, at any stride")
  func oneTap() throws {
    let window = "dilation = [1, 1], kernel = [1, 1], padding = [0, 0, 0, 0], stride = [2, 3]"
    let module = try readModule(
      """
      module @m {
        func @f(%x: f32[2, 5, 4, 3] {plain "x"}, %w: f32[3, 5] {plain "w"}) -> (%y {output "y"}) {
          %p = patches %x {\(window)} : f32[12, 3]
          %1 = matmul %p, %w \(Self.flags(false, false)) : f32[12, 5]
          %2 = matmul %1, %w \(Self.flags(false, true)) : f32[12, 3]
          %y = patches_gradient %2 {dilation = [1, 1], kernel = [1, 1], padding = [0, 0, 0, 0], shape = <2, 5, 4, 3>, stride = [2, 3]} : f32[2, 5, 4, 3]
        }
      }
      """)
    #expect(verify(module) == [])
    try expectEquivalent(module, function: "f", formConvolutions)
    let opcodes = try #require(try formConvolutions(module).function("f")).operations.map(\.opcode)
    #expect(opcodes == [.patches, .matmul, .matmul, .patchesGradient])
  }

  @Test("A product that someone else reads is not computed a second time as a convolution")
  func sharedProduct() throws {
    let module = try Self.module(
      "%m = matmul %d, %w \(Self.flags(false, true)) : f32[12, 27]\n%z = relu %m : f32[12, 27]\n" + Self.pullBack("%m"),
      results: "%y {output \"y\"}, %z {output \"z\"}")
    let function = try #require(try formConvolutions(module).function("f"))
    #expect(function.operations.map(\.opcode) == [.matmul, .relu, .patchesGradient])
  }

  @Test("Patches are the first factor of a chain: at a small rank they meet the thin factor, near full rank their product is formed")
  func order() throws {
    let outputs = { (channels: Int, rank: Int) in
      let shape = [32, channels, 8, 8]
      let module = try ConvolutionalStep(form: .twoFactors, image: shape, channels: [channels], rank: rank).module()
      let function = try #require(try optimize(module, roots: ["step"]).function("step"))
      return function.operations.filter { $0.opcode == .convolution }.compactMap { function.type(of: $0.results[0]).extents?.last }
    }
    #expect(try outputs(64, 16) == [16, 16, 16])
    // Four outputs of 16 channels are a quarter of the work, because lanes hold channels.
    #expect(try outputs(16, 4) == [4, 4, 4])
    #expect(try outputs(64, 60) == [64, 64, 64])
    #expect(try outputs(16, 15) == [16, 16, 16])
  }

  private static func geometry(stride: Int) -> Attributes {
    var attributes = Attributes()
    attributes["kernel"] = .integers([3, 3])
    attributes["stride"] = .integers([stride, stride])
    attributes["dilation"] = .integers([1, 1])
    attributes["padding"] = .integers([1, 1, 1, 1])
    return attributes
  }

  /// Seconds, as the order of products asks for them.
  private static func time(_ opcode: Opcode, channels: Int, outputs: Int, stride: Int = 1) throws -> Double {
    let product = try #require(WindowProduct(geometry(stride: stride), image: [128, 32, 32, channels]))
    return MachineModel.compiledFor.time(product.work(opcode, outputs: outputs)).seconds
  }

  @Test("A convolution costs less for fewer outputs and less by transforms")
  func costs() throws {
    func time(_ channels: Int, _ outputs: Int) throws -> Double { try Self.time(.convolution, channels: channels, outputs: outputs) }
    #expect(try time(16, 4) < time(16, 8) && time(16, 8) < time(16, 9))
    // Four strided convolutions, which take no transforms, have as many windows.
    #expect(try time(16, 16) < 4 * Self.time(.convolution, channels: 16, outputs: 16, stride: 2))
  }

  @Test("A convolution is ordered by the price that it has as an operation", arguments: [1, 3, 16, 17, 64], [1, 8, 16, 33, 64])
  func prices(channels: Int, outputs: Int) throws {
    for stride in [1, 2] {
      var builder = Builder(function: "f", in: Module(name: "m"))
      let image = builder.argument("x", role: .plain, .f32([128, 32, 32, Dimension(channels)]))
      let weight = builder.argument("w", role: .plain, .f32([Dimension(9 * channels), Dimension(outputs)]))
      var attributes = Self.geometry(stride: stride)
      attributes["groups"] = .integer(1)
      let result = try builder.emitOne(.convolution, [image, weight], attributes)
      let extent = Dimension(32 / stride)
      let upstream = builder.argument("dy", role: .plain, .f32([128, extent, extent, Dimension(outputs)]))
      let weights = try builder.emitOne(.convolutionWeightGradient, [image, upstream], attributes)
      attributes["shape"] = .dimensions([128, 32, 32, Dimension(channels)])
      let images = try builder.emitOne(.convolutionInputGradient, [upstream, weight], attributes)
      for (index, value) in [result, weights, images].enumerated() { builder.result("y\(index)", role: .output, value) }
      let function = builder.function
      for operation in function.operations {
        let whole = MachineModel.compiledFor.time(of: operation, in: function).seconds
        let ordered = try Self.time(operation.opcode, channels: channels, outputs: outputs, stride: stride)
        // Sums of the same numbers in another order.
        #expect(abs(ordered - whole) <= 1e-12 * whole, "\(operation.opcode.mnemonic), stride \(stride)")
      }
    }
  }
}
