import DrnMethods

extension OptionKind {
  /// The values the option takes, in words that follow "takes".
  public var description: String {
    switch self {
    case .integer(let range): "an integer " + bounds(Double(range.lowerBound), Double(range.upperBound))
    case .number(let range): "a number " + bounds(range.lowerBound, range.upperBound)
    case .boolean: "true or false"
    case .extents(let range, let words):
      "an integer " + bounds(Double(range.lowerBound), Double(range.upperBound)) + " or a list of two, for height and width"
        + (words.isEmpty ? "" : ", or one of " + words.map { "`\($0)`" }.joined(separator: ", "))
    case .text: "a text in quotes"
    case .word(let words): "one of " + words.map { "`\($0)`" }.joined(separator: ", ")
    case .rank: "a rank such as `64`, `1/2 of outputs` or `energy(0.99)`"
    case .moment: "a moment such as `epoch 100`"
    case .moments: "a list of moments such as `[epoch 100, epoch 130]`"
    case .duration: "a duration such as `20 epochs`"
    case .numbers(let range): "a list of numbers " + bounds(range.lowerBound, range.upperBound)
    case .words: "a list of words"
    case .columns: "the name of a column in quotes, its number from 0, or a list of these"
    case .state: "`reset`, `restart`, `carry` or `prune(keep: 0.1)`"
    case .method(let specs): "one of " + specs.map { "`\($0.name)`" }.joined(separator: ", ")
    }
  }

  private func bounds(_ low: Double, _ high: Double) -> String {
    let least = low > -Double.greatestFiniteMagnitude && low > Double(Int.min) ? formatted(low) : nil
    let most = high < Double.greatestFiniteMagnitude && high < Double(Int.max) ? formatted(high) : nil
    switch (least, most) {
    case (let least?, let most?): return "from \(least) to \(most)"
    case (let least?, nil): return "of at least \(least)"
    case (nil, let most?): return "of at most \(most)"
    case (nil, nil): return "of any size"
    }
  }
}
