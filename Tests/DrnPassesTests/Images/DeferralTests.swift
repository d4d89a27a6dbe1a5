import DrnIR
import DrnPasses
import DrnReference
import DrnTestSupport
import Testing

@Suite("Normalizations left to the convolutions that read them")
struct DeferralTests {
  static let full = "f32[2, 4, 4, 3]"
  static let window = "dilation = [1, 1], groups = 1, kernel = [3, 3], padding = [1, 1, 1, 1], stride = [1, 1]"
  static let norm = "%n, %mean, %variance = batch_norm %x, %r, %r {epsilon = 0.1} : \(full), f32[3], f32[3]\n"
  static let convolution = "%y = convolution %a, %w {\(window)} : f32[2, 4, 4, 5]\n"
  static let weightGradient = "%dw = convolution_weight_gradient %a, %g {\(window)} : f32[27, 5]\n"
  static let outputs = "%y {output \"y\"}, %mean {output \"mean\"}, %variance {output \"variance\"}"
  static func activation(_ opcode: String) -> String { "%a = \(opcode) %n : \(full)\n" }

  static func opcodes(_ lines: String, results: String = outputs) throws -> [Opcode] {
    let module = try readModule(
      """
      module @m {
        func @f(
            %x: \(full) {plain "x"}, %z: \(full) {plain "z"}, %r: f32[3] {plain "r"}, %w: f32[27, 5] {plain "w"},
            %g: f32[2, 4, 4, 5] {plain "g"}) -> (\(results)) {
          \(lines)
        }
      }
      """)
    #expect(verify(module) == [])
    try expectEquivalent(module, function: "f") { try optimize($0, roots: ["f"]) }
    return try #require(try optimize(module, roots: ["f"]).function("f")).operations.map(\.opcode)
  }

  @Test("A convolution normalizes and activates what it reads", arguments: ["relu", "negate", "absolute"])
  func convolution(activation: String) throws {
    #expect(try Self.opcodes(Self.norm + Self.activation(activation) + Self.convolution) == [.batchNormFactors, .convolution])
  }

  @Test("So does one without an activation between")
  func plain() throws {
    let convolution = Self.convolution.replacing("%a", with: "%n")
    #expect(try Self.opcodes(Self.norm + convolution) == [.batchNormFactors, .convolution])
  }

