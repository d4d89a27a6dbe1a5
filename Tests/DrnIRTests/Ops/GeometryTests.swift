import DrnIR
import Testing

@Suite("Windows over images")
struct GeometryTests {
  @Test("The number of windows is that of the positions that fit, counted one by one")
  func counts() {
    for (kernel, stride, dilation) in [(1, 1, 1), (3, 1, 1), (3, 2, 1), (2, 3, 2), (4, 2, 3)] {
      for extent in 1...9 {
        for (before, after) in [(0, 0), (1, 1), (0, 1), (2, 0)] {
          let axis = ConvolutionGeometry(
            kernel: Extent2(kernel), stride: Extent2(stride), dilation: Extent2(dilation),
            padding: Padding2(top: before, bottom: after, left: 0, right: 0)
          ).vertical
          let last = dilation * (kernel - 1)
          let fitting = (0...20).filter { $0 % stride == 0 && $0 + last < before + extent + after }
          #expect(axis.windows(over: extent) == (fitting.isEmpty ? nil : fitting.count))
          let taps = fitting.map { start in (0..<kernel).filter { (0..<extent).contains(start + $0 * dilation - before) }.count }
          let touches = !fitting.isEmpty && taps.allSatisfy { $0 > 0 }
          if kernel == 1 || dilation <= extent { #expect(axis.touchesEverywhere(over: extent) == touches) }
          if !touches { #expect(!axis.touchesEverywhere(over: extent)) }
        }
      }
    }
  }

  @Test("Extents out of range and past the largest integer have no windows")
  func ranges() {
    let sound = ConvolutionGeometry(kernel: Extent2(3), stride: Extent2(2), padding: Padding2(1))
    #expect(sound.output(height: 32, width: 31).map { [$0.height, $0.width] } == [16, 16])
    #expect(sound.output(height: 0, width: 31) == nil)
    for kernel in [0, -1, 35, Int.max, Int.min] {
      #expect(ConvolutionGeometry(kernel: Extent2(kernel), padding: Padding2(1)).output(height: 32, width: 32) == nil)
    }
    #expect(ConvolutionGeometry(kernel: Extent2(3), stride: Extent2(0)).output(height: 9, width: 9) == nil)
    #expect(ConvolutionGeometry(kernel: Extent2(3), dilation: Extent2(Int.max)).output(height: 9, width: 9) == nil)
    #expect(ConvolutionGeometry(kernel: Extent2(3), padding: Padding2(Int.max)).output(height: 9, width: 9) == nil)
    #expect(ConvolutionGeometry(kernel: Extent2(3), padding: Padding2(-1)).output(height: 9, width: 9) == nil)
    #expect(ConvolutionGeometry(kernel: Extent2(Int.max)).taps == nil)
  }

  @Test("Attributes give the geometry back; a wrong number of entries gives none")
  func attributes() {
    let geometry = ConvolutionGeometry(
      kernel: Extent2(height: 3, width: 5), stride: Extent2(height: 1, width: 2), dilation: Extent2(height: 2, width: 1),
      padding: Padding2(top: 0, bottom: 1, left: 2, right: 3))
    #expect(ConvolutionGeometry(geometry.attributes) == geometry)
    for name in ["kernel", "stride", "dilation", "padding"] {
      var attributes = geometry.attributes
      attributes[name] = .integers([1, 1, 1])
      #expect(ConvolutionGeometry(attributes) == nil)
    }
  }

  private static let r0 = Dimension(Symbol(0))
  private static let three = ConvolutionGeometry(kernel: Extent2(3), padding: Padding2(1))

  private func infer(_ opcode: Opcode, _ operands: [TensorType], _ attributes: Attributes) throws(IRError) -> [TensorType] {
    try opcode.spec.infer(InferenceRequest(operands: operands, attributes: attributes))
  }

  @Test("Channels and outputs may be ranks")
  func symbolic() throws {
    let r0 = Self.r0
    var attributes = Self.three.attributes
    #expect(try infer(.patches, [.f32([2, 4, 4, r0])], attributes) == [.f32([32, r0 * 9])])
    attributes["groups"] = .integer(1)
    #expect(try infer(.convolution, [.f32([2, 4, 4, 3]), .f32([27, r0])], attributes) == [.f32([2, 4, 4, r0])])
    #expect(try infer(.convolution, [.f32([2, 4, 4, r0]), .f32([r0 * 9, 5])], attributes) == [.f32([2, 4, 4, 5])])
    #expect(try infer(.convolutionWeightGradient, [.f32([2, 4, 4, r0]), .f32([2, 4, 4, 5])], attributes) == [.f32([r0 * 9, 5])])
    attributes["groups"] = .integer(2)
    #expect(try infer(.convolution, [.f32([2, 4, 4, r0 * 2]), .f32([r0 * 9, 6])], attributes) == [.f32([2, 4, 4, 6])])
    #expect(throws: IRError.self) { try infer(.convolution, [.f32([2, 4, 4, r0]), .f32([r0 * 9, 6])], attributes) }
  }
}
