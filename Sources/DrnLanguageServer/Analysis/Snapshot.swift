import DrnAnalysis
import DrnCompiler
import DrnDiagnostics
import DrnProgram
import DrnSema
import DrnSource
import DrnSyntax

/// One version of a document with everything the checker says about it and its imports. Never changes.
public struct Snapshot: Sendable {
  /// The text that was checked.
  public let document: TextDocument
  /// The document first, then what it imports.
  public let sources: SourceMap
  /// What the checker gave for it.
  public let result: CheckResult
  /// What the checker found, and the requirements that shapes decide and the program does not meet.
  public let diagnostics: [Diagnostic]
  /// What shapes tell of the cost of every program, in the order of the programs.
  let costs: [CostReport?]
  /// By file, like `sources.files`.
  let lines: [LineTable]
  /// The document itself.
  let root = FileID(0)

  /// Checks a document; `memory` is what its last version gave, and becomes what this one gives.
  init(
    _ document: TextDocument, encoding: PositionEncoding, headers: any DataHeaders, memory: inout DocumentMemory,
    read: (String) -> [UInt8]?
  ) {
    self.document = document
    var sources = SourceMap()
    let file = sources.add(name: DocumentURI.path(document.uri), bytes: document.bytes)
    let result = check(file: file, sources: &sources, headers: headers, memory: &memory.declarations, read: read)
    let costs = memory.costs(result)
    self.result = result
    self.sources = sources
    self.costs = costs
    lines = [document.lines] + sources.files.dropFirst().map { LineTable($0.bytes, encoding: encoding) }
    diagnostics = result.diagnostics + zip(result.programs, costs).flatMap { Self.failedRequirements($0, $1) }
  }

  /// Requirements that need no phase compiled; the others are left to `drnc check`.
  private static func failedRequirements(_ program: CheckedProgram, _ cost: CostReport?) -> [Diagnostic] {
    guard let cost, program.requirements.allSatisfy({ $0.quantity.followsFromShapes }) else { return [] }
    return checkRequirements(program, cost)
  }

  /// The tree of the document.
  var tree: SyntaxTree? { result.facts.trees.first }

  /// Whether every import could be read; one that could not may be opened later.
  var hasAllImports: Bool { !result.diagnostics.contains { $0.code == .importNotFound } }

  func path(_ file: FileID) -> String { sources[file]?.name ?? "" }

  func table(_ file: FileID) -> LineTable? {
    let index = Int(file.index)
    return lines.indices.contains(index) ? lines[index] : nil
  }

  /// A span as the protocol writes it.
  func range(_ span: Span) -> PositionRange {
    let start = Position(line: 0, character: 0)
    guard let table = table(span.file) else { return PositionRange(start: start, end: start) }
    return PositionRange(start: table.position(at: span.start), end: table.position(at: span.end))
  }

  func offset(_ position: Position) -> Int { document.lines.offset(of: position) }

  /// The file of that path, if the document is or imports it.
  func file(path: String) -> FileID? { sources.files.first { $0.name == path }?.id }
}

/// A snapshot with what was worked out from it on request.
struct Analysis {
  let snapshot: Snapshot
  private var knownIndex: NameIndex?

  init(_ snapshot: Snapshot) { self.snapshot = snapshot }

  /// What every word means.
  mutating func index() -> NameIndex {
    let index = knownIndex ?? NameIndex(snapshot.result, sources: snapshot.sources)
    knownIndex = index
    return index
  }
}

/// What the last version of a document gave, for the next one to take over where nothing changed.
struct DocumentMemory: Sendable {
  var declarations = CheckMemory()
  private var costs: [Int: CostReport] = [:]

  init() {}

  /// What shapes tell of the cost of every program; only programs that are new are priced.
  fileprivate mutating func costs(_ result: CheckResult) -> [CostReport?] {
    let found = zip(result.facts.programs, result.programs).map { number, program in
      (number, costs[number] ?? (try? CostReport(PhaseCompiler(program: program), machine: nil)))
    }
    costs = Dictionary(found.compactMap { number, cost in cost.map { (number, $0) } }) { first, _ in first }
    return found.map(\.1)
  }
}
