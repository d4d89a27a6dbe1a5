import DrnDiagnostics
import DrnSema
import DrnSource
import Testing

/// How every message that a fixture brings about is written.
@Suite("Message style") struct MessageStyleTests {
  @Test("begins small, ends without a stop, names the thing, blames nobody", arguments: FixTests.Faulty.all)
  func messages(_ faulty: FixTests.Faulty) {
    for diagnostic in faulty.check().result.diagnostics {
      expectStyle(diagnostic.message, of: diagnostic, longest: 180)
      #expect(namesSomething(diagnostic), "\(diagnostic.message)")
      for label in [diagnostic.primary].compactMap({ $0 }) + diagnostic.secondary {
        expectStyle(label.message, of: diagnostic, longest: 80)
      }
      for fixIt in diagnostic.fixIts { expectStyle(fixIt.message, of: diagnostic, longest: 100) }
      if let help = diagnostic.help { expectStyle(help, of: diagnostic, longest: 180) }
    }
  }

  @Test("an error is reported once at its place", arguments: FixTests.Faulty.all)
  func noDoubles(_ faulty: FixTests.Faulty) {
    let found = faulty.check().result.diagnostics.map { Place(code: $0.code, span: $0.primary?.span, message: $0.message) }
    #expect(Set(found).count == found.count)
  }

  private struct Place: Hashable {
    let code: Code
    let span: Span?
    let message: String
  }

  private func expectStyle(_ text: String, of diagnostic: Diagnostic, longest: Int) {
    let words = text.lowercased().split { !$0.isLetter }.map(String.init)
    #expect(text.first.map { !$0.isUppercase } ?? true, "begins with a capital: \(text)")
    #expect(![".", "!"].contains { text.hasSuffix($0) && !text.hasSuffix("...") }, "ends with a stop: \(text)")
    for word in ["please", "sorry", "oops", "illegal", "invalid", "bad", "wrong"] {
      #expect(!words.contains(word), "says \(word): \(text)")
    }
    #expect(text.count <= longest, "has \(text.count) characters: \(text)")
    #expect(text.filter { $0 == "`" }.count % 2 == 0, "leaves a quote open: \(text)")
    #expect(!text.contains("  ") && !text.contains("\n") && text == text.trimmingPrefix(" "), "is not one line: \(text)")
  }

  /// Whether the message, or the place it points at, says what it is about: a name in backquotes, a number, a shape or a time.
  private func namesSomething(_ diagnostic: Diagnostic) -> Bool {
    diagnostic.message.contains("`") || diagnostic.message.contains { $0.isNumber } || diagnostic.primary != nil
  }
}
