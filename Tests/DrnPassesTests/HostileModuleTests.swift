import DrnIR
import DrnPasses
import DrnReference
import DrnTestSupport
import Testing

@Suite("Hostile modules")
struct HostileModuleTests {
  /// A module whose function `f` is one operation.
  static func module(_ opcode: Opcode, _ sample: OpSample) throws -> Module {
    var module = try sampleModule()
    var builder = Builder(function: "f", in: module)
    let operands = sample.types.enumerated().map { builder.argument("a\($0)", role: .batch, $1) }
    for (index, value) in try builder.emit(opcode, operands, sample.attributes).enumerated() {
      builder.result("y\(index)", role: .output, value)
    }
    module.set(builder.function)
    return try eliminateDeadCode(module, roots: ["f"])
  }

  static let replacements = [
    "0", "-1", "1", "\(Int.max)", "\(Int.min)", "4611686018427387904", "nan", "-inf", "1e308", "true", "", "f",
  ]

  /// The text cut at every number and name, so that single tokens can be replaced.
  static func tokens(_ text: String) -> [String] {
    var tokens: [String] = []
    var isWord = false
    for character in text {
      let continues = character.isLetter || character.isNumber || character == "." || character == "_"
      if continues, isWord { tokens[tokens.count - 1].append(character) } else { tokens.append(String(character)) }
      isWord = continues
    }
    return tokens
  }

  @Test("every op is read back, and no replaced token makes reader, verifier or passes trap", arguments: Opcode.allCases)
  func replaced(opcode: Opcode) throws {
    var survivors = 0
    for sample in OpSample.samples(of: opcode).prefix(4) {
      let module = try Self.module(opcode, sample)
      #expect(verify(module) == [])
      #expect(try readModule(print(module)) == module)
      let tokens = Self.tokens(print(module))
      for index in tokens.indices where tokens[index].first?.isNumber == true || tokens[index].first?.isLetter == true {
        // All replacements at every place would take minutes; each place gets two.
        for shift in 0..<2 {
          let replacement = Self.replacements[(index &* 7 &+ shift) % Self.replacements.count]
          var changed = tokens
          changed[index] = replacement
          guard let read = try? readModule(changed.joined()) else { continue }
          survivors += 1
          guard verify(read).isEmpty else { continue }
          #expect(try readModule(print(read)).functions.count == read.functions.count)
          _ = try? optimize(try expandGradients(read), roots: read.functions.map(\.name))
        }
      }
    }
    #expect(survivors > 0)
  }
}
