import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// Finds the layers that selectors pick.
struct SelectorReader: Checking {
  let tools: Tools
  /// `nil` when the network has an error.
  let network: Network?
  /// The layers of the network.
  let index: LayerIndex?

  /// The positions of the layers that selectors pick, in network order; selectors that match nothing are reported.
  func select(_ selectors: [Selector], except exceptions: [Selector] = []) -> [Int] {
    guard let index else { return [] }
    var left: Set<Int> = []
    for exception in exceptions { left.formUnion(match(exception, in: index)) }
    var picked: Set<Int> = []
    for selector in selectors {
      let found = match(selector, in: index).filter { !left.contains($0) }
      reporter.record(SelectorMatch(selector: selector.text, span: selector.span, layers: found.map { index.paths[$0] }))
      picked.formUnion(found)
    }
    return picked.sorted()
  }

  /// A selector, a layer's name, or a list of them, as the saved names of the parameters and buffers of those layers.
  func readParameters(_ value: LocatedOption, _ name: String) -> Set<String>? {
    let items: [LocatedOption]
    if case .list(let listed) = value.value { items = listed } else { items = [value] }
    var selectors: [Selector] = []
    for item in items {
      switch item.value {
      case .word(let text), .pattern(let text): selectors.append(Selector(text: text, span: item.span))
      case .integer, .rational, .decimal, .percent, .boolean, .text, .moment, .duration, .proportion, .list, .call:
        report(
          .optionKind, "`\(name)` takes selectors, but `\(item.value.text)` is \(item.value.kindDescription)", at: item.span,
          label: item.value.kindDescription)
        return nil
      }
    }
    guard let network else { return nil }
    let errors = reporter.errorCount
    let names = select(selectors).flatMap { network.parameterNames(of: $0) }
    if names.isEmpty, reporter.errorCount == errors {
      report(.selectorWithoutMatrix, "`\(sources.text(value.span))` selects no parameter", at: value.span, label: "no parameters")
      return nil
    }
    return names.isEmpty ? nil : Set(names)
  }

  private func match(_ selector: Selector, in index: LayerIndex) -> [Int] {
    let found = index.matches(selector.text)
    guard found.isEmpty else { return found }
    if !selector.text.contains("*"), index.isGroup(selector.text) {
      let fix = FixIt("write `\(selector.text).**`", edits: [.init(selector.span, "\(selector.text).**")], confidence: .safe)
      report(
        .unmatchedSelector, "`\(selector.text)` is a group, not a layer", at: selector.span, label: "a group",
        help: "`\(selector.text).**` selects every layer in it", fixIts: [fix])
    } else if let spelled = separated(selector.text), !index.matches(spelled).isEmpty {
      let fix = FixIt("write `\(spelled)`", edits: [.init(selector.span, spelled)], confidence: .safe)
      report(
        .unmatchedSelector, "no layer is called `\(selector.text)`", at: selector.span, label: "`**` inside a word",
        help: "`**` stands for whole words between points: `\(spelled)`", fixIts: [fix])
    } else {
      let message = "no layer is called `\(selector.text)`"
      reportUnknown(
        .unmatchedSelector, message, selector.text, at: selector.span, among: index.paths,
        help: "`drnc check --selectors` lists the layers of the network")
    }
    return []
  }

  /// `stage**` as `stage.**`; `nil` when every `**` stands on its own.
  private func separated(_ text: String) -> String? {
    let words = text.split(separator: ".", omittingEmptySubsequences: false).map { word in
      word.hasSuffix("**") && word.count > 2 ? "\(word.dropLast(2)).**" : String(word)
    }
    let spelled = words.joined(separator: ".")
    return spelled == text ? nil : spelled
  }
}
