import DrnProgram

/// The layers of a network by path, for selectors.
struct LayerIndex {
  /// In network order.
  let paths: [String]
  private let segments: [[[UInt8]]]
  private let positions: [String: Int]

  init(_ network: Network) {
    paths = network.nodes.map(\.path)
    segments = paths.map(pathSegments)
    positions = Dictionary(paths.enumerated().map { ($1, $0) }) { first, _ in first }
  }

  /// The positions of the layers a selector matches, in network order. Without a `*` this is one look-up, else a pass over all layers.
  func matches(_ selector: String) -> [Int] {
    guard selector.contains("*") else { return positions[selector].map { [$0] } ?? [] }
    let pattern = pathSegments(selector)
    return segments.indices.filter { matchSegments(pattern[...], segments[$0][...]) }
  }

  /// Whether the selector names a group: layers lie below it, and none is called so.
  func isGroup(_ selector: String) -> Bool {
    paths.contains { $0.hasPrefix(selector + ".") || $0.hasPrefix(selector + "[") }
  }
}

/// `stage2[0].conv1` as `stage2`, `[0]`, `conv1`.
private func pathSegments(_ path: String) -> [[UInt8]] {
  var result: [[UInt8]] = []
  var current: [UInt8] = []
  for byte in path.utf8 {
    if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "[") {
      if !current.isEmpty { result.append(current) }
      current = byte == UInt8(ascii: "[") ? [byte] : []
    } else {
      current.append(byte)
    }
  }
  if !current.isEmpty { result.append(current) }
  return result
}

private let star = UInt8(ascii: "*")

/// `**` stands for any number of segments, none included. Greedy with one point of return, so linear times linear at worst.
private func matchSegments(_ pattern: ArraySlice<[UInt8]>, _ path: ArraySlice<[UInt8]>) -> Bool {
  matchWild(pattern, path, isWild: { $0 == [star, star] }, fits: { matchWild($0[...], $1[...], isWild: { $0 == star }, fits: ==) })
}

/// Matches a sequence against a pattern in which some elements stand for any run of elements.
private func matchWild<Element>(
  _ pattern: ArraySlice<Element>, _ text: ArraySlice<Element>, isWild: (Element) -> Bool, fits: (Element, Element) -> Bool
) -> Bool {
  var (at, position) = (pattern.startIndex, text.startIndex)
  var retry: (pattern: Int, text: Int)?
  while position < text.endIndex {
    if at < pattern.endIndex, isWild(pattern[at]) {
      retry = (at, position)
      at += 1
    } else if at < pattern.endIndex, fits(pattern[at], text[position]) {
      at += 1
      position += 1
    } else if let point = retry {
      retry = (point.pattern, point.text + 1)
      (at, position) = (point.pattern + 1, point.text + 1)
    } else {
      return false
    }
  }
  return pattern[at...].allSatisfy(isWild)
}
