import DrnIR
import DrnTestSupport
import Testing

@Suite("Specifications of all ops")
struct OpSpecTests {
  @Test(
    "The specification is that of the opcode, has a summary in one sentence and attributes of distinct names", arguments: Opcode.allCases)
  func isConsistent(opcode: Opcode) {
    let spec = opcode.spec
    #expect(spec.opcode == opcode)
    #expect(spec.summary.hasSuffix("."))
    #expect(Set(spec.attributes.map(\.name)).count == spec.attributes.count)
    #expect(Opcode(mnemonic: opcode.mnemonic) == opcode)
    #expect(opcode.mnemonic.allSatisfy { $0.isLowercase || $0 == "_" })
  }

  @Test("Samples of the op are accepted and have results", arguments: Opcode.allCases)
  func acceptsSamples(opcode: Opcode) throws {
    let samples = OpSample.samples(of: opcode)
    #expect(!samples.isEmpty, "give it an example in Sources/DrnIR/Ops/Examples")
    for sample in samples { #expect(try !infer(opcode, sample).isEmpty) }
  }

  @Test("One operand too many or too few is rejected with the operands' types", arguments: Opcode.allCases)
  func rejectsOperandCount(opcode: Opcode) throws {
    for sample in OpSample.samples(of: opcode) {
      for types in [sample.types + [.f32([7, 9])], Array(sample.types.dropLast())] where !opcode.spec.arity.allows(types.count) {
        let error = #expect(throws: IRError.self) { try infer(opcode, sample, types: types) }
        #expect(error?.message.contains("\(types.count) operands") == true)
      }
    }
  }

  @Test("A missing, an unknown and a mistyped attribute are rejected by name", arguments: Opcode.allCases)
  func rejectsAttributes(opcode: Opcode) throws {
    for sample in OpSample.samples(of: opcode) {
      for attribute in opcode.spec.attributes where attribute.required {
        for replacement in [nil, attribute.kind == .string("") ? AttributeValue.boolean(true) : .string("x")] {
          var changed = sample
          changed.attributes[attribute.name] = replacement
          let error = #expect(throws: IRError.self) { try infer(opcode, changed) }
          #expect(error?.message.contains(attribute.name) == true)
        }
      }
      var extended = sample
      extended.attributes["colour"] = .integer(1)
      let error = #expect(throws: IRError.self) { try infer(opcode, extended) }
      #expect(error?.message.contains("colour") == true)
    }
  }

  @Test("An operand of another element type is rejected with its type", arguments: Opcode.allCases)
  func rejectsElementTypes(opcode: Opcode) throws {
    for sample in OpSample.samples(of: opcode) {
      for index in sample.types.indices {
        var types = sample.types
        // A slice may be taken of labels too.
        let other: ElementType = opcode == .slice ? .u64 : types[index].element == .f32 ? .i32 : .f32
        types[index] = TensorType(other, types[index].shape)
        let error = #expect(throws: IRError.self) { try infer(opcode, sample, types: types) }
        #expect(error?.message.contains(types[index].element.rawValue) == true, "\(opcode) operand \(index): \(error?.message ?? "")")
      }
    }
  }

  private func infer(_ opcode: Opcode, _ sample: OpSample, types: [TensorType]? = nil) throws -> [TensorType] {
    let module = try sampleModule()
    return try opcode.spec.infer(
      InferenceRequest(operands: types ?? sample.types, attributes: sample.attributes, function: { module.function($0) }))
  }
}
