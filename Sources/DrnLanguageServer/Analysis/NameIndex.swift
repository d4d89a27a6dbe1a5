import DrnSema
import DrnSource
import DrnSyntax

/// Every word of a program that has a meaning: declarations, references, methods, options, settings.
struct NameIndex: Sendable {
  /// By file, in the order of the text.
  private let occurrences: [FileID: [Occurrence]]
  let declarations: DeclaredNames

  init(_ result: CheckResult, sources: SourceMap) {
    declarations = DeclaredNames(result.facts.trees)
    var builder = IndexBuilder(declarations: declarations, result: result, sources: sources)
    builder.run()
    occurrences = builder.occurrences.mapValues { list in list.sorted { ($0.span.start, $0.span.end) < ($1.span.start, $1.span.end) } }
  }

  /// The words of a file.
  func occurrences(in file: FileID) -> [Occurrence] { occurrences[file] ?? [] }

  /// The word at an offset; at the end of a word too, so that a cursor behind it finds it.
  func occurrence(at offset: Int, in file: FileID) -> Occurrence? {
    let list = occurrences(in: file)
    var (low, high) = (0, list.count)
    while low < high {
      let middle = (low + high) / 2
      if list[middle].span.end < offset { low = middle + 1 } else { high = middle }
    }
    let near = list[low...].prefix { $0.span.start <= offset }.filter { $0.span.end >= offset }
    return near.last { $0.span.start <= offset && offset < $0.span.end } ?? near.first
  }

  /// Every place that names a symbol, file by file in the order of the text.
  func places(of symbol: NamedSymbol) -> [Occurrence] {
    occurrences.keys.sorted().flatMap { file in occurrences(in: file).filter { $0.symbols.contains(symbol) } }
  }
}

/// The blocks, networks and data sets of all files by name; the first of a name counts.
struct DeclaredNames: Sendable {
  private(set) var blocks: [String: BlockItem] = [:]
  private(set) var networks: [String: NetworkItem] = [:]
  private(set) var dataSets: [String: DataItem] = [:]

  init(_ trees: [SyntaxTree]) {
    for item in trees.lazy.flatMap(\.items) {
      switch item {
      case .block(let block): if blocks[block.name.text] == nil { blocks[block.name.text] = block }
      case .network(let network): if networks[network.name.text] == nil { networks[network.name.text] = network }
      case .data(let data): if dataSets[data.name.text] == nil { dataSets[data.name.text] = data }
      case .importFile, .train: break
      }
    }
  }

  func block(_ name: String) -> NamedSymbol? { blocks[name].map { NamedSymbol(kind: .block, name: name, span: $0.name.span) } }
  func network(_ name: String) -> NamedSymbol? { networks[name].map { NamedSymbol(kind: .network, name: name, span: $0.name.span) } }
  func data(_ name: String) -> NamedSymbol? { dataSets[name].map { NamedSymbol(kind: .data, name: name, span: $0.name.span) } }
}
