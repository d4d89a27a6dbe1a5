import DrnIR
import DrnProgram
import DrnStableHLO
import DrnTestSupport
import Foundation
import Testing

@Suite("StableHLO text") struct StableHLOTextTests {
  static let translated = Opcode.allCases.filter { $0.reasonUntold == nil }

  @Test("the text of an op is the recorded one", arguments: translated)
  func golden(_ opcode: Opcode) throws {
    let sample = try #require(OpSample.samples(of: opcode).first)
    let function = try #require(try sample.module(opcode).module.function("f"))
    let recorded = Recorded(path: "Tests/Golden/stablehlo/\(opcode.mnemonic).mlir", suite: "StableHLOTextTests")
    try recorded.expect(try StableHLOProgram(function).text)
  }

  @Test("an op that stands in no step is refused with its name and its place", arguments: Opcode.allCases.filter { $0.reasonUntold != nil })
  func refused(_ opcode: Opcode) throws {
    guard let sample = OpSample.samples(of: opcode).first else {
      Issue.record("no sample of \(opcode.mnemonic)")
      return
    }
    var function = try #require(try sample.module(opcode).module.function("f"))
    let place = try checkedProgram(trainSource("length: 1 steps \(plainSettings)")).training.span
    for index in function.operations.indices { function.operations[index].location = place }
    let error = #expect(throws: TranslationError.self) { try StableHLOProgram(function) }
    #expect(error?.message.contains("`\(opcode.mnemonic)`") == true && error?.location == place)
  }

  /// y = relu(x w + b), and the next w.
  private func step(rows: Int) throws -> Function {
    var b = Builder(function: "step", in: Module(name: "phase"))
    let x = b.argument("features", role: .batch, .f32([Dimension(rows), 3]))
    let w = b.argument("fc.weight", role: .weight, .f32([3, 2]))
    let rate = b.argument("rate", role: .scalar, .scalar)
    let y = try b.matmul(x, w)
    let gradient = try b.matmul(x, y, transposeLeft: true)
    b.result("loss", role: .output, try b.sumAll(y))
    b.result("fc.weight", role: .weight, try b.subtract(w, try b.multiply(gradient, rate)))
    b.result("logits", role: .output, y)
    return b.function
  }

  @Test("what a result replaces is donated to it, and products are of single precision")
  func donation() throws {
    let program = try StableHLOProgram(try step(rows: 4))
    #expect(program.manifest.arguments.map(\.donatedTo) == [nil, 1, nil])
    #expect(program.text.contains("%arg1: tensor<3x2xf32> {tf.aliasing_output = 1 : i32}"))
    #expect(program.text.components(separatedBy: "precision = [HIGHEST, HIGHEST]").count == 3)
    #expect(!program.text.contains("sdy") && !program.text.contains("DEFAULT"))
  }

  @Test("several devices divide the batch and what is given of each example, and nothing else changes")
  func devices() throws {
    let (one, two) = (try StableHLOProgram(try step(rows: 4)), try StableHLOProgram(try step(rows: 4), devices: 2))
    #expect(two.text.contains("sdy.mesh @mesh = <[\"data\"=2]>") && two.text.contains("mhlo.num_partitions = 2 : i32"))
    #expect(two.manifest.arguments.map(\.dividedAxis) == [0, nil, nil])
    #expect(two.manifest.results.map(\.dividedAxis) == [nil, nil, 0])
    #expect(two.text.contains("%arg0: tensor<4x3xf32> {sdy.sharding = #sdy.sharding<@mesh, [{\"data\"}, {}]>}"))
    func body(_ text: String) -> [Substring] { text.split(separator: "\n").filter { $0.contains("= stablehlo.") } }
    #expect(body(one.text) == body(two.text) && !body(one.text).isEmpty)
  }

  @Test("rows that the devices do not divide are whole on each of them")
  func undivided() throws {
    let program = try StableHLOProgram(try step(rows: 5), devices: 2)
    #expect(
      program.manifest.arguments.allSatisfy { $0.dividedAxis == nil } && program.manifest.results.allSatisfy { $0.dividedAxis == nil })
    #expect(program.text.contains("sdy.mesh") && !program.text.contains("{\"data\"}"))
  }

  @Test("state is divided by the first axis that the devices divide, where that is asked for, and weights are not")
  func dividedState() throws {
    var b = Builder(function: "step", in: Module(name: "m"))
    let shapes: [[Int]] = [[3, 4, 2], [6], [5, 3], []]
    let state = shapes.enumerated().map { b.argument("s\($0)", role: .state, .f32($1.map { Dimension($0) })) }
    let weight = b.argument("w", role: .weight, .f32([4]))
    for (index, value) in state.enumerated() { b.result("s\(index)", role: .state, try b.add(value, value)) }
    b.result("w", role: .weight, try b.add(weight, weight))
    let program = try StableHLOProgram(b.function, devices: 2, dividesState: true)
    #expect(program.manifest.arguments.map(\.dividedAxis) == [1, 0, nil, nil, nil])
    #expect(program.manifest.results.map(\.dividedAxis) == [1, 0, nil, nil, nil])
    #expect(program.text.contains("#sdy.sharding<@mesh, [{}, {\"data\"}, {}]>"))
    let whole = try StableHLOProgram(b.function, devices: 2)
    #expect(whole.manifest.arguments.allSatisfy { $0.dividedAxis == nil })
    #expect(shapes.map { StateDivision(devices: 2).elements(of: $0) } == [12, 3, 15, 1])
    #expect(shapes.map { StateDivision(devices: 1).axis(of: $0) } == [nil, nil, nil, nil])
  }
}
