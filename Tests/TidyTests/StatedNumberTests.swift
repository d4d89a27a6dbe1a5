import DrnTestSupport
import Testing

/// Numbers of the code that pages state. `docs/settings.md` and `docs/contributing/ops.md` are written from the code and not among them.
@Suite struct StatedNumberTests {
  @Test("a page states the number that the code has", arguments: StatedNumber.all.indices)
  func pagesAgree(index: Int) throws {
    let number = StatedNumber.all[index]
    let expected = try number.expected()
    #expect(StatedNumber.states(try Repository.text(number.page), expected), "\(number.page) does not say \"\(expected)\"")
  }

  @Test("constants are read from declarations, and another number in a page is seen")
  func reading() {
    #expect(StatedNumber.value(of: " 64 << 20\nnext") == 67_108_864)
    #expect(StatedNumber.value(of: " 128 * 128") == 16384)
    #expect(StatedNumber.value(of: "100_000_000)") == 100_000_000)
    #expect(StatedNumber.value(of: " 1e-5 + x") == 1e-5)
    #expect(StatedNumber.value(of: " nothing") == nil)
    #expect(StatedNumber.text(65_536, .grouped) == "65,536" && StatedNumber.text(999, .grouped) == "999")
    #expect(StatedNumber.text(1e-5, .digits) == "1e-5" && StatedNumber.text(16384, .digits) == "16384")
    #expect(StatedNumber.text(20, .word) == "twenty" && StatedNumber.text(21, .word) == "21.0")
    #expect(StatedNumber.states("at most\n  64 rows", "at most 64 rows"))
    #expect(!StatedNumber.states("at most 65 rows", "at most 64 rows"))
  }
}
