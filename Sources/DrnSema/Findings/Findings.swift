import DrnDiagnostics
import DrnProgram
import DrnSource
import DrnSyntax

/// What a diagnostic is about. The levels of a training hold for what it states, and for the declarations it uses together with those of
/// every other training that uses them.
enum Owner: Hashable {
  case file
  case network(String)
  case data(String)
  /// By its place among the trainings of the file.
  case training(Int)
}

/// What checking one part of a file finds besides its value.
struct Findings: Sendable {
  struct Entry: Sendable {
    let diagnostic: Diagnostic
    let owner: Owner
  }
  /// In the order they were found.
  var entries: [Entry] = []
  var uses = NameUses()
  /// What selectors matched, in the order they were met.
  var matches: [SelectorMatch] = []
  /// Times changed by `--shorten`, by where they are written.
  var shortened: [Span: ShortenedTime] = [:]
}

/// The names a part of a file refers to, and those it declares inside.
struct NameUses: Sendable {
  /// Blocks, networks and data sets that something refers to.
  var declarations: Set<String> = []
  /// Where the names of `let`s that something refers to are declared.
  var bindings: Set<Span> = []
  /// Every `let` met while unfolding.
  var declaredBindings: [Name] = []

  mutating func add(_ other: NameUses) {
    declarations.formUnion(other.declarations)
    bindings.formUnion(other.bindings)
    declaredBindings += other.declaredBindings
  }
}

/// A time of the program that `--shorten` scaled.
public struct ShortenedTime: Hashable, Sendable {
  /// The time as written: `epoch 55`.
  public let written: String
  /// The number in the source.
  public let old: Int
  /// The number that took its place.
  public let new: Int
  /// Where the time is written.
  public let span: Span
  public init(written: String, old: Int, new: Int, span: Span) {
    self.written = written
    self.old = old
    self.new = new
    self.span = span
  }
}
