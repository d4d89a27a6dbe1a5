import DrnMethods

/// Values that an option can be given, as they are written.
extension OptionSpec {
  var candidates: [String] {
    switch kind {
    case .integer(let range): return [2, 1, 3, 4, 6, 24, 30].filter(range.contains).map { "\($0)" }
    case .number(let range):
      let values = [("0.5", 0.5), ("0.1", 0.1), ("0.9", 0.9), ("1", 1), ("2", 2), ("0.01", 0.01)]
      return values.filter { range.contains($0.1) }.map(\.0)
    case .boolean: return ["true", "false"]
    case .extents(let range, let words): return words + [1, 2, 3].filter(range.contains).map { "\($0)" }
    case .text: return []
    case .word(let words): return words
    case .rank: return ["2", "1", "energy(0.6)", "full"]
    case .moment: return ["epoch 1", "step 1", "step 2"]
    case .moments: return ["[epoch 1]", "[step 1]", "[step 1, step 2]"]
    case .duration: return ["2 steps", "1 epochs", "5 steps"]
    case .numbers(let range): return range.contains(2) ? ["[1, 2]", "[2, 1]"] : ["[0.5, 0.2]", "[0.2, 0.5]"]
    case .columns: return ["\"y\"", "0"]
    case .words: return []
    case .state: return ["reset", "carry", "prune(keep: 30%)"]
    case .method(let specs): return specs.map { $0.call([:], companion: 0) }
    }
  }

  /// Whether every two values have to differ, and not only some: those that are choices and no quantities.
  var isChoice: Bool {
    switch kind {
    case .boolean, .word, .state, .method: true
    case .integer, .number, .extents, .text, .rank, .moment, .moments, .duration, .numbers, .words, .columns: false
    }
  }

  /// The one of that place, counted around.
  func candidate(_ place: Int) -> String? { candidates.isEmpty ? nil : candidates[place % candidates.count] }
}

extension MethodSpec {
  /// A call with some options given; those it needs beside them take the candidate of a place.
  func call(_ given: [String: String], companion: Int) -> String {
    let arguments = options.compactMap { option -> String? in
      if let value = given[option.name] { return argument(option, value) }
      guard option.isRequired, let value = option.candidate(companion) else { return nil }
      return argument(option, value)
    }
    return arguments.isEmpty ? name : "\(name)(\(arguments.joined(separator: ", ")))"
  }

  private func argument(_ option: OptionSpec, _ value: String) -> String {
    if case .method = option.kind, value.hasPrefix(option.name + "(") { return value }
    return "\(option.name): \(value)"
  }

  /// The companies in which an option may show what it does: alone, with other values of what is needed, and beside one other option.
  func companies(of option: OptionSpec) -> [(String) -> String] {
    let alone = [0, 1, 2, 4, 6].map { place in { (value: String) in call([option.name: value], companion: place) } }
    let others = options.filter { $0.name != option.name && !$0.isRequired }
    let paired = others.flatMap { other in
      other.candidates.prefix(3).flatMap { value in
        [0, 2].map { place in { (own: String) in call([option.name: own, other.name: value], companion: place) } }
      }
    }
    return alone + paired
  }
}
