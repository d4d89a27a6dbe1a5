import ArgumentParser
import DrnDriver

struct ServeEditor: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lsp", abstract: "Serves editors over standard streams (Language Server Protocol 3.17).",
    discussion: "Started by an editor. Exits 0 after `shutdown` and `exit`, 1 when the connection ends without them.")

  @Flag(help: "Accepted because editors pass it; standard streams are the only way.")
  var stdio = false

  func run() throws {
    let status = Driver(console: Console()).serveEditor()
    if status != 0 { throw ExitCode(status) }
  }
}
