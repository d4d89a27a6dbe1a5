import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSema
import Testing

@Suite("The tables of settings") struct SettingTableTests {
  private static func text(train: [String: String] = [:], data: [String: String] = [:]) -> String {
    let data = ["source": "fashion_mnist", "label": "class(10)", "examples": "60000"].merging(data) { _, new in new }
    let train = [
      "length": "10 epochs", "batch": "100", "loss": "cross_entropy", "optimizer": "sgd(momentum: 0.9)", "rate": "0.1",
    ].merging(train) { _, new in new }
    func lines(_ entries: [String: String]) -> String { entries.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)\n" }.joined() }
    return """
      data digits {
        image: tensor[1, 28, 28]
      \(lines(data))}
      network mlp(image: tensor[1, 28, 28]) -> tensor[10] {
        return image |> flatten |> fc1: linear(64) |> norm: batch_norm |> relu |> fc2: linear(10)
      }
      train mlp on digits {
      \(lines(train))}
      """
  }

  /// A setting of one of the two declarations.
  struct Case: Sendable, CustomTestStringConvertible {
    let setting: SettingSpec
    let isData: Bool
    var testDescription: String { (isData ? "data." : "train.") + setting.name }
    /// A program with a value of the setting, or without it, in which it has an effect.
    func text(_ value: String?) -> String {
      let entry = value.map { [setting.name: $0] } ?? [:]
      // Statistics matter where a normalization is not trained.
      let frozen = setting.name == TrainingSettings.Table.statistics.name ? ["trainable": "fc2"] : [:]
      return isData ? SettingTableTests.text(data: entry) : SettingTableTests.text(train: entry.merging(frozen) { stated, _ in stated })
    }
  }

  private static let cases =
    TrainingSettings.Table.all.map { Case(setting: $0, isData: false) } + DataSettings.Table.all.map { Case(setting: $0, isData: true) }

  @Test("names are given once") func unique() {
    for names in [TrainingSettings.Table.names, DataSettings.Table.names] { #expect(Set(names).count == names.count) }
    for family in MethodFamily.allCases {
      let names = family.specs.map(\.name)
      #expect(Set(names).count == names.count && !names.isEmpty, "\(family.title)")
    }
  }

  @Test("the example of a setting is of what it takes", arguments: cases) func examples(_ item: Case) {
    #expect(!item.setting.examples.isEmpty)
    for example in item.setting.examples {
      // The program changes no form, has no validation, and other classes than the example.
      let besides: [Code] = [.unreadEntry, .classWeightCount, .nothingWatched]
      let errors = Checked(item.text(example)).result.diagnostics.filter { $0.severity == .error && !besides.contains($0.code) }
      #expect(errors.map(\.message) == [], "\(example)")
    }
  }

  @Test("a default is what holds without the setting", arguments: cases.filter { $0.setting.defaultValue != nil })
  func defaults(_ item: Case) throws {
    let value = try #require(item.setting.defaultValue)
    let (absent, stated) = (Checked(item.text(nil)).program, Checked(item.text(value.text)).program)
    #expect(try resolvedConfiguration(#require(absent)) == resolvedConfiguration(#require(stated)))
  }

  @Test("a setting that is required is missed by its name, with its examples", arguments: cases.filter(\.setting.isRequired))
  func required(_ item: Case) throws {
    let line = try #require(item.text("XX").split(separator: "\n").first { $0.hasSuffix(": XX") })
    let text = item.text("XX").replacing(line + "\n", with: "")
    let missing = try #require(Checked(text).result.diagnostics.first { $0.code == .missingEntry })
    #expect((missing.help ?? "").contains("`\(item.setting.name): \(item.setting.examples[0])`"), "\(missing)")
  }

  @Test("a name that is no setting is refused, and one near to a setting named", arguments: cases) func unknown(_ item: Case) {
    let text = item.text("XX").replacing("  \(item.setting.name): XX", with: "  \(item.setting.name)q: 1")
    #expect(Checked(text).text(.unknownEntry).contains("`\(item.setting.name)`"))
  }
}
