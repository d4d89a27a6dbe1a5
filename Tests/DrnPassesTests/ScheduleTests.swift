import DrnIR
import DrnPasses
import DrnTestSupport
import Testing

@Suite("Scheduling")
struct ScheduleTests {
  /// Whether every reader of a replaced argument comes before what replaces it.
  static func isInPlace(_ function: Function, _ name: String) throws -> Bool {
    let argument = try #require(function.argument(name)).value
    let replacement = try #require(function.result(name)).value
    let writer = try #require(function.operations.firstIndex { $0.results.contains(replacement) })
    return function.operations.indices.allSatisfy { $0 <= writer || !function.operations[$0].operands.contains(argument) }
  }

  static func scheduled(_ lines: String, results: String) throws -> Function {
    let module = try readModule(
      """
      module @m {
        func @f(%w: f32[3, 3] {weight "w"}, %v: f32[3, 3] {weight "v"}, %x: f32[3, 3] {batch "x"}) -> (\(results)) {
          \(lines)
        }
      }
      """)
    try expectEquivalent(module, function: "f", schedule)
    return try #require(try schedule(module).function("f"))
  }

  @Test("a weight is replaced after its last reader")
  func replacement() throws {
    let function = try Self.scheduled(
      """
      %1 = subtract %w, %x : f32[3, 3]
      %2 = matmul %x, %w {transpose_left = false, transpose_right = true} : f32[3, 3]
      """, results: "%1 {weight \"w\"}, %2 {output \"y\"}")
    #expect(function.operations.map(\.opcode) == [.matmul, .subtract])
    #expect(try Self.isInPlace(function, "w"))
  }

  @Test("a result of another name does not move")
  func nearMiss() throws {
    let function = try Self.scheduled(
      """
      %1 = subtract %w, %x : f32[3, 3]
      %2 = matmul %x, %w {transpose_left = false, transpose_right = true} : f32[3, 3]
      """, results: "%1 {output \"z\"}, %2 {output \"y\"}")
    #expect(function.operations.map(\.opcode) == [.subtract, .matmul])
  }

  @Test("where a reader needs the new value, or two weights need each other, data flow wins")
  func impossible() throws {
    let reader = try Self.scheduled(
      """
      %1 = subtract %w, %x : f32[3, 3]
      %2 = subtract %1, %w : f32[3, 3]
      """, results: "%1 {weight \"w\"}, %2 {output \"change\"}")
    #expect(try !Self.isInPlace(reader, "w"))
    let crossed = try Self.scheduled(
      """
      %1 = add %w, %v : f32[3, 3]
      %2 = subtract %v, %w : f32[3, 3]
      """, results: "%1 {weight \"w\"}, %2 {weight \"v\"}")
    #expect(try [Self.isInPlace(crossed, "w"), Self.isInPlace(crossed, "v")] == [true, false])
  }

  @Test(
    "every weight and state of an optimized step is replaced in place", arguments: TrainingStep.Form.allCases, TrainingStep.Rule.allCases)
  func training(form: TrainingStep.Form, rule: TrainingStep.Rule) throws {
    let module = try TrainingStep(form: form, rule: rule, widths: [5, 7, 6, 3]).module()
    let function = try #require(try optimize(module, roots: ["step"]).function("step"))
    for result in function.results where function.argument(result.name) != nil {
      #expect(try Self.isInPlace(function, result.name), "\(result.name)")
    }
  }

  @Test("the update of a layer comes before the gradients of the layers below it")
  func earlyUpdates() throws {
    let module = try TrainingStep(form: .dense, batch: 64, widths: [32, 32, 32, 10]).module()
    let function = try #require(try optimize(module, roots: ["step"]).function("step"))
    let place = { (name: String) in function.operations.firstIndex { $0.results.contains(function.result(name)?.value ?? Value(-1)) } ?? -1
    }
    #expect(place("fc3.weight") < place("fc2.weight") && place("fc2.weight") < place("fc1.weight"))
  }

  @Test("modules that break a rule are refused before the first pass, by the rule's name")
  func refused() throws {
    var module = try TrainingStep().module()
    module.functions[0].operations[0].operands = []
    #expect(throws: IRError.self) { try optimize(module, roots: ["step"]) }
    do { _ = try optimize(module, roots: ["step"]) } catch {
      #expect(error.message == "after specialization: @loss, operation 0: matmul: takes at least 2 operands, not 0 [arity]")
    }
  }
}
