import DrnJSON
import DrnDiagnostics
import DrnSource
import DrnSyntax

extension Driver {
  /// `drnc parse`. Prints the tree of each file, also of one with syntax errors, which are reported beside it.
  public func printTree(_ paths: [String], asJSON: Bool) -> ExitStatus {
    var status = ExitStatus.success
    for path in paths {
      let result = parseOne(path, asJSON: asJSON)
      if result != .success { status = result }
    }
    return status
  }

  private func parseOne(_ path: String, asJSON: Bool) -> ExitStatus {
    var sources = SourceMap()
    switch SourceLoader.read(path) {
    case .failure(let diagnostic):
      console.report([diagnostic], sources: sources)
      return .noInput
    case .success(let bytes):
      let name = path == "-" ? "<standard input>" : path
      let file = sources.add(name: name, bytes: bytes)
      let tree = DrnSyntax.parse(file: file, bytes: bytes)
      console.report(tree.diagnostics, sources: sources)
      console.output(asJSON ? treeLine(tree, name) : SyntaxTreeText(bytes: bytes).outline(tree.root))
      return tree.diagnostics.isEmpty ? .success : .failure
    }
  }

  private func treeLine(_ tree: SyntaxTree, _ name: String) -> String {
    var line = "{\"schema\":1,\"file\":\(JSON.string(name).encoded),\"errors\":\(tree.diagnostics.count),\"tree\":"
    SyntaxTreeText.appendJSON(tree.root, to: &line)
    return line + "}\n"
  }
}
