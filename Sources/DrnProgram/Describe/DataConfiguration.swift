import DrnMethods
import DrnNumbers

/// The settings of a data set as lines of the configuration.
func dataLines(_ data: DataSettings) -> [String] {
  let label = data.classes.map { data.collectsClasses ? "class, of which \($0) occur" : data.labelText } ?? data.labelText
  let table = DataSettings.Table.self
  let lines = [
    "data \(data.name)", line(table.source, data.source.text), "  \(data.inputName): \(data.inputType)",
    line(table.label, label), line(table.examples, data.examples.map(String.init) ?? "unknown"),
    line(table.validation, OptionValue(decimalOrQuotient: data.validation).text), line(table.splitSeed, "\(data.splitSeed)"),
    line(table.prepare, data.preparationText), line(table.lastBatch, data.dropsLastBatch ? "drop" : "keep"),
  ]
  let share = data.examplesUsed < 1 ? OptionValue(decimalOrQuotient: data.examplesUsed).text : nil
  let used = (data.subset?.callText ?? share).map { [line(table.examplesUsed, $0)] } ?? []
  let augmentation = data.augmentation.map(\.text).joined(separator: ", ")
  return lines + used + (augmentation.isEmpty ? [] : [line(table.augment, "[\(augmentation)]")])
}

/// A setting with its value.
func line(_ setting: SettingSpec, _ value: String) -> String { "  \(setting.name): \(value)" }
