import DrnMethods
import DrnSource
import Testing

/// A span for options made in tests.
public let testSpan = Span(file: FileID(0), start: 0, end: 0)

/// The form of that word with its options at their defaults but those given.
public func form(_ name: String, rank: Int? = nil, _ options: [String: OptionValue] = [:]) -> any Parameterization {
  let type = named(name, Parameterizations.named, or: Dense.self)
  let ranked = rank.map { ["rank": OptionValue.integer($0)] } ?? [:]
  return type.init(options: Options(defaultsOf: type.spec).replacing(options.merging(ranked) { _, new in new }))
}

/// The update of that word with its options at their defaults but those given.
public func update(_ name: String, _ options: [String: OptionValue] = [:]) -> any Update {
  let type = named(name, Updates.named, or: SGD.self)
  return type.init(options: Options(defaultsOf: type.spec).replacing(options))
}

/// The layer of that word with its options at their defaults but those given.
public func layer(_ name: String, _ options: [String: OptionValue] = [:]) -> any Layer {
  let type = named(name, Layers.named, or: Flatten.self)
  return type.init(options: Options(defaultsOf: type.spec).replacing(options))
}

/// The method of that word; another one, and an issue, where there is none.
private func named<Method>(_ name: String, _ find: (String) -> Method?, or other: Method) -> Method {
  if let method = find(name) { return method }
  Issue.record("there is no method `\(name)`")
  return other
}

/// The words of the forms that a linear layer of a few inputs and outputs may have.
public let matrixForms = Parameterizations.all.map { $0.spec.name }.filter { word in
  form(word, rank: 1).obstacle(WeightShape(inputs: 7, outputs: 5)) == nil
}

/// Whether a form of that word has a rank, its other options at their defaults.
public func hasRank(_ word: String) -> Bool { form(word, rank: 1).rank != nil }
