import DrnDiagnostics
import DrnSema
import DrnSource
import DrnSyntax

/// One wrong token.
enum Fault: CaseIterable {
  case drop, double, swap
}

/// A program as tokens, each with the space before it, into which faults are put.
struct FaultySource {
  struct Piece {
    var space: String
    var text: String
    /// Which declaration the token is part of.
    let declaration: Int
    /// Whether it is where a fault is: a copy, a token that changed places, or a neighbour of one left out.
    var isFault = false
  }

  private(set) var pieces: [Piece]
  let tail: String

  init(_ text: String) {
    let bytes = Array(text.utf8)
    let tree = parse(file: FileID(0), bytes: bytes)
    func written(_ span: Span) -> String { String(decoding: bytes[span.start..<span.end], as: UTF8.self) }
    pieces = tree.tokens.dropLast().map { token in
      let declaration = tree.items.firstIndex { $0.span.start <= token.span.start && token.span.end <= $0.span.end } ?? 0
      return Piece(space: written(token.trivia), text: written(token.span), declaration: declaration)
    }
    tail = tree.tokens.last.map { written($0.trivia) } ?? ""
  }

  var text: String { pieces.map { $0.space + $0.text }.joined() + tail }

  /// Puts a fault at the token of an index, which must not be the last.
  func with(_ fault: Fault, at index: Int) -> FaultySource {
    var changed = self
    switch fault {
    case .drop:
      changed.pieces.remove(at: index)
      // What stood around the token may not grow together.
      if changed.pieces[index].space.isEmpty { changed.pieces[index].space = pieces[index].space }
      changed.pieces[index].isFault = true
      if index > 0 { changed.pieces[index - 1].isFault = true }
    case .double:
      changed.pieces[index].isFault = true
      var copy = changed.pieces[index]
      copy.space = " "
      changed.pieces.insert(copy, at: index + 1)
    case .swap:
      let first = pieces[index].text
      changed.pieces[index].text = pieces[index + 1].text
      changed.pieces[index + 1].text = first
      changed.pieces[index].isFault = true
      changed.pieces[index + 1].isFault = true
    }
    return changed
  }

  mutating func replace(_ index: Int, by text: String) { pieces[index].text = text }

  /// Says that a token is a fault.
  mutating func mark(_ index: Int) { pieces[index].isFault = true }

  /// The bytes in which a report is at most one token away from the faults of a declaration.
  func neighbourhoods(of declaration: Int) -> [Range<Int>] {
    var place = 0
    let spans = pieces.map { piece in
      let start = place + piece.space.utf8.count
      place = start + piece.text.utf8.count
      return start..<place
    }
    return pieces.indices.filter { pieces[$0].isFault && pieces[$0].declaration == declaration }.map { index in
      spans[max(0, index - 1)].lowerBound..<spans[min(index + 1, spans.count - 1)].upperBound
    }
  }
}

extension Checked {
  var errors: [Diagnostic] { result.diagnostics.filter { $0.severity == .error } }
}
