/// Where a value of `--set` goes: `train.length`, `train.optimizer.momentum`, `train.weights[fc2].rank`, `train.weights[fc2][1].from`,
/// `mlp.fc1.outputs`.
struct OverridePath {
  /// A name, and what stands in brackets behind it.
  struct Segment {
    let name: String
    let brackets: [String]
  }
  /// `train`, `data`, or the name of a network.
  let owner: String
  /// At least one.
  let segments: [Segment]

  /// `nil` where the text is no such path.
  init?(_ text: String) {
    var parts: [Segment] = []
    var rest = text[...]
    while true {
      let name = rest.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
      guard !name.isEmpty else { return nil }
      rest = rest[name.endIndex...]
      var brackets: [String] = []
      while rest.first == "[" {
        // A selector may have brackets of its own: `stage2[0].conv1`.
        var depth = 0
        guard
          let end = rest.firstIndex(where: { character in
            depth += character == "[" ? 1 : character == "]" ? -1 : 0
            return depth == 0
          })
        else { return nil }
        brackets.append(rest[rest.index(after: rest.startIndex)..<end].filter { $0 != " " })
        rest = rest[rest.index(after: end)...]
      }
      parts.append(Segment(name: String(name), brackets: brackets))
      guard rest.first == "." else { break }
      rest = rest.dropFirst()
    }
    guard rest.isEmpty, parts.count > 1, parts[0].brackets.isEmpty else { return nil }
    owner = parts[0].name
    segments = Array(parts.dropFirst())
  }
}
