import DrnDiagnostics
import DrnSource
import DrnSyntax

/// Where the syntax of the program is wrong, to tell which findings of the checker only follow from that.
///
/// What the parser could not read is missing from the tree or stands in another place; a finding about either would name as wrong
/// what the author wrote right.
struct SyntaxFaults {
  /// The entries or statements that a fault touches; the whole declaration when the fault is in its header.
  private var touched: [Span] = []
  /// The declarations with a fault.
  private var broken: [Span] = []

  mutating func record(_ tree: SyntaxTree) {
    for diagnostic in tree.diagnostics where diagnostic.severity == .error {
      guard let place = diagnostic.primary?.span.start else { continue }
      let around = tree.items.filter { $0.span.start <= place && place <= $0.span.end }
      // Between two declarations either may have lost a part.
      let items = around.isEmpty ? neighbours(of: place, tree.items.map(\.span)) : around.map(\.span)
      broken += items
      if around.isEmpty { touched += items }
      for item in around { touched.append(Self.part(of: item, at: place)) }
    }
  }

  private func neighbours(of place: Int, _ spans: [Span]) -> [Span] {
    [spans.last { $0.end <= place }, spans.first { $0.start >= place }].compactMap { $0 }
  }

  /// From the entry that begins before a place to the one that ends after it.
  private static func part(of item: Item, at place: Int) -> Span {
    let parts = parts(of: item)
    guard let first = parts.last(where: { $0.start <= place }) else { return item.span }
    let last = parts.first { $0.end >= place } ?? item.span
    return Span(file: first.file, start: first.start, end: max(first.end, last.end))
  }

  private static func parts(of item: Item) -> [Span] {
    switch item {
    case .importFile(let item): [item.span]
    case .data(let item): item.entries.map(\.span)
    case .train(let item): item.entries.map(\.span)
    case .block(let item): item.body.map(\.span)
    case .network(let item): item.body.map(\.span)
    }
  }

  /// Whether a finding of the checker only follows from a fault.
  func explain(_ diagnostic: Diagnostic) -> Bool {
    guard !broken.isEmpty, let span = diagnostic.primary?.span, !diagnostic.code.traits.contains(.syntax) else { return false }
    if touched.contains(where: { Self.meet($0, span) }) { return true }
    let isInside = broken.contains { Self.meet($0, span) }
    if isInside && diagnostic.code.traits.contains(.absence) { return true }
    return diagnostic.code.traits.contains(.disagreement) && broken.contains { !Self.meet($0, span) }
  }

  private static func meet(_ left: Span, _ right: Span) -> Bool {
    left.file == right.file && left.start <= right.end && right.start <= left.end
  }
}
