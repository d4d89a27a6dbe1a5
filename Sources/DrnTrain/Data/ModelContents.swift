import DrnData
import DrnJSON
import DrnProgram

/// What `model.json` says, read back: how an example becomes the input of a network and what its outputs are.
package struct ModelContents: Sendable {
  /// The name of the network.
  package let network: String
  /// The shape of one example.
  package let inputShape: [Int]
  /// What the tokens of an example stand for, by number; `nil` where examples are made of numbers.
  package let vocabulary: [String]?
  /// The columns of a table, with those that were learned; `nil` where the examples were none.
  package let table: TableDescription?
  /// What takes the place of missing values.
  package let fill: MeanFill?
  /// What is done to the values of an example.
  package let preparation: Preparation?
  /// The names of the classes, by number; `nil` where there are no names, or no classes.
  package let classNames: [String]?
  /// What the files of the examples said of themselves.
  package let facts: DataFacts
  /// The source of the examples they are of, as `config.txt` has it.
  package let source: String

  /// Reads it; throws a sentence about the first member that is missing or is something else.
  package init(_ json: JSON) throws(Fault) {
    guard json["format"]?.whole == ModelDescription.format else { throw Fault("is of a format that this drnc does not read") }
    guard let network = json["network"]?.text, let input = json["input"], let output = json["output"] else {
      throw Fault("lacks `network`, `input` or `output`")
    }
    guard let shape = Self.integers(input["shape"]), !shape.isEmpty, let elements = checkedElements(shape) else {
      throw Fault("has no `input.shape`")
    }
    self.network = network
    inputShape = shape
    vocabulary = try Self.texts(input, "vocabulary")
    classNames = try Self.texts(output, "classes")
    let targets = try Self.texts(output, "columns")
    table = try Self.table(input, targets: targets, classes: classNames)
    if let missing = input["missing"] {
      guard let means = Self.numbers(missing["means"]), means.count == elements else {
        throw Fault("has no `input.missing.means` of \(elements) values")
      }
      fill = MeanFill(values: means.map { Float($0) })
    } else {
      fill = nil
    }
    preparation = try input["prepare"].map { json throws(Fault) in try Self.preparation(json, shape) }
    facts = try Self.facts(json, shape, targets: targets?.count)
    guard let source = json[["data", "source"]]?.text else { throw Fault("lacks `data.source`, which earlier versions did not write") }
    self.source = source
  }

  /// What is wrong with a description, in words that follow the name of its file.
  package struct Fault: Error {
    package let message: String
    init(_ message: String) { self.message = message }
  }

  private static func table(_ input: JSON, targets: [String]?, classes: [String]?) throws(Fault) -> TableDescription? {
    guard let columns = input["columns"] else { return nil }
    guard let items = columns.items, let targets else { throw Fault("has columns of features without `output.columns`") }
    var features: [TableDescription.Feature] = []
    for item in items {
      guard let name = item["name"]?.text else { throw Fault("has a column without a name") }
      features.append(TableDescription.Feature(name: name, levels: try texts(item, "levels")))
    }
    return TableDescription(features: features, targets: targets, classes: classes)
  }

  private static func preparation(_ json: JSON, _ shape: [Int]) throws(Fault) -> Preparation {
    guard let sharing = json["per"]?.text.flatMap(Preparation.Sharing.init), let mean = numbers(json["mean"]),
      let inverse = numbers(json["inverse_deviation"]), let elements = checkedElements(shape)
    else { throw Fault("has an `input.prepare` without `per`, `mean` and `inverse_deviation`") }
    let (run, count) = sharing.groups(of: shape)
    guard mean.count == count, inverse.count == count else { throw Fault("has an `input.prepare` that is not for examples of \(shape)") }
    let groups = (0..<elements).map { $0 / run % count }
    guard
      let preparation = Preparation(mean: groups.map { mean[$0] }, inverseDeviation: groups.map { inverse[$0] }, elements: elements)
    else { throw Fault("has an `input.prepare` that is not for examples of \(shape)") }
    return preparation
  }

  private static func facts(_ json: JSON, _ shape: [Int], targets: Int?) throws(Fault) -> DataFacts {
    let data = json["data"]
    let isRegression = json[["output", "kind"]]?.text == "values"
    let width = isRegression ? integers(json[["output", "shape"]])?.last : nil
    var facts = DataFacts(
      examples: data?["examples"]?.whole ?? 0, shape: shape, classes: data?["classes"]?.whole,
      hasExactClasses: data?["classes"] != nil, targets: width)
    guard facts.examples > 0 else { throw Fault("lacks `data.examples`") }
    facts.classesPresent = data?["classes_present"]?.whole
    facts.classCounts = integers(data?["class_counts"])
    facts.vocabulary = data?["vocabulary"]?.whole
    return facts
  }

  private static func texts(_ json: JSON, _ name: String) throws(Fault) -> [String]? {
    guard let value = json[name] else { return nil }
    guard let items = value.items, case let texts = items.compactMap(\.text), texts.count == items.count, !texts.isEmpty else {
      throw Fault("has a `\(name)` that is no list of names")
    }
    return texts
  }

  private static func integers(_ json: JSON?) -> [Int]? {
    guard let items = json?.items, case let numbers = items.compactMap(\.whole), numbers.count == items.count else { return nil }
    return numbers
  }

  private static func numbers(_ json: JSON?) -> [Double]? {
    guard let items = json?.items else { return nil }
    let numbers = items.compactMap { item -> Double? in
      switch item {
      case .number(let value): value.isFinite ? value : nil
      case .integer(let value): Double(value)
      case .null, .boolean, .string, .array, .object: nil
      }
    }
    return numbers.count == items.count ? numbers : nil
  }
}

/// The product of sizes above 0 that could be those of an example; `nil` for others.
private func checkedElements(_ shape: [Int]) -> Int? {
  var product = 1
  for size in shape {
    let (next, overflow) = product.multipliedReportingOverflow(by: size)
    guard size > 0, !overflow, next <= 1 << 32 else { return nil }
    product = next
  }
  return product
}
