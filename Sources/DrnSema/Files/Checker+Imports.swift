import DrnDiagnostics
import DrnSource
import DrnSyntax

extension Checker {
  /// Parses a file and everything it imports, and records the declarations: those of an imported file where its import stands. Each file is
  /// read once, and chains of imports may be of any length.
  mutating func load(_ id: FileID, read: (String) -> [UInt8]?) {
    var loaded: Set<String> = []
    var open = [openFile(id)].compactMap { $0 }
    while let place = open.indices.last {
      guard let item = open[place].items.popFirst() else {
        open.removeLast()
        continue
      }
      guard case .importFile(let imported) = item else {
        declare(item)
        continue
      }
      let path = importedPath(imported.path, beside: open[place].name)
      if let start = open.firstIndex(where: { $0.name == path }) {
        lacksImport = true
        let circle = open[start...].map(\.name) + [path]
        report(
          .importCycle, "`\(imported.path)` imports itself", at: imported.pathSpan, label: "leads back here",
          notes: [circle.joined(separator: " imports ")])
      } else if loaded.insert(path).inserted {
        if let bytes = read(path) {
          open += [openFile(sources.add(name: path, bytes: bytes))].compactMap { $0 }
        } else {
          lacksImport = true
          missingFiles.append(MissingFile(item: imported, path: path))
        }
      }
    }
  }

  /// A file whose declarations are being read.
  private struct OpenFile {
    let name: String
    var items: ArraySlice<Item>
  }

  private mutating func openFile(_ id: FileID) -> OpenFile? {
    guard let source = sources[id] else { return nil }
    let tree = DrnSyntax.parse(source)
    facts.trees.append(tree)
    for diagnostic in tree.diagnostics { keep(diagnostic, of: .file) }
    syntaxFaults.record(tree)
    errorCount += tree.diagnostics.count { $0.severity == .error }
    return OpenFile(name: source.name, items: tree.items[...])
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
