import DrnIR
import DrnPasses
import DrnTestSupport
import Testing

@Suite("Specialization to ranks")
struct SpecializeTests {
  static let text = """
    module @m {
      symbol r0 "w" in 1...8
      symbol r1 "w augmented" in 1...12 = min(2*r0, 12)
      func @f(%u: f32[6, r0] {weight "u"}) -> (%1 {output "y"}) {
        %1 = pad %u {shape = <6, r1 + 1>, starts = <0, r1 - r0 + 1>} : f32[6, r1 + 1]
      }
    }
    """

  @Test("types and attributes become numbers, computed symbols follow their definition")
  func numbers() throws {
    let module = try specialize(try readModule(Self.text), ranks: [5, 0])
    #expect(module.isConcrete && module.symbols.isEmpty)
    #expect(print(module).contains("pad %u {shape = <6, 11>, starts = <0, 6>} : f32[6, 11]"))
    #expect(verify(module) == [])
    #expect(try resolveRanks(of: try readModule(Self.text).symbols, [8, 0]) == [8, 12])
  }

  @Test(
    "ranks outside their bounds and wrong counts are refused",
    arguments: [
      ([0, 0], "the rank 0 of w is outside 1...8"), ([9, 0], "the rank 9 of w is outside 1...8"),
      ([3], "there are 2 rank symbols but 1 ranks"),
    ])
  func refused(ranks: [Int], message: String) throws {
    let module = try readModule(Self.text)
    #expect(throws: IRError(message)) { try specialize(module, ranks: ranks) }
  }

  @Test("an extent that becomes negative or too large is refused, one that becomes 0 is not")
  func extents() throws {
    let symbol = SymbolInfo(name: "w", bounds: 1...Int.max)
    let module = { (extent: Dimension) in
      var module = Module(name: "m")
      module.symbols = [symbol]
      var function = Function(name: "f")
      function.addArgument("x", role: .plain, type: .f32([extent]))
      module.set(function)
      return module
    }
    #expect(throws: IRError("the extent r0 - 4 becomes -1")) { try specialize(module(Dimension(Symbol(0)) - 4), ranks: [3]) }
    #expect(throws: IRError("the extent 4*r0 is too large")) { try specialize(module(Dimension(Symbol(0)) * 4), ranks: [Int.max]) }
    #expect(try specialize(module(Dimension(Symbol(0)) - 4), ranks: [4]).isConcrete)
  }

  @Test("a training step with symbolic ranks equals the one built at those ranks")
  func trainingStep() throws {
    let symbolic = try TrainingStep(form: .twoFactors, widths: [4, 5, 3], rank: nil).module()
    #expect(!symbolic.isConcrete && verify(symbolic) == [])
    #expect(try readModule(print(symbolic)).symbols == symbolic.symbols)
    let concrete = try TrainingStep(form: .twoFactors, widths: [4, 5, 3], rank: 2).module()
    #expect(try specialize(symbolic, ranks: [2, 2]) == concrete)
  }
}
