import DrnIR
import DrnPasses
import DrnReference
import Testing

@Suite("Fusion around images and normalizations")
struct ImageFusionTests {
  static func fused(_ lines: String, results: String = "%y {output \"y\"}") throws -> Function {
    let module = try readModule(
      """
      module @m {
        func @f(
            %x: f32[2, 3, 2, 4] {plain "x"}, %z: f32[2, 3, 2, 4] {plain "z"}, %g: f32[2, 3, 2, 4] {plain "g"}, %r: f32[4] {plain "r"},
            %m: f32[12, 4] {plain "m"}, %w: f32[4, 4] {plain "w"}) -> (\(results)) {
          \(lines)
        }
      }
      """)
    #expect(verify(module) == [])
    try expectEquivalent(module, function: "f") { try optimize($0, roots: ["f"]) }
    return try #require(try optimize(module, roots: ["f"]).function("f"))
  }

  static let full = "f32[2, 3, 2, 4]"
  static let norm = "%n, %mean, %variance = batch_norm %x, %r, %r {epsilon = 0.1} : \(full), f32[4], f32[4]\n"
  static let statistics = ", %mean {output \"mean\"}, %variance {output \"variance\"}"
  static let row = "%b = broadcast %r {axes = [3], shape = <2, 3, 2, 4>} : \(full)\n"

  @Test("A row along the last axis of an image is read in place")
  func rows() throws {
    let function = try Self.fused(Self.row + "%1 = add %x, %b : \(Self.full)\n%2 = relu %1 : \(Self.full)\n%y = add %2, %z : \(Self.full)")
    #expect(function.operations.map(\.opcode) == [.map])
    #expect(function.operations.first?.attributes.integers("kinds") == [0, 2, 0])
  }

  @Test("Activation and residual sum join the normalization, whose statistics stay")
  func epilogue() throws {
    let function = try Self.fused(
      Self.norm + "%1 = add %n, %z : \(Self.full)\n%y = relu %1 : \(Self.full)", results: "%y {output \"y\"}" + Self.statistics)
    #expect(function.operations.map(\.opcode) == [.batchNorm])
    #expect(function.operations.first?.attributes.integers("kinds") == [0])
    #expect(function.operations.first?.results.count == 3)
  }

  @Test("A normalization that someone else reads stays plain")
  func shared() throws {
    let function = try Self.fused(
      Self.norm + "%y = relu %n : \(Self.full)\n%s = sum %n {axes = [0]} : f32[3, 2, 4]", results: "%y {output \"y\"}, %s {output \"s\"}")
    #expect(function.operations.map(\.opcode) == [.batchNorm, .relu, .sum])
  }

  static func gradient(of value: String) -> String {
    "%dx, %ds, %do = batch_norm_gradient \(value), %x, %r, %r, %r {epsilon = 0.1} : \(full), f32[4], f32[4]\n"
  }
  static let gradients = "%dx {output \"dx\"}, %ds {output \"ds\"}, %do {output \"do\"}"
  static let masked = "%0 = constant {shape = <>, value = 0.0} : f32\n%k = greater %z, %0 : \(full)\n%d = multiply %g, %k : \(full)\n"

  @Test("The mask of an activation joins the gradient of the normalization before it")
  func prologue() throws {
    let function = try Self.fused(Self.masked + Self.gradient(of: "%d"), results: Self.gradients)
    #expect(function.operations.map(\.opcode) == [.batchNormGradient])
    #expect(function.operations.first?.attributes.integers("kinds") == [0])
    #expect(function.operations.first?.results.count == 3)
  }

  @Test("A gradient that someone else reads too is stored by the operation that computes it")
  func storedPrologue() throws {
    let function = try Self.fused(
      Self.masked + Self.gradient(of: "%d") + "%y = sum %d {axes = [0]} : f32[3, 2, 4]", results: Self.gradients + ", %y {output \"y\"}")
    #expect(function.operations.map(\.opcode) == [.batchNormGradient, .sum])
    #expect(function.operations.first?.results.count == 4)
  }

  @Test("Two normalizations with one gradient: one computes it, the other reads it")
  func twoReaders() throws {
    let second = "%ex, %es, %eo = batch_norm_gradient %d, %z, %r, %r, %r {epsilon = 0.1} : \(Self.full), f32[4], f32[4]"
    let function = try Self.fused(
      Self.masked + Self.gradient(of: "%d") + second, results: Self.gradients + ", %ex {output \"ex\"}, %es {output \"es\"}")
    #expect(function.operations.map(\.opcode) == [.batchNormGradient, .batchNormGradient])
    #expect(function.operations.map { $0.attributes["prologue"] != nil } == [true, false])
  }

  @Test("What the gradient reads beside its first operand stays outside")
  func otherOperand() throws {
    let lines = "%d = multiply %g, %z : \(Self.full)\n"
    let own = "%dx, %ds, %do = batch_norm_gradient %d, %d, %r, %r, %r {epsilon = 0.1} : \(Self.full), f32[4], f32[4]"
    #expect(try Self.fused(lines + own, results: Self.gradients).operations.map(\.opcode) == [.multiply, .batchNormGradient])
  }

  @Test("A product under more axes takes bias, activation and residual sum as its epilogue")
  func reshapedProduct() throws {
    let function = try Self.fused(
      """
      %p = matmul %m, %w {transpose_left = false, transpose_right = false} : f32[12, 4]
      %q = reshape %p {shape = <2, 3, 2, 4>} : \(Self.full)
      \(Self.row) %1 = add %q, %b : \(Self.full)
      %2 = relu %1 : \(Self.full)
      %y = add %2, %z : \(Self.full)
      """)
    #expect(function.operations.map(\.opcode) == [.reshape, .matmul, .reshape])
    #expect(function.operations.first { $0.opcode == .matmul }?.attributes.integers("kinds") == [2, 0])
  }

  @Test("A residual step has no elementwise operation of its own but the updates and, by block, the sum that its gradients compute again")
  func step() throws {
    let function = try #require(try optimize(try ConvolutionalStep().module(), roots: ["step"]).function("step"))
    let ofImages = function.operations.filter { operation in
      (operation.opcode.isElementwise || operation.opcode == .map) && operation.results.contains { function.type(of: $0).rank == 4 }
    }
    #expect(ofImages.map(\.opcode) == [.map, .map])
  }
}
