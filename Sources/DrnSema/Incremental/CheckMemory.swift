import DrnDiagnostics
import DrnProgram
import DrnSource
import DrnSyntax

/// What the networks and trainings of a file gave when they were last checked, so that the next version of the file checks only what
/// changed. The result is the same as without it.
///
/// Valid for one root file, without overrides, as long as data files stay as they are.
public struct CheckMemory: Sendable {
  var networks: [String: Remembered<NetworkOutcome>] = [:]
  /// By place among the trainings of the file.
  var trainings: [Int: Remembered<TrainingOutcome>] = [:]
  /// The number given to the next program that is checked.
  var nextProgram = 0
  public init() {}
}

/// What checking one declaration gave, and the text it follows from.
struct Remembered<Value: Sendable>: Sendable {
  let source: DeclarationSource
  let value: Value
  let findings: Findings

  /// `nil` where a finding names a place outside of the texts, which would not move with them.
  init?(source: DeclarationSource, value: Value, findings: Findings) {
    guard findings.spans.allSatisfy(source.holds) else { return nil }
    self.source = source
    self.value = value
    self.findings = findings
  }

  /// The same for texts that stand elsewhere; `nil` where they are others.
  func moved(to source: DeclarationSource, _ moved: (SpanMove, Value) -> Value) -> Remembered? {
    guard self.source.hasSameText(as: source) else { return nil }
    let move = self.source.move(to: source)
    return Remembered(source: source, value: moved(move, value), findings: move(findings))
  }
}

/// A network after unfolding, with what a training asks of it.
struct NetworkOutcome: Sendable {
  var network: Network?
  var facts: UnfoldedNetwork
  var inputSpan: Span?
  /// Where its result is declared; its name where it is not.
  var resultSpan: Span
}

/// The texts one declaration and everything it refers to are written in.
struct DeclarationSource: Sendable {
  struct Part: Sendable {
    let span: Span
    let text: ArraySlice<UInt8>
  }
  let parts: [Part]
  /// What else the findings depend on: the names of the files and of the blocks.
  let surroundings: [String]

  func hasSameText(as other: DeclarationSource) -> Bool {
    parts.count == other.parts.count && surroundings == other.surroundings && zip(parts, other.parts).allSatisfy { $0.text == $1.text }
  }

  /// How places in these texts move to those of `other`, which has the same text.
  func move(to other: DeclarationSource) -> SpanMove { SpanMove(zip(parts, other.parts).map { ($0.span, $1.span) }) }

  func holds(_ span: Span) -> Bool { parts.contains { $0.span.holds(span) } }
}
