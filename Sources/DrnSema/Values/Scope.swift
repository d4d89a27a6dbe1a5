import DrnMethods
import DrnProgram
import DrnSource

/// What a name or an expression of a block stands for.
enum Operand {
  case tensor(Network.Source)
  case constant(OptionValue)
  /// Something whose error has been reported; whatever uses it stays silent.
  case failed
}

/// The names visible at a place of a block or network, and how deeply the place is nested; bodies of `data` and `train` have no names.
struct Scope {
  struct Binding {
    let operand: Operand
    /// Where the name is declared.
    let span: Span
  }
  private(set) var bindings: [String: Binding] = [:]
  /// Levels of values and blocks around the place.
  private(set) var depth = 0

  /// Deeper nesting is refused: the checker recurses, and its stack is finite.
  static let maximumDepth = 64

  init(depth: Int = 0) { self.depth = depth }

  /// The same names one level further in; `nil` where that is too deep.
  func nested() -> Scope? {
    guard depth < Self.maximumDepth else { return nil }
    var inner = self
    inner.depth += 1
    return inner
  }

  subscript(name: String) -> Binding? { bindings[name] }
  var names: [String] { bindings.keys.sorted() }
  mutating func bind(_ name: String, _ operand: Operand, at span: Span) { bindings[name] = Binding(operand: operand, span: span) }
}
