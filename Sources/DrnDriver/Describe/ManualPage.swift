import DrnJSON

/// The manual page of the tool as the macros of man(7) have it, made of what the argument parser says of commands and options.
struct ManualPage {
  /// What `--experimental-dump-help` prints: the tool with its commands.
  let tool: JSON
  let version: String

  var text: String {
    let commands = (tool["subcommands"]?.items ?? []).filter { $0["commandName"]?.text != "help" && $0["shouldDisplay"]?.flag != false }
    var lines = [
      ".\\\" Written by `drnc manual`.", ".TH DRNC 1 \"\" \"drnc \(version)\"", ".SH NAME",
      "drnc \\- " + Self.escaped(Self.sentence(tool["abstract"]?.text)), ".SH SYNOPSIS", ".B drnc", ".I command", "[\\fIoptions\\fR]",
      ".SH COMMANDS",
    ]
    for command in commands { lines += section(command) }
    lines += [".SH EXIT STATUS"] + Self.statuses.flatMap { [".TP", "\($0.0)", Self.escaped($0.1)] }
    return lines.joined(separator: "\n") + "\n"
  }

  /// As the README has them.
  private static let statuses = [
    (0, "success"), (1, "the program has errors"), (2, "training stopped because numbers left their range"), (64, "usage"),
    (65, "data that does not fit"), (66, "no such file"), (70, "a defect of drnc"), (73, "cannot write"), (130, "interrupted"),
    (143, "terminated after a clean stop"),
  ]

  private func section(_ command: JSON) -> [String] {
    let arguments = (command["arguments"]?.items ?? []).filter { $0["shouldDisplay"]?.flag != false }
    let positional = arguments.filter { $0["kind"]?.text == "positional" }
    let words = positional.map { argument -> String in
      let name = "\\fI\(Self.escaped(argument["valueName"]?.text ?? ""))\\fR" + (argument["isRepeating"]?.flag == true ? "..." : "")
      return argument["isOptional"]?.flag == true ? "[\(name)]" : name
    }
    let name = "drnc \(command["commandName"]?.text ?? "")"
    var lines = [
      ".SS \(Self.escaped(name))", (["\\fB\(Self.escaped(name))\\fR"] + words + ["[\\fIoptions\\fR]"]).joined(separator: " "), ".PP",
    ]
    lines += [command["abstract"]?.text, command["discussion"]?.text].compactMap { $0.map(Self.escaped) }
    for argument in arguments { lines += entry(argument) }
    return lines
  }

  private func entry(_ argument: JSON) -> [String] {
    let value = argument["valueName"]?.text.map { "\\fI\(Self.escaped($0))\\fR" } ?? ""
    let names = (argument["names"]?.items ?? []).compactMap { name in
      name["name"]?.text.map { "\\fB\(Self.escaped((name["kind"]?.text == "long" ? "--" : "-") + $0))\\fR" }
    }
    let head =
      argument["kind"]?.text == "positional"
      ? value : names.joined(separator: ", ") + (argument["kind"]?.text == "option" ? " " + value : "")
    var text = argument["abstract"]?.text ?? ""
    if let fallback = argument["defaultValue"]?.text { text += (text.isEmpty ? "" : " ") + "By default \(fallback)." }
    return [".TP", head] + (text.isEmpty ? [] : [Self.escaped(text)])
  }

  private static func sentence(_ text: String?) -> String {
    let text = text ?? ""
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  /// A text that no macro and no escape is read in.
  private static func escaped(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: true).map { line in
      let line = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
      return line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
    }.joined(separator: "\n")
  }
}
