import DrnIR
import Testing

@Suite("Errors of the IR reader")
struct ReaderErrorTests {
  static func body(_ line: String) -> String {
    "module @m {\n  symbol r0 \"w\" in 1...4\n  func @f(%x: f32[2, 3] {batch \"x\"}) -> () {\n    \(line)\n  }\n}\n"
  }

  @Test(
    "the first problem is named with its place",
    arguments: [
      ("%y = relu %z : f32[2, 3]", 4, 15, "'%z' is not defined above"),
      ("%y = rulu %x : f32[2, 3]", 4, 10, "'rulu' is no operation"),
      ("%y = relu %x : f32[3, 2]", 4, 10, "relu gives f32[2, 3], not f32[3, 2]"),
      ("%x = relu %x : f32[2, 3]", 4, 5, "'%x' is defined a second time"),
      ("%y = relu %x : f16[2, 3]", 4, 20, "the element types are f32, bf16, i32 and u64"),
      ("%y = relu %x : f32[2, r7]", 4, 27, "'r7' is no rank symbol declared above"),
      ("%y = relu : f32[2, 3]", 4, 10, "relu: takes 1 operands, not 0"),
      ("%y = relu %x {fast = true} : f32[2, 3]", 4, 10, "relu: there is no attribute 'fast'"),
      ("%y = sum %x : f32[3]", 4, 10, "sum: the attribute 'axes' is missing"),
      ("%y = sum %x {axes = 0} : f32[3]", 4, 10, "sum: the attribute 'axes' holds integer where integers is needed"),
      ("%y = sum %x {axes = [0], axes = [0]} : f32[3]", 4, 30, "the attribute 'axes' is given twice"),
      ("%y, %z = relu %x : f32[2, 3]", 4, 14, "there are 2 results but 1 types"),
      ("$", 4, 5, "this character starts nothing here"),
      ("%y = relu %x : f32[2, 99999999999999999999]", 4, 27, "the number 99999999999999999999 is too large"),
    ])
  func located(line: String, atLine: Int, column: Int, message: String) {
    #expect(throws: IRTextError(line: atLine, column: column, message: message)) { try readModule(Self.body(line)) }
  }

  @Test(
    "near misses are read",
    arguments: [
      "%y = relu %x : f32[2, 3]", "%y = sum %x {axes = [0]} : f32[3] // a comment",
      "%y = constant {shape = <2, r0 - 1>, value = 1e-3} : f32[2, -1 + r0]",
    ])
  func nearMiss(line: String) throws { _ = try readModule(Self.body(line)) }

  @Test("prefixes, dropped, swapped and replaced bytes are read or refused, never trapped")
  func mutations() {
    let bytes = Array(RoundTripTests.sample.utf8)
    var read = 0
    for index in stride(from: 0, to: bytes.count, by: 3) {
      var dropped = bytes
      dropped.remove(at: index)
      var swapped = bytes
      if index > 0 { swapped.swapAt(index, index - 1) }
      var hostile = bytes
      hostile[index] = UInt8(truncatingIfNeeded: index &* 167)
      for variant in [Array(bytes.prefix(index)), dropped, swapped, hostile] {
        guard let module = try? readModule(String(decoding: variant, as: UTF8.self)) else { continue }
        read += 1
        _ = verify(module)
        #expect((try? readModule(print(module))) == module)
      }
    }
    #expect(read > 0)
  }
}
