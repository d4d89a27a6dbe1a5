import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

extension Checker {
  /// Every network, data set and training of the file; what each training gave, by its place, and nothing for one of which nothing is known.
  mutating func checkDeclarations() -> [TrainingOutcome] {
    var reach = memory.map { _ in BlockReach(facts.trees, declarations.blocks, files) }
    let networks = checkNetworks(&reach)
    let dataSets = checkDataSets(networks)
    return declarations.trainings.enumerated().map { place, item in
      let isKnown = refer(item.network, declarations.networkNames, "network")
      let isLoaded = refer(item.data, declarations.dataNames, "data set")
      guard isKnown || isLoaded else { return TrainingOutcome() }
      return trainingOutcome(item, place: place, networks[item.network.text], dataSets[item.data.text], &reach)
    }
  }

  private mutating func checkNetworks(_ reach: inout BlockReach?) -> [String: NetworkOutcome] {
    var result: [String: NetworkOutcome] = [:]
    for name in declarations.networkNames {
      guard let item = declarations.networks[name], isWanted(item.name) else { continue }
      let outcome = networkOutcome(item, &reach)
      result[name] = outcome
      facts.networks.append(outcome.facts)
    }
    return result
  }

  private func checkDataSets(_ networks: [String: NetworkOutcome]) -> [String: CheckedData] {
    var result: [String: CheckedData] = [:]
    for name in declarations.dataNames {
      guard let item = declarations.dataSets[name], isWanted(item.name) else { continue }
      let network = declarations.trainings.first { $0.data.text == name }.flatMap { networks[$0.network.text]?.network }
      let checker = DataChecker(
        tools: tools(for: .data(name)), item: item, network: network,
        networkItem: network.flatMap { declarations.networks[$0.name] },
        balancesClasses: declarations.trainings.contains { $0.data.text == name && $0.balancesClasses }, headers: headers)
      let (data, findings) = checker.outcome()
      collector.add(findings)
      result[name] = data
    }
    return result
  }

  /// Declarations of this file are all checked, those of imported files when something refers to them.
  private func isWanted(_ name: Name) -> Bool {
    name.span.file == file || declarations.trainings.contains { $0.network.text == name.text || $0.data.text == name.text }
  }

  private func refer(_ name: Name, _ known: [String], _ kind: String) -> Bool {
    reporter.use(name.text)
    if known.contains(name.text) { return true }
    if declarations.lacksImport { return false }
    reportUnknown(.unknownDeclaration, "there is no \(kind) `\(name.text)`", name.text, at: name.span, among: known)
    return false
  }
}
