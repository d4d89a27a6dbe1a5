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
  var trainings: [Remembered<CheckedProgram?>] = []
  /// The number given to the next program that is checked.
  var nextProgram = 0
  public init() {}
}

/// What checking one declaration gave, and the text it follows from.
struct Remembered<Value: Sendable>: Sendable {
  let source: DeclarationSource
  let value: Value
  let effects: CheckEffects
  /// The number of the program.
  var number = 0
}

/// A network after unfolding, with what a training asks of it.
struct NetworkOutcome: Sendable {
  var network: Network?
  var facts: UnfoldedNetwork
  var inputSpan: Span?
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

/// What checking a declaration does besides giving a value.
struct CheckEffects: Sendable {
  var diagnostics: [Diagnostic] = []
  var used: Set<String> = []
  var usedBindings: Set<Span> = []
  var declaredBindings: [Name] = []
  var matches: [SelectorMatch] = []
  var levelEntries: [LevelEntry] = []
}

extension Checker {
  /// Runs one part of a check with findings of its own, so that they can be kept; they still have to be added.
  mutating func isolate<Value>(_ body: (inout Checker) -> Value) -> (value: Value, effects: CheckEffects) {
    let outer = effects
    let (outerReported, outerOwners, errors) = (reported, owners, errorCount)
    effects = CheckEffects()
    reported = []
    let value = body(&self)
    let found = effects
    effects = outer
    (reported, owners, errorCount) = (outerReported, outerOwners, errors)
    return (value, found)
  }

  /// Adds what the check of `owner` found. An error that another part found at the same place is not added again; a lint is, since its level
  /// may be another there.
  mutating func add(_ found: CheckEffects, of owner: Owner) {
    for diagnostic in found.diagnostics {
      let isNew = diagnostic.primary.map { reported.insert(Finding(code: diagnostic.code, span: $0.span)).inserted } ?? true
      guard isNew || diagnostic.code.isLint else { continue }
      if isNew, diagnostic.severity == .error { errorCount += 1 }
      keep(diagnostic, of: owner)
    }
    if case .training(let place) = owner { trainingLevels[place] = found.levelEntries }
    used.formUnion(found.used)
    usedBindings.formUnion(found.usedBindings)
    declaredBindings += found.declaredBindings
    matches += found.matches
  }

  private var effects: CheckEffects {
    get {
      CheckEffects(
        diagnostics: bag.diagnostics, used: used, usedBindings: usedBindings, declaredBindings: declaredBindings, matches: matches,
        levelEntries: levelEntries)
    }
    set {
      bag = DiagnosticBag()
      bag.report(contentsOf: newValue.diagnostics)
      (used, usedBindings, declaredBindings) = (newValue.used, newValue.usedBindings, newValue.declaredBindings)
      (matches, levelEntries) = (newValue.matches, newValue.levelEntries)
    }
  }
}
