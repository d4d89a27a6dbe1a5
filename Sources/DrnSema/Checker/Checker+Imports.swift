import DrnDiagnostics
import DrnSource
import DrnSyntax

extension Checker {
  /// Parses a file and everything it imports, and records the declarations: those of an imported file where its import stands. Each file is
  /// read once, and chains of imports may be of any length. The result lists files that could not be read.
  mutating func load(_ id: FileID, read: (String) -> [UInt8]?) -> [MissingFile] {
    var missing: [MissingFile] = []
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
        declarations.lacksImport = true
        let circle = open[start...].map(\.name) + [path]
        report(
          .importCycle, "`\(imported.path)` imports itself", at: imported.pathSpan, label: "leads back here",
          notes: [circle.joined(separator: " imports ")])
      } else if loaded.insert(path).inserted {
        if let bytes = read(path) {
          open += [openFile(files.add(name: path, bytes: bytes))].compactMap { $0 }
        } else {
          declarations.lacksImport = true
          missing.append(MissingFile(item: imported, path: path))
        }
      }
    }
    return missing
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
    for diagnostic in tree.diagnostics { reporter.report(diagnostic) }
    syntaxFaults.record(tree)
    return OpenFile(name: source.name, items: tree.items[...])
  }

  private mutating func declare(_ item: Item) {
    switch item {
    case .importFile: break
    case .block(let block):
      if isNew(block.name, declarations.blocks[block.name.text]?.name, "block") {
        declarations.blocks[block.name.text] = block
        declarations.blockNames.append(block.name.text)
      }
    case .network(let network):
      if isNew(network.name, declarations.networks[network.name.text]?.name, "network") {
        declarations.networks[network.name.text] = network
        declarations.networkNames.append(network.name.text)
      }
    case .data(let data):
      if isNew(data.name, declarations.dataSets[data.name.text]?.name, "data set") {
        declarations.dataSets[data.name.text] = data
        declarations.dataNames.append(data.name.text)
      }
    case .train(let item): if item.span.file == file { declarations.trainings.append(item) }
    }
  }

  private func isNew(_ name: Name, _ earlier: Name?, _ kind: String) -> Bool {
    guard let earlier else { return true }
    report(
      .duplicateDeclaration, "there are two \(kind)s called `\(name.text)`", at: name.span, label: "declared again",
      secondary: [Label(earlier.span, "first declared here")])
    return false
  }
}
