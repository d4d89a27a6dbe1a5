import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnTestSupport
import Testing

@testable import DrnSema

/// What newcomers write, and the way on that they are told.
@Suite("Names of other systems") struct ForeignNameTests {
  private func diagnostics(_ layer: String = "linear(10)", _ settings: [String: String] = [:], data: String = "") -> [Diagnostic] {
    var lines = ["length": "1 epochs", "batch": "10", "loss": "cross_entropy", "optimizer": "sgd", "rate": "0.1"]
    lines.merge(settings) { _, new in new }
    let text = """
      data d { source: synthetic(examples: 100, test_examples: 10)  x: tensor[4]  label: class(10)  \(data) }
      network n(x: tensor[4]) -> tensor[10] { return x |> first: \(layer) |> last: linear(10) }
      train n on d { \(lines.sorted { $0.key < $1.key }.map { "\($0): \($1)" }.joined(separator: "  ")) }
      """
    return Checked(text).result.diagnostics.filter { $0.severity == .error }
  }

  private func fixes(_ diagnostics: [Diagnostic]) -> [String] { diagnostics.flatMap { $0.fixIts.flatMap { $0.edits.map(\.replacement) } } }

  @Test(
    "a layer, a loss and a setting by another name get the name of here", arguments: [("Dense(64)", "linear"), ("dense(64)", "linear")])
  func layers(layer: String, meant: String) { #expect(fixes(diagnostics(layer)).contains(meant)) }

  @Test(
    "a loss by its name elsewhere, in quotes too",
    arguments: ["\"categorical_crossentropy\"", "categorical_crossentropy", "CrossEntropyLoss", "\"cross_entropy\""])
  func losses(loss: String) {
    let found = diagnostics(settings: loss)
    #expect(found.count == 1 && fixes(found) == ["cross_entropy"], "\(found.map(\.message))")
  }

  private func diagnostics(settings loss: String) -> [Diagnostic] { diagnostics("linear(10)", ["loss": loss]) }

  @Test("a rate within an optimizer is told to be a setting of the training", arguments: ["lr", "learning_rate", "rate"])
  func rates(name: String) {
    for optimizer in ["adam", "sgd"] {
      let found = diagnostics("linear(10)", ["optimizer": "\(optimizer)(\(name): 0.001)"])
      #expect(found.count == 1 && found.first?.help?.contains("`rate: 0.001`") == true, "\(found)")
    }
  }

  @Test("a share that is written as a percentage without its sign gets the sign; a count gets no share just below the whole")
  func shares() {
    #expect(fixes(diagnostics(data: "validation: 20")) == ["20%"])
    #expect(fixes(diagnostics(data: "validation: 500")).isEmpty)
    #expect(fixes(diagnostics("linear(10) |> dropout(50)")) == ["50%"])
  }

  @Test("every name that is a meaning is one of here")
  func meanings() {
    let all = Vocabulary.standard
    let layers = all.layers.names.compactMap { all.layers[$0]?.spec }
    let others = all.losses.names.compactMap { all.losses[$0]?.spec } + all.updates.names.compactMap { all.updates[$0]?.spec }
    let rates = all.rates.names.compactMap { all.rates[$0]?.spec }
    let specs = layers + others + rates
    let settings = TrainingSettings.Table.singleNames + DataSettings.Table.names
    let known = Set(specs.map(\.name) + specs.flatMap { $0.options.map(\.name) } + settings + ProductPrecision.allCases.map(\.rawValue))
    for meaning in ForeignName.meanings.values { #expect(known.contains(meaning), "\(meaning)") }
  }
}
