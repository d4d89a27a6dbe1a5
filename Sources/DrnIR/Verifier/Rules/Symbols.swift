struct SymbolsRule: VerifierRule {
  let id = "symbols"
  let summary = "Bounds of rank symbols start at 1 or more, definitions use earlier symbols, and types and attributes use declared ones."

  func check(_ module: Module) -> [VerifierFinding] {
    declarations(module) + module.functions.flatMap { uses(in: $0, count: module.symbols.count) }
  }

  private func declarations(_ module: Module) -> [VerifierFinding] {
    module.symbols.enumerated().flatMap { index, symbol in
      var findings: [VerifierFinding] = []
      if symbol.bounds.lowerBound < 1 { findings.append(finding("the rank r\(index) of \(symbol.name) may be below 1")) }
      guard let definition = symbol.definition else { return findings }
      if !isKnown(definition.value, count: index) { findings.append(finding("r\(index) is computed from symbols not above it")) }
      if definition.limit < 1 { findings.append(finding("the limit of r\(index) is below 1")) }
      return findings
    }
  }

  private func uses(in function: Function, count: Int) -> [VerifierFinding] {
    let types = function.values.enumerated().compactMap { index, info in
      info.type.shape.allSatisfy { isKnown($0, count: count) }
        ? nil : finding("the type \(print(info.type)) of value \(index) uses a symbol that is not declared", function)
    }
    let attributes = function.operations.enumerated().flatMap { index, operation in
      operation.attributes.entries.compactMap { entry -> VerifierFinding? in
        guard case .dimensions(let dimensions) = entry.value, !dimensions.allSatisfy({ isKnown($0, count: count) }) else { return nil }
        return finding("the attribute '\(entry.name)' uses a symbol that is not declared", function, operation: index)
      }
    }
    return types + attributes
  }

  private func isKnown(_ dimension: Dimension, count: Int) -> Bool {
    dimension.terms.allSatisfy { (0..<count).contains($0.symbol.index) }
  }
}
