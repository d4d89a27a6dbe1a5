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

/// The names visible at a place of a block or network; bodies of `data` and `train` have none.
struct Scope {
  struct Binding {
    let operand: Operand
    /// Where the name is declared.
    let span: Span
  }
  private(set) var bindings: [String: Binding] = [:]

  subscript(name: String) -> Binding? { bindings[name] }
  var names: [String] { bindings.keys.sorted() }
  mutating func bind(_ name: String, _ operand: Operand, at span: Span) { bindings[name] = Binding(operand: operand, span: span) }
}
