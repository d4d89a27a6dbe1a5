/// Cuts a text into words as GPT-2 does, so that no token goes over the end of one:
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+` (Radford et al. 2019).
struct WordSplitting {
  private enum Kind { case letter, number, space, other }

  private static let endings: [[Unicode.Scalar]] = ["s", "t", "re", "ve", "m", "ll", "d"].map { Array($0.unicodeScalars) }
  private let text: ArraySlice<Unicode.Scalar>

  init(_ text: ArraySlice<Unicode.Scalar>) { self.text = text }

  /// The end of the word that begins at an index of the text.
  func end(from start: Int) -> Int {
    if text[start] == "'", let ending = Self.endings.first(where: { text[(start + 1)...].starts(with: $0) }) {
      return start + 1 + ending.count
    }
    // One space before a word belongs to it.
    let first = text[start] == " " && start + 1 < text.endIndex ? start + 1 : start
    let kind = Self.kind(text[first])
    if kind != .space { return run(of: kind, from: first) }
    let end = run(of: .space, from: start)
    // The last of several spaces is left to the word behind them.
    return end < text.endIndex && end - start > 1 ? end - 1 : end
  }

  private func run(of kind: Kind, from start: Int) -> Int {
    text[start...].firstIndex { Self.kind($0) != kind } ?? text.endIndex
  }

  private static func kind(_ character: Unicode.Scalar) -> Kind {
    if character.isASCII {
      switch character {
      case "a"..."z", "A"..."Z": return .letter
      case "0"..."9": return .number
      case " ", "\t"..."\r": return .space
      case _: return .other
      }
    }
    let category = character.properties.generalCategory
    if letters.contains(category) { return .letter }
    if numbers.contains(category) { return .number }
    return character.properties.isWhitespace ? .space : .other
  }

  private static let letters: [Unicode.GeneralCategory] = [
    .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
  ]
  private static let numbers: [Unicode.GeneralCategory] = [.decimalNumber, .letterNumber, .otherNumber]
}
