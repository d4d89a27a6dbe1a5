import DrnMethods
import DrnNumbers

/// The settings of a data set as lines of the configuration.
func dataLines(_ data: DataSettings) -> [String] {
  let label = data.classes.map { data.collectsClasses ? "class, of which \($0) occur" : "class(\($0))" } ?? "tensor[\(data.targets)]"
  let lines = [
    "data \(data.name)", "  source: \(data.source.text)", "  \(data.inputName): tensor\(shapeText(data.inputShape))",
    "  label: \(label)", "  examples: \(data.examples.map(String.init) ?? "unknown")",
    "  validation: \(OptionValue(decimalOrQuotient: data.validation).text)",
    "  split_seed: \(data.splitSeed)", "  prepare: \(data.preparation.callText)", "  last_batch: \(data.dropsLastBatch ? "drop" : "keep")",
  ]
  let used = data.examplesUsed < 1 ? ["  examples_used: \(OptionValue(decimalOrQuotient: data.examplesUsed).text)"] : []
  let augmentation = data.augmentation.map(\.text).joined(separator: ", ")
  return lines + used + (augmentation.isEmpty ? [] : ["  augment: [\(augmentation)]"])
}
