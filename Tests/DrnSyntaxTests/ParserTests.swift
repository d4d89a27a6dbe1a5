import DrnDiagnostics
import DrnSource
import DrnSyntax
import Testing

@Suite("Parser") struct ParserTests {
  @Test("accepts programs that use every form", arguments: Programs.all.indices)
  func acceptsPrograms(index: Int) {
    let program = Programs.all[index]
    let tree = parse(file: FileID(0), bytes: Array(program.utf8))
    #expect(tree.diagnostics.map(\.message) == [])
    #expect(!tree.items.isEmpty)
  }

  @Test("reads a lone value, and reports what follows it")
  func loneValue() {
    let length = parseValue(file: FileID(0), bytes: Array("3epochs".utf8))
    #expect(length.diagnostics.isEmpty)
    guard case .duration(let count, .epoch) = length.value.kind, case .integer("3") = count.kind else {
      Issue.record("\(length.value.kind)")
      return
    }
    #expect(parseValue(file: FileID(0), bytes: Array("3 4".utf8)).diagnostics.map(\.code) == [.unexpectedToken])
    #expect(parseValue(file: FileID(0), bytes: []).diagnostics.map(\.code) == [.missingValue])
  }

  /// An expression with every operator's grouping made visible.
  private func grouped(_ expression: Expression) -> String {
    switch expression.kind {
    case .name(let text), .integer(let text): text
    case .unary(let sign, let operand): "(\(sign.rawValue) \(grouped(operand)))"
    case .binary(let infix, let left, let right, _): "(\(grouped(left)) \(infix.rawValue) \(grouped(right)))"
    case .duration(let value, let unit): "<\(grouped(value)) \(unit.rawValue)>"
    case .member(let base, let name): "\(grouped(base)).\(name.text)"
    case .decimal, .percent, .string, .boolean, .moment, .list, .record, .call, .index, .pattern, .conditional, .pipeline, .parenthesized,
      .missing:
      "?"
    }
  }

  @Test(
    "groups operators by precedence, from the left",
    arguments: [
      ("a or b and not c == d", "(a or (b and (not (c == d))))"),
      ("1/2 of a + b", "((1 / 2) of (a + b))"),
      ("a - b - c * d div e mod f", "((a - b) - (((c * d) div e) mod f))"),
      ("- a * b", "((- a) * b)"),
      ("not not a <= b", "(not (not (a <= b)))"),
      ("2 * n epochs + x.y", "((2 * <n epoch>) + x.y)"),
      ("a or b or c", "((a or b) or c)"),
    ])
  func precedence(text: String, expected: String) {
    #expect(grouped(parseValue(file: FileID(0), bytes: Array(text.utf8)).value) == expected)
  }

  @Test("keeps what the forms say")
  func forms() throws {
    let tree = parse(file: FileID(0), bytes: Array(Programs.forms.utf8))
    guard case .train(let train) = tree.items.last, case .clause(let cycle) = train.entries.dropLast().last else {
      Issue.record("no clause")
      return
    }
    #expect(cycle.name.text == "cycle" && cycle.arguments.count == 1)
    #expect(cycle.selectors.map(\.text) == ["blocks[0].conv", "head"])
    #expect(cycle.exceptions.map(\.text) == ["blocks[*].norm*", "stem"])
    let times = cycle.entries.compactMap { entry -> String? in
      guard case .timed(let timed) = entry else { return nil }
      switch timed.when {
      case .from: return "from"
      case .every: return "every"
      case .at: return "at"
      case .lasting: return "lasting"
      }
    }
    #expect(times == ["lasting", "lasting", "at"])
  }
}
