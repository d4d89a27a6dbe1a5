import DrnIR

/// The module with every rank symbol replaced by a number; it has no symbols left.
///
/// `ranks` is indexed by symbol; entries of symbols that are computed from others are ignored. Throws where a rank leaves its bounds,
/// where the number of ranks is wrong, and where an extent would be negative or too large.
public func specialize(_ module: Module, ranks: [Int]) throws(IRError) -> Module {
  let numbers = try resolveRanks(of: module.symbols, ranks)
  var result = try module.mapFunctions { function throws(IRError) in
    var function = function
    for index in function.values.indices {
      let type = function.values[index].type
      function.values[index].type = TensorType(type.element, try substitute(numbers, in: type.shape, mayBeNegative: false))
    }
    for index in function.operations.indices {
      for entry in function.operations[index].attributes.entries {
        guard case .dimensions(let dimensions) = entry.value else { continue }
        function.operations[index].attributes[entry.name] = .dimensions(try substitute(numbers, in: dimensions, mayBeNegative: true))
      }
    }
    return function
  }
  result.symbols = []
  return result
}

/// The number of every symbol: given ones checked against their bounds, computed ones from the symbols above them.
public func resolveRanks(of symbols: [SymbolInfo], _ ranks: [Int]) throws(IRError) -> [Int] {
  guard ranks.count == symbols.count else { throw IRError("there are \(symbols.count) rank symbols but \(ranks.count) ranks") }
  var numbers: [Int] = []
  for (symbol, rank) in zip(symbols, ranks) {
    var number = rank
    if let definition = symbol.definition { number = min(try evaluate(definition.value, numbers), definition.limit) }
    guard symbol.bounds.contains(number) else {
      throw IRError("the rank \(number) of \(symbol.name) is outside \(symbol.bounds.lowerBound)...\(symbol.bounds.upperBound)")
    }
    numbers.append(number)
  }
  return numbers
}

private func substitute(_ numbers: [Int], in dimensions: [Dimension], mayBeNegative: Bool) throws(IRError) -> [Dimension] {
  var result: [Dimension] = []
  for dimension in dimensions {
    let number = try evaluate(dimension, numbers)
    if number < 0, !mayBeNegative { throw IRError("the extent \(print(dimension)) becomes \(number)") }
    result.append(Dimension(number))
  }
  return result
}

/// The number of a dimension, with overflow as an error.
private func evaluate(_ dimension: Dimension, _ numbers: [Int]) throws(IRError) -> Int {
  var sum = dimension.constant
  for term in dimension.terms {
    guard numbers.indices.contains(term.symbol.index) else { throw IRError("r\(term.symbol.index) has no number yet") }
    let (product, overflow) = term.coefficient.multipliedReportingOverflow(by: numbers[term.symbol.index])
    let (next, carry) = sum.addingReportingOverflow(product)
    if overflow || carry { throw IRError("the extent \(print(dimension)) is too large") }
    sum = next
  }
  return sum
}
