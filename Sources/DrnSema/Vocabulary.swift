import DrnMethods
import DrnProgram

/// The words of the language with a meaning in the tables of `DrnMethods`, by name.
struct Vocabulary: Sendable {
  /// One table: its entries by name, and the names in the table's order.
  struct Table<Entry: Sendable>: Sendable {
    let entries: [String: Entry]
    let names: [String]
    init(_ all: [Entry], name: (Entry) -> String) {
      names = all.map(name)
      entries = Dictionary(all.map { (name($0), $0) }) { first, _ in first }
    }
    subscript(name: String) -> Entry? { entries[name] }
  }
  let layers: Table<any Layer.Type>
  let forms: Table<any Parameterization.Type>
  let updates: Table<any Update.Type>
  let losses: Table<any Loss.Type>
  let rates: Table<any Rate.Type>
  let events: Table<any WeightEvent.Type>
  let transitions: Table<any Transition.Type>
  let measurements: Table<any WeightMeasurement.Type>
  let data = DataVocabulary()

  static let standard = Vocabulary()

  private init() {
    layers = Table(Layers.all) { $0.spec.name }
    forms = Table(Parameterizations.all) { $0.spec.name }
    updates = Table(Updates.all) { $0.spec.name }
    losses = Table(Losses.all) { $0.spec.name }
    rates = Table(Rates.all) { $0.spec.name }
    events = Table(WeightEvents.all) { $0.spec.name }
    transitions = Table(Transitions.all) { $0.spec.name }
    measurements = Table(Measurements.all) { $0.spec.name }
  }
}

/// What stands in `data`.
struct DataVocabulary: Sendable {
  let sources = Vocabulary.Table(DataSources.all) { $0.spec.name }
  let preparations = Vocabulary.Table(Preparations.all) { $0.spec.name }
  let subsets = Vocabulary.Table(Subsets.all) { $0.spec.name }
  let augmentations = Vocabulary.Table(Augmentations.all) { $0.spec.name }
}
