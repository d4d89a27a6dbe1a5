import DrnData
import DrnMethods
import DrnNumbers

/// The settings of a data set as lines of the configuration.
func dataLines(_ data: DataSettings) -> [String] {
  let label = data.classes.map { data.collectsClasses ? "class, of which \($0) occur" : "class(\($0))" } ?? "tensor[\(data.targets)]"
  let preparation =
    switch data.preparation {
    case .none: "none"
    case .standardize(let granularity): "standardize(per: \(granularity.rawValue))"
    }
  let lines = [
    "data \(data.name)", "  source: \(sourceText(data.source))", "  \(data.inputName): tensor\(shapeText(data.inputShape))",
    "  label: \(label)", "  examples: \(data.examples.map(String.init) ?? "unknown")",
    "  validation: \(OptionValue(decimalOrQuotient: data.validation).text)",
    "  split_seed: \(data.splitSeed)", "  prepare: \(preparation)", "  last_batch: \(data.dropsLastBatch ? "drop" : "keep")",
  ]
  let used = data.examplesUsed < 1 ? ["  examples_used: \(OptionValue(decimalOrQuotient: data.examplesUsed).text)"] : []
  let augmentation = data.augmentation.map(augmentationText).joined(separator: ", ")
  return lines + used + (augmentation.isEmpty ? [] : ["  augment: [\(augmentation)]"])
}

private func augmentationText(_ augmentation: Augmentation) -> String {
  switch augmentation {
  case .padCrop(let padding): "\(augmentation.name)(\(padding))"
  case .flipHorizontal: augmentation.name
  case .cutout(let size): "\(augmentation.name)(\(size))"
  }
}

private func sourceText(_ source: DataSettings.Source) -> String {
  func call(_ name: String, _ arguments: [(String, String?)]) -> String {
    "\(name)(" + arguments.compactMap { name, value in value.map { "\(name): \($0)" } }.joined(separator: ", ") + ")"
  }
  switch source {
  case .idx(let folder): return "idx(\(quoted(folder)))"
  case .idxFiles(let features, let labels, let testFeatures, let testLabels):
    return call(
      "idx",
      [
        ("train_features", quoted(features)), ("train_labels", quoted(labels)), ("test_features", testFeatures.map(quoted)),
        ("test_labels", testLabels.map(quoted)),
      ])
  case .csv(let files): return call("csv", tableText(files))
  case .npy(let features, let labels, let testFeatures, let testLabels):
    return call(
      "npy",
      [
        ("features", quoted(features)), ("labels", quoted(labels)), ("test_features", testFeatures.map(quoted)),
        ("test_labels", testLabels.map(quoted)),
      ])
  case .npz(let file, let features, let labels, let testFeatures, let testLabels):
    return call(
      "npz",
      [
        ("file", quoted(file)), ("features", quoted(features)), ("labels", quoted(labels)), ("test_features", testFeatures.map(quoted)),
        ("test_labels", testLabels.map(quoted)),
      ])
  case .cifar(let folder, let coarse): return call("cifar", [("folder", quoted(folder)), ("labels", coarse ? "coarse" : "fine")])
  case .cifarFiles(let train, let test, let variant):
    return call("cifar", [("train", quoted(train)), ("test", test.map(quoted)), ("variant", variant.rawValue)])
  case .images(let folder, let share):
    return call("images", [("folder", quoted(folder)), ("test_share", share.map { OptionValue(decimalOrQuotient: $0).text })])
  case .synthetic(let examples, let testExamples, let noise):
    return call("synthetic", [("examples", String(examples)), ("test_examples", String(testExamples)), ("noise", formatted(noise))])
  }
}

/// The options of `csv` as the source writes them.
private func tableText(_ files: DataSettings.TableFiles) -> [(String, String?)] {
  let options = files.options
  func list(_ columns: [CSVOptions.Column]) -> String {
    let texts = columns.map { column in
      switch column {
      case .name(let name): quoted(name)
      case .index(let number): String(number)
      case .last: "last"
      }
    }
    return texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
  }
  let header: String? =
    switch options.headerRow {
    case .automatic: nil
    case .present: "true"
    case .absent: "false"
    }
  let separator = options.separator.map { $0 == UInt8(ascii: "\t") ? "\"tab\"" : quoted(String(decoding: [$0], as: UTF8.self)) }
  return [
    ("train", quoted(files.train)), ("validation", files.validation.map(quoted)), ("test", files.test.map(quoted)),
    ("label", list(options.targets)), ("separator", separator), ("header", header), ("columns", options.columns.map(list)),
    ("leave_out", options.leftOut.isEmpty ? nil : list(options.leftOut)),
    ("categories", options.categories.isEmpty ? nil : "one_hot(\(list(options.categories)))"),
    ("missing", options.missing == .error ? nil : options.missing.rawValue),
  ]
}
