import DrnIR
import DrnTestSupport
import Testing

@Suite("Inferred result types")
struct OpInferenceTests {
  private static let r0 = Dimension(Symbol(0))
  private static let r1 = Dimension(Symbol(1))

  private func infer(_ opcode: Opcode, _ operands: [TensorType], _ attributes: Attributes = [:]) throws -> [TensorType] {
    let module = try sampleModule()
    return try opcode.spec.infer(InferenceRequest(operands: operands, attributes: attributes, function: { module.function($0) }))
  }

  @Test("A chain of factors with symbolic ranks has the outer extents")
  func symbolicProduct() throws {
    let operands: [TensorType] = [.f32([128, 784]), .f32([784, Self.r0]), .f32([300, Self.r0])]
    #expect(try infer(.product, operands, ["transposes": .booleans([false, false, true])]) == [.f32([128, 300])])
  }

  @Test("Concatenation adds symbolic extents")
  func symbolicConcatenation() throws {
    let types = try infer(.concatenate, [.f32([4, Self.r0]), .f32([4, Self.r0 + 2]), .f32([4, Self.r1])], ["axis": .integer(1)])
    #expect(types == [.f32([4, Self.r0 * 2 + Self.r1 + 2])])
  }

  @Test("A reshape is accepted where the element counts are equal whatever the ranks")
  func symbolicReshape() throws {
    #expect(try infer(.reshape, [.f32([Self.r0 * 2, 4])], ["shape": .dimensions([8, Self.r0])]) == [.f32([8, Self.r0])])
    #expect(try infer(.reshape, [.f32([Self.r0, Self.r1])], ["shape": .dimensions([Self.r1, Self.r0])]) == [.f32([Self.r1, Self.r0])])
    #expect(throws: IRError.self) { try infer(.reshape, [.f32([Self.r0 * 2])], ["shape": .dimensions([Self.r0 + 2])]) }
    #expect(throws: IRError.self) { try infer(.reshape, [.f32([Dimension(Int.max), 4])], ["shape": .dimensions([8])]) }
  }

  @Test("A symbolic slice is accepted where nothing is known to be wrong")
  func symbolicSlice() throws {
    let attributes: Attributes = ["sizes": .dimensions([Self.r0]), "starts": .dimensions([0])]
    #expect(try infer(.slice, [.f32([10])], attributes) == [.f32([Self.r0])])
    let tail: Attributes = ["sizes": .dimensions([3]), "starts": .dimensions([Self.r0])]
    #expect(try infer(.slice, [.f32([Self.r0 + 3])], tail) == [.f32([3])])
  }

  @Test("A slice of labels is labels")
  func sliceOfLabels() throws {
    let attributes: Attributes = ["sizes": .dimensions([4]), "starts": .dimensions([8])]
    #expect(try infer(.slice, [TensorType(.i32, [12])], attributes) == [TensorType(.i32, [4])])
  }

  @Test("Singular values take the smaller extent where it is known, else the attribute k")
  func innerExtent() throws {
    #expect(try infer(.singularValues, [.f32([4, 6])]) == [.f32([4, 4]), .f32([4]), .f32([4, 6])])
    #expect(try infer(.singularValues, [.f32([Self.r0 + 1, Self.r0])])[1] == .f32([Self.r0]))
    #expect(try infer(.orthonormalize, [.f32([784, Self.r0])], ["k": .dimensions([Self.r0])]) == [.f32([784, Self.r0])])
  }

  @Test("A matmul with an epilogue has one result per result of the function")
  func epilogue() throws {
    let attributes: Attributes = [
      "transpose_left": .boolean(false), "transpose_right": .boolean(true), "epilogue": .function("scale_shift"), "kinds": .integers([2]),
    ]
    let types = try infer(.matmul, [.f32([2, 3]), .f32([5, 3]), .f32([5])], attributes)
    #expect(types == [.f32([2, 5]), .f32([2, 5])])
    #expect(throws: IRError.self) { try infer(.matmul, [.f32([2, 3]), .f32([5, 3]), .f32([2])], attributes) }
  }

  @Test("A map without a full operand takes its shape from the attribute")
  func mapShape() throws {
    let attributes: Attributes = ["body": .function("scale_shift"), "kinds": .integers([2, 3]), "shape": .dimensions([2, 5])]
    #expect(try infer(.map, [.f32([5]), .f32([2])], attributes) == [.f32([2, 5]), .f32([2, 5])])
  }

  @Test("value_and_gradient gives the function's results, then gradients of the operands' types")
  func valueAndGradient() throws {
    let attributes: Attributes = ["function": .function("loss"), "wrt": .integers([0])]
    #expect(try infer(.valueAndGradient, [.f32([2, 3])], attributes) == [.scalar, .f32([2, 3])])
  }
}
