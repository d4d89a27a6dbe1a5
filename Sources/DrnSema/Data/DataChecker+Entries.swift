import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// Entries of a data set that are not there, and what a network trained on it says they may be.
extension DataChecker {
  func reportMissingInput() {
    let parameter = networkItem?.parameters.first { isTensor($0.type) }
    let fixes = network.flatMap { network in
      parameter.map { edits.adding("\($0.name.text): \(network.inputType)", to: item.entries) }
    }
    report(
      .missingEntry, "`\(item.name.text)` does not say what an example is", at: item.name.span, label: "no tensor entry",
      help: "declare it by name and shape, for instance `image: tensor[1, 28, 28]`", fixIts: fixes ?? [])
  }

  /// A fix that adds the label to which the result of a network fits.
  func declaringLabel() -> [FixIt] {
    guard let network, network.outputShape.count == 1, let length = network.outputShape.first else { return [] }
    return edits.adding(length > 1 ? "label: class(\(length))" : "label: tensor[1]", to: item.entries)
  }

  private func isTensor(_ type: Expression) -> Bool {
    guard case .index(let base, _) = type.kind, case .name(let name) = base.kind else { return false }
    return ["tensor", "tokens"].contains(name)
  }
}
