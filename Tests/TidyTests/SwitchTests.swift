import DrnTestSupport
import Testing

/// A new case of an enum shows every switch that has to know it only where none of them says `default`.
@Suite struct SwitchTests {
  /// Files with a switch over an enum that is not ours and may grow.
  private static let foreign: Set = ["Sources/DrnDiagnostics/Render/Terminal/SourceLine.swift"]

  /// The lines on which a switch with cases of an enum, `case .name`, begins that has a `default` or a `case _` too.
  private func wildSwitches(in text: String) -> [Int] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.indices.filter { start in
      guard lines[start].contains("switch "), lines[start].hasSuffix("{"), !lines[start].contains("//") else { return false }
      let indentation = lines[start].prefix { $0 == " " }
      let end = lines[(start + 1)...].firstIndex { $0.hasPrefix(indentation + "}") } ?? lines.endIndex
      let labels = lines[start..<end].filter { $0.hasPrefix(indentation) && !$0.hasPrefix(indentation + " ") }.map(\.dropped)
      return labels.contains { $0.hasPrefix("case .") }
        && labels.contains { $0.hasPrefix("default:") || $0.hasPrefix("case _:") || $0.hasPrefix("case _ ") }
    }.map { $0 + 1 }
  }

  @Test("no switch over an enum of ours has a default")
  func switchesAreExhaustive() throws {
    for path in Repository.files("Sources", extension: "swift") where !Self.foreign.contains(path) {
      #expect(wildSwitches(in: try Repository.text(path)) == [], "\(path)")
    }
  }

  @Test("the test sees a default and a wildcard, and passes switches over other things")
  func switchesAreSeen() {
    #expect(wildSwitches(in: "switch x {\ncase .a: 1\ndefault: 2\n}") == [1])
    #expect(wildSwitches(in: "  return switch x {\n  case .a(let y): y\n  case _ where z: 2\n  }") == [1])
    #expect(wildSwitches(in: "switch x {\ncase 1: 1\ndefault: 2\n}") == [])
    #expect(wildSwitches(in: "switch x {\ncase .a: 1\ncase .b: 2\n}\nswitch y {\ncase 1: 1\ndefault: 2\n}") == [])
  }
}

extension Substring {
  /// Without the spaces at its start.
  fileprivate var dropped: Substring { drop { $0 == " " } }
}
