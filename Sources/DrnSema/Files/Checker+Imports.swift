import DrnDiagnostics
import DrnSource
import DrnSyntax

extension Checker {
  /// Parses a file and everything it imports, and records the declarations. Each file is read once.
  mutating func load(_ id: FileID, imports: inout Imports, read: (String) -> [UInt8]?) {
    guard let source = sources[id] else { return }
    let tree = DrnSyntax.parse(source)
    facts.trees.append(tree)
    for diagnostic in tree.diagnostics { keep(diagnostic, of: .file) }
    syntaxFaults.record(tree)
    errorCount += tree.diagnostics.count { $0.severity == .error }
    imports.open.append(source.name)
    defer { imports.open.removeLast() }
    for item in tree.items {
      if case .importFile(let item) = item { load(item, from: source.name, imports: &imports, read: read) } else { declare(item) }
    }
  }

  /// The files read so far, and those whose imports are being followed.
  struct Imports {
    var loaded: Set<String> = []
    var open: [String] = []
    /// Longer chains are refused; each file of a chain is one level of the checker's stack.
    static let maximumDepth = 50
  }

  private mutating func load(_ item: ImportItem, from importer: String, imports: inout Imports, read: (String) -> [UInt8]?) {
    let path = importedPath(item.path, beside: importer)
    guard !imports.open.contains(path), imports.open.count < Imports.maximumDepth else {
      lacksImport = true
      report(
        .importCycle, "`\(item.path)` imports itself", at: item.pathSpan, label: "leads back here",
        notes: [(imports.open + [path]).joined(separator: " imports ")])
      return
    }
    guard imports.loaded.insert(path).inserted else { return }
    guard let bytes = read(path) else {
      lacksImport = true
      return missingFiles.append(MissingFile(item: item, path: path))
    }
    load(sources.add(name: path, bytes: bytes), imports: &imports, read: read)
  }

  private mutating func declare(_ item: Item) {
    switch item {
    case .importFile: break
    case .block(let block):
      if isNew(block.name, blocks[block.name.text]?.name, "block") {
        blocks[block.name.text] = block
        blockNames.append(block.name.text)
      }
    case .network(let network):
      if isNew(network.name, networks[network.name.text]?.name, "network") {
        networks[network.name.text] = network
        networkNames.append(network.name.text)
      }
    case .data(let data):
      if isNew(data.name, dataSets[data.name.text]?.name, "data set") {
        dataSets[data.name.text] = data
        dataNames.append(data.name.text)
      }
    case .train(let item): if item.span.file == file { trainings.append(item) }
    }
  }

  private mutating func isNew(_ name: Name, _ earlier: Name?, _ kind: String) -> Bool {
    guard let earlier else { return true }
    report(
      .duplicateDeclaration, "there are two \(kind)s called `\(name.text)`", at: name.span, label: "declared again",
      secondary: [Label(earlier.span, "first declared here")])
    return false
  }
}
