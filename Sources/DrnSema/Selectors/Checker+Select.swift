import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

extension Checker {
  /// The positions of the layers that selectors pick, in network order; selectors that match nothing are reported.
  mutating func select(_ selectors: [Selector], except exceptions: [Selector], in index: LayerIndex) -> [Int] {
    var left: Set<Int> = []
    for exception in exceptions { left.formUnion(match(exception, in: index)) }
    var picked: Set<Int> = []
    for selector in selectors {
      let found = match(selector, in: index).filter { !left.contains($0) }
      matches.append(SelectorMatch(selector: selector.text, span: selector.span, layers: found.map { index.paths[$0] }))
      picked.formUnion(found)
    }
    return picked.sorted()
  }

  private mutating func match(_ selector: Selector, in index: LayerIndex) -> [Int] {
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
