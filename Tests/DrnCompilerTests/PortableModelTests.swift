import DrnCompiler
import DrnIR
import DrnLowering
import DrnProgram
import DrnTestSupport
import Testing

@Suite("The models at the stage portable") struct PortableModelTests {
  @Test("every phase and transition is portable, and reads back as it was printed", arguments: Models.names)
  func portable(name: String) throws {
    let compiler = PhaseCompiler(program: try checkedProgram(try Models.text(name)))
    for phase in compiler.program.phases {
      let ranks = compiler.scheduledRanks(phase: phase.index)
      let module = try compiler.portable(phase: phase.index, ranks: ranks)
      #expect(try read(module))
      guard phase.index > 0, let transition = try compiler.lowering.transitionModule(into: phase.index) else { continue }
      #expect(try read(try compiler.portable(transition, from: compiler.scheduledRanks(phase: phase.index - 1), to: ranks)))
    }
  }

  /// Whether a module keeps the rule, and its text gives it back.
  private func read(_ module: Module) throws -> Bool {
    let text = print(module)
    let again = try readModule(text)
    return PortableRule().check(module) == [] && verify(module) == [] && print(again) == text
  }
}
