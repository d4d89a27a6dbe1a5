import DrnDiagnostics

extension Driver {
  /// Reports a first argument that is no subcommand, with the nearest one; `nil` if `arguments` name a known subcommand or none at all.
  public func refuseUnknownCommand(_ arguments: [String], commands: [String]) -> ExitStatus? {
    let words = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
    guard let name = words.first, !name.hasPrefix("-"), name != "help", !commands.contains(name) else { return nil }
    var text = "Error: There is no subcommand '\(name)'."
    if name.hasSuffix(".drn") {
      text += " To check a program: drnc check \(name)"
    } else if let nearest = Suggestion.nearest(to: name, in: commands) ?? commands.first(where: { $0.hasPrefix(name) }) {
      text += " Did you mean '\(nearest)'?"
    }
    console.error(
      text + "\nUsage: drnc <subcommand>, one of \(commands.joined(separator: ", "))\n  See 'drnc --help' for more information.\n")
    return .usage
  }
}