  @Test("So does its gradient by the weight, and the mask in the gradient of the normalization is that of the same element")
  func gradients() throws {
    let lines =
      Self.norm + Self.activation("relu") + Self.convolution + Self.weightGradient
        + """
        %0 = constant {shape = <>, value = 0.0} : f32
        %k = greater %a, %0 : \(Self.full)
        %e = convolution_input_gradient %y, %w {\(Self.window), shape = <2, 4, 4, 3>} : \(Self.full)
        %d = multiply %e, %k : \(Self.full)
        %dx, %ds, %do = batch_norm_gradient %d, %x, %mean, %variance, %r {epsilon = 0.1} : \(Self.full), f32[3], f32[3]
        """
    let results = "%y {output \"y\"}, %dw {output \"dw\"}, %dx {output \"dx\"}, %ds {output \"ds\"}"
    let opcodes = try Self.opcodes(lines, results: results)
    #expect(
      Set(opcodes) == [.batchNormFactors, .convolution, .convolutionWeightGradient, .convolutionInputGradient, .batchNormGradient])
  }

  @Test("An expensive activation is computed once", arguments: ["gelu", "tanh"])
  func expensive(activation: String) throws {
    #expect(try Self.opcodes(Self.norm + Self.activation(activation) + Self.convolution) == [.batchNorm, .convolution])
  }

  @Test("What someone else reads too is stored")
  func shared() throws {
    let lines = Self.norm + Self.activation("relu") + Self.convolution + "%s = sum %a {axes = [0, 1, 2]} : f32[3]"
    #expect(Set(try Self.opcodes(lines, results: Self.outputs + ", %s {output \"s\"}")) == [.batchNorm, .convolution, .reshape, .sum])
    let returned = try Self.opcodes(Self.norm + Self.activation("relu") + Self.convolution, results: Self.outputs + ", %a {output \"a\"}")
    #expect(returned == [.batchNorm, .convolution])
  }

  @Test("A residual sum is stored: it reads more than the normalized image")
  func residual() throws {
    let lines = Self.norm + "%1 = add %n, %z : \(Self.full)\n%a = relu %1 : \(Self.full)\n" + Self.convolution
    #expect(try Self.opcodes(lines) == [.batchNorm, .convolution])
  }

  @Test("A normalization that no convolution reads is stored")
  func noConvolution() throws {
    let results = "%dw {output \"dw\"}, %mean {output \"mean\"}"
    let opcodes = try Self.opcodes(Self.norm + Self.activation("relu") + Self.weightGradient, results: results)
    #expect(opcodes == [.batchNorm, .convolutionWeightGradient])
  }

  /// A residual sum, its convolution, the gradient of that by the weight, and the mask in the gradient of the normalization.
  static let residualStep = """
    %1 = add %n, %z : \(full)
    %a = relu %1 : \(full)
    \(convolution)\(weightGradient)%0 = constant {shape = <>, value = 0.0} : f32
    %k = greater %a, %0 : \(full)
    %e = convolution_input_gradient %y, %w {\(window), shape = <2, 4, 4, 3>} : \(full)
    %d = multiply %e, %k : \(full)
    %dx, %ds, %do = batch_norm_gradient %d, %x, %mean, %variance, %r {epsilon = 0.1} : \(full), f32[3], f32[3]

    """
  static let residualResults = "%y {output \"y\"}, %dw {output \"dw\"}, %dx {output \"dx\"}, %ds {output \"ds\"}"

  @Test("The gradients compute a residual sum again where what it adds is kept; the convolution reads it stored")
  func recomputed() throws {
    let opcodes = try Self.opcodes(Self.norm + Self.residualStep, results: Self.residualResults)
    #expect(!opcodes.contains(.batchNorm) && opcodes.contains(.batchNormFactors) && opcodes.contains(.map))
  }

  @Test("So with another normalization in place of what it adds, which is then not stored at all")
  func recomputedSum() throws {
    let other = "%z1, %m1, %v1 = batch_norm %z, %r, %r {epsilon = 0.1} : \(Self.full), f32[3], f32[3]\n"
    let step = Self.residualStep.replacing("add %n, %z", with: "add %n, %z1")
    let gradient = "%dz, %es, %eo = batch_norm_gradient %dx, %z, %m1, %v1, %r {epsilon = 0.1} : \(Self.full), f32[3], f32[3]"
    let opcodes = try Self.opcodes(other + Self.norm + step + gradient, results: Self.residualResults + ", %dz {output \"dz\"}")
    #expect(opcodes.count { $0 == .batchNormFactors } == 2 && opcodes.count { $0 == .map } == 1 && !opcodes.contains(.batchNorm))
  }

  @Test("A residual sum is kept where what it adds is not")
  func lost() throws {
    let other = "%z1 = convolution_input_gradient %g, %w {\(Self.window), shape = <2, 4, 4, 3>} : \(Self.full)\n"
    let step = Self.residualStep.replacing("add %n, %z", with: "add %n, %z1")
    let opcodes = try Self.opcodes(other + Self.norm + step, results: Self.residualResults)
    #expect(opcodes.contains(.batchNorm) && !opcodes.contains(.batchNormFactors))
    let kept = try Self.opcodes(
      other + Self.norm + step + "%s = multiply %z1, %dx : \(Self.full)", results: Self.residualResults + ", %s {output \"s\"}")
    #expect(kept.contains(.batchNormFactors))
  }

  @Test("A residual sum is kept where the backward pass reads it in another way")
  func kept() throws {
    let lines = Self.norm + Self.residualStep + "%s = multiply %a, %dx : \(Self.full)"
    let opcodes = try Self.opcodes(lines, results: Self.residualResults + ", %s {output \"s\"}")
    #expect(opcodes.contains(.batchNorm) && !opcodes.contains(.batchNormFactors))
  }

  @Test("In a residual step of several blocks every second sum is kept", arguments: ConvolutionalStep.Form.allCases)
  func step(form: ConvolutionalStep.Form) throws {
    var network = ConvolutionalStep(form: form)
    network.blocks = 4
    let module = try network.module()
    try expectEquivalent(module) { try optimize($0, roots: ["step"]) }
    let step = try #require(try optimize(module, roots: ["step"]).function("step"))
    // The first and the third sum of each stage are computed again. The first activation and the other four sums stay.
    let again = step.operations.count { $0.opcode == .map && step.type(of: $0.results[0]).rank == 4 }
    #expect(again == 4)
    #expect(step.count(.batchNorm) == 5)
  }
}
