import DrnSema
import DrnSource
import DrnSyntax

/// The words of a selector or of a layer's path: `stage2[0].conv1` is `stage2`, `[0]`, `conv1`.
struct SelectorWords: Sendable {
  struct Word: Sendable {
    let text: Substring
    /// UTF-8 offsets within the whole.
    let start: Int
    let end: Int
    var isLiteral: Bool { !text.contains("*") && text.first != "[" }
  }
  let words: [Word]

  init(_ text: String) {
    var words: [Word] = []
    let bytes = Array(text.utf8)
    var start = 0
    func take(_ end: Int) {
      guard end > start else { return }
      let from = text.utf8.index(text.utf8.startIndex, offsetBy: start)
      let to = text.utf8.index(text.utf8.startIndex, offsetBy: end)
      words.append(Word(text: text[from..<to], start: start, end: end))
    }
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: ".") || byte == UInt8(ascii: "[") {
      take(index)
      start = byte == UInt8(ascii: "[") ? index : index + 1
    }
    take(bytes.count)
    self.words = words
  }

  /// For each word of the pattern the word of `path` it stands for, `nil` for `**`; `nil` when the pattern does not match.
  func align(with path: SelectorWords) -> [Int?]? {
    // Paths have at most as many words as blocks may be nested, and each word is a level of the stack.
    guard words.count <= 200 else { return nil }
    var failed: Set<Pair> = []
    return align(0, path, 0, &failed)
  }

  private struct Pair: Hashable {
    let word: Int
    let place: Int
  }

  private func align(_ word: Int, _ path: SelectorWords, _ place: Int, _ failed: inout Set<Pair>) -> [Int?]? {
    guard word < words.count else { return place == path.words.count ? [] : nil }
    let pair = Pair(word: word, place: place)
    guard !failed.contains(pair) else { return nil }
    if words[word].text == "**" {
      for next in place...path.words.count {
        if let rest = align(word + 1, path, next, &failed) { return [nil] + rest }
      }
    } else if place < path.words.count, Self.fits(words[word].text, path.words[place].text),
      let rest = align(word + 1, path, place + 1, &failed)
    {
      return [place] + rest
    }
    failed.insert(pair)
    return nil
  }

  /// Whether a word matches a pattern in which `*` stands for any characters.
  static func fits(_ pattern: Substring, _ word: Substring) -> Bool {
    guard pattern.utf8.contains(UInt8(ascii: "*")) else { return pattern == word }
    let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard let first = parts.first, let last = parts.last else { return pattern == word }
    guard word.utf8.count >= first.utf8.count + last.utf8.count, word.hasPrefix(first), word.hasSuffix(last) else { return false }
    var rest = word.dropFirst(first.count).dropLast(last.count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let range = rest.firstRange(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    return true
  }
}

extension IndexBuilder {
  /// Notes for every literal word of a selector which labels it stands for.
  mutating func resolveSelectors() {
    var paths: [String: SelectorWords] = [:]
    for placed in selectors {
      guard let network = networks[placed.network], sources.text(placed.selector.span) == placed.selector.text else { continue }
      let pattern = SelectorWords(placed.selector.text)
      var found = leadingLabels(placed.selector.text, pattern, network)
      if pattern.words[found.count...].contains(where: \.isLiteral) {
        for path in matches[placed.selector.span] ?? [] {
          let words = paths[path] ?? SelectorWords(path)
          paths[path] = words
          addLabels(of: path, words, pattern, network, to: &found)
        }
      }
      for (word, symbols) in zip(pattern.words, found) where !symbols.isEmpty && word.isLiteral {
        let start = placed.selector.span.start
        add(Span(file: placed.selector.span.file, start: start + word.start, end: start + word.end), .selector(symbols))
      }
    }
  }

  /// The labels of the words before the first `*`: up to there a selector is the path it stands for.
  private func leadingLabels(_ text: String, _ pattern: SelectorWords, _ network: UnfoldedNetwork) -> [[NamedSymbol]] {
    pattern.words.prefix { !$0.text.contains("*") }.map { word in symbol(text, word.end, network).map { [$0] } ?? [] }
  }

  /// Adds the labels of a layer that the words from the first `*` on stand for.
  private func addLabels(
    of path: String, _ words: SelectorWords, _ pattern: SelectorWords, _ network: UnfoldedNetwork, to found: inout [[NamedSymbol]]
  ) {
    guard let places = pattern.align(with: words) else { return }
    while found.count < pattern.words.count { found.append([]) }
    for (index, place) in places.enumerated() {
      guard let place, pattern.words[index].isLiteral, let symbol = symbol(path, words.words[place].end, network) else { continue }
      if !found[index].contains(symbol) { found[index].append(symbol) }
    }
  }

  /// The label that named the layer or group whose path is the first `length` bytes of `path`.
  private func symbol(_ path: String, _ length: Int, _ network: UnfoldedNetwork) -> NamedSymbol? {
    let end = path.utf8.index(path.utf8.startIndex, offsetBy: length)
    return network.labels[String(path[..<end])].flatMap { named[$0] }
  }
}
