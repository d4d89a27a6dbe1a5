import DrnDiagnostics
import DrnSource
import DrnSyntax
import DrnTestSupport
import Foundation
import Testing

private func codes(_ text: String) -> [Code] { parse(file: FileID(0), bytes: Array(text.utf8)).diagnostics.map(\.code) }

/// The processor time of this thread, which other work on the machine does not lengthen.
private func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

@Suite("Robustness") struct RobustnessTests {
  @Test(
    "deep nesting of any kind is reported once and never exhausts the stack",
    arguments: ["(", "[", "f(", "-", "not ", "if ", "(a: ", "f(a: ", "1 - (1 * "])
  func deepNesting(opener: String) {
    let text = "data d { a: " + String(repeating: opener, count: 10_000)
    #expect(codes(text) == [.nestedTooDeeply])
    #expect(codes(text + " }\ndata e { b: 1 }") == [.nestedTooDeeply])
  }

  @Test("deep bodies, groups and chains are reported once", arguments: ["x { ", "a: f |> { ", "a: f |> repeat(x |> "])
  func deepBodies(opener: String) {
    #expect(codes("data d { " + String(repeating: opener, count: 5_000)).contains(.nestedTooDeeply))
  }

  @Test("a long chain of operators is reported, not followed without bound")
  func longChain() {
    #expect(codes("data d { a: " + String(repeating: "1 + ", count: 10_000) + "1 }") == [.nestedTooDeeply])
    #expect(codes("data d { a: " + String(repeating: "x.", count: 10_000) + "x }") == [.nestedTooDeeply])
    #expect(codes("data d { a: " + String(repeating: "1 + ", count: 300) + "1 }") == [])
  }

  @Test("a long pipeline, list or body is no deeper than a short one")
  func longSequences() {
    #expect(codes("data d { a: x" + String(repeating: " |> f", count: 5000) + " }") == [])
    #expect(codes("data d { a: [" + String(repeating: "1/2, ", count: 5000) + "] }") == [])
    #expect(codes("data d { " + String(repeating: "from epoch 1 + n: a ", count: 5000) + " }") == [])
    #expect(codes("block f() { return f(" + String(repeating: "-x.y[1] + 1, ", count: 5000) + ") }") == [])
  }

  @Test(
    "any number of faults in a row is read without recursion",
    arguments: [("data d { w ", "a ", "{ } }"), ("data d { a: = ", "- ", "1 }"), ("block f() { return x |> ", ". a: ", "g }")])
  func manyFaults(before: String, repeated: String, after: String) {
    let text = before + String(repeating: repeated, count: 100_000) + after
    #expect(!codes(text).isEmpty)
  }

  @Test("a list that runs into the next entry comes to an end")
  func listIntoEntry() {
    #expect(codes("data d { a: [x\n  b: 1] }").contains(.missingValue))
    #expect(codes("data d { a: [x y\n  b: sgd(1)\n r 28] }\ndata e { }") == [.missingValue])
  }

  @Test("200 brackets are accepted, 201 are not")
  func limit() {
    func program(_ depth: Int) -> String {
      "block f() { return " + String(repeating: "(", count: depth) + "x" + String(repeating: ")", count: depth) + " }"
    }
    // The body's brace counts as one.
    #expect(codes(program(199)) == [])
    #expect(codes(program(200)) == [.nestedTooDeeply])
  }

  @Test("random tokens never trap and always leave a tree")
  func tokenSoup() {
    var dice = SplitMix64(seed: 11)
    let words =
      Keyword.allCases.map(\.rawValue) + Punctuation.allCases.map(\.rawValue)
      + ["x", "y:", "conv*", "a*b", "12", "0.5", "5%", "\"s\"", "\n", "\n}", "epoch 3", "|> f(", "{ a: 1", "é", ".5", "\"open\n"]
    for _ in 0..<1200 {
      let text = (0..<Int.random(in: 1...40, using: &dice)).map { _ in words.randomElement(using: &dice) ?? "" }.joined(separator: " ")
      let source = SourceFile(id: FileID(0), name: "a.drn", bytes: Array(text.utf8))
      let tree = parse(source)
      #expect(coversAll(tree, source.bytes.count))
      #expect(tree.diagnostics.allSatisfy { ($0.primary?.span.end ?? 0) <= source.bytes.count })
      #expect((format(tree, source: source) == nil) == !tree.diagnostics.isEmpty)
      _ = apply(tree.diagnostics.flatMap(\.fixIts), to: source)
    }
  }

  @Test("a message never blames the text", arguments: Code.all)
  func wording(code: Code) {
    for diagnostic in parse(file: FileID(0), bytes: Array(code.page.failingExample.utf8)).diagnostics {
      #expect(!diagnostic.message.contains("invalid") && !diagnostic.message.contains("illegal"))
      #expect(diagnostic.message.first?.isUppercase == false && !diagnostic.message.hasSuffix("."))
    }
  }

  /// Processor time per line must not grow with the length of the file; the factor of four allows for caches, while quadratic time
  /// would show a factor of sixteen.
  @Test(
    "takes time in proportion to the length, whether the file is right or wrong",
    arguments: ["a: f(1, b: [2, 3]) |> g\n", "a b c ) ( [ x*y\n", "x.", "w a, ", "w "])
  func linearTime(line: String) {
    func seconds(_ count: Int) -> Double {
      let bytes = Array(("data d {\n" + String(repeating: line, count: count)).utf8)
      let durations = (0..<3).map { _ in
        let start = threadSeconds()
        _ = parse(file: FileID(0), bytes: bytes)
        return threadSeconds() - start
      }
      return durations.min() ?? 0
    }
    #expect(seconds(3200) < 16 * 4 * max(seconds(200), 1e-4))
  }
}
