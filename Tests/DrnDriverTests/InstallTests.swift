import DrnJSON
import DrnTestSupport
import Foundation
import Testing

@Suite("The manual page, completions and ./install") struct InstallTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// The commands that the argument parser has, with their long options.
  private func commands() throws -> [(name: String, options: [String])] {
    let dump = try JSON(reading: Array(try Tool.run(["--experimental-dump-help"]).output.utf8))
    return (dump["command"]?["subcommands"]?.items ?? []).compactMap { command in
      let names = (command["arguments"]?.items ?? []).flatMap { $0["names"]?.items ?? [] }.filter { $0["kind"]?.text == "long" }
      return command["commandName"]?.text.map { ($0, names.compactMap { $0["name"]?.text }) }
    }.filter { $0.name != "help" }
  }

  @Test("the manual page has every command and option, in macros of man(7) alone")
  func manual() throws {
    let page = try Tool.run(["manual"]).output
    let sections = page.components(separatedBy: "\n.SS ")
    for (name, options) in try commands() {
      let section = try #require(sections.first { $0.hasPrefix("drnc \(name.replacing("-", with: "\\-"))\n") }, "\(name)")
      for option in options { #expect(section.contains("\\fB\\-\\-\(option.replacing("-", with: "\\-"))\\fR"), "\(name) --\(option)") }
    }
    // The README has the same statuses in one sentence.
    let readme = try Repository.text("README.md").replacing("\n", with: " ")
    let statuses = try #require(page.components(separatedBy: ".SH EXIT STATUS\n").last).components(separatedBy: ".TP\n").dropFirst()
    #expect(statuses.count == 12)
    for status in statuses {
      let lines = status.split(separator: "\n")
      #expect(lines.count == 2 && readme.contains("\(lines[0]) \(lines[1])"), "\(status)")
    }
    let macros: Set<Substring> = [".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".I", ".\\\""]
    for line in page.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
      #expect(macros.contains(line.prefix { $0 != " " }), "\(line)")
    }
    // Every backslash begins an escape that is known.
    for match in page.matches(of: /\\(.)/) where !match.0.hasPrefix("\\\"") { #expect("-fe&".contains(match.1), "\(match.0)") }
    if try Tool.shell("command -v groff").status == 0 {
      try folder.write("drnc.1", page)
      let outcome = try Tool.shell("groff -man -Tutf8 -ww drnc.1 > drnc.txt", folder: folder.path)
      #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
      #expect(try folder.text("drnc.txt").contains("drnc train"))
    }
  }

  @Test("a completion script names every command, and bash reads it", arguments: ["bash", "zsh", "fish"])
  func completions(shell: String) throws {
    let script = try Tool.run(["--generate-completion-script", shell])
    #expect(script.status == 0)
    for (name, _) in try commands() { #expect(script.output.contains(name), "\(name)") }
    if shell == "bash" {
      try folder.write("drnc.bash", script.output)
      #expect(try Tool.shell("source drnc.bash && complete -p drnc", folder: folder.path).output.contains("drnc"))
    }
  }

  /// Runs `./install` where the programs of `path` are all there are beside those that every system has.
  private func install(_ arguments: String = "", with programs: [String: String]) throws -> Tool.Outcome {
    try FileManager.default.createDirectory(atPath: folder("bin"), withIntermediateDirectories: true)
    for name in ["bash", "dirname", "grep", "cat", "mkdir", "install", "id", "env"] {
      let found = try Tool.shell("command -v \(name)").output.trimmingCharacters(in: .newlines)
      try? FileManager.default.createSymbolicLink(atPath: folder("bin/\(name)"), withDestinationPath: found)
    }
    for (name, text) in programs {
      try? FileManager.default.removeItem(atPath: folder("bin/\(name)"))
      try folder.write("bin/\(name)", "#!/bin/bash\n\(text)\n")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder("bin/\(name)"))
    }
    return try Tool.shell("PATH='\(folder("bin"))' '\(Repository.url("install").path)' \(arguments)", folder: folder.path)
  }

  @Test("without apt-get a sentence says what to install, and the status is 1")
  func withoutPackages() throws {
    let outcome = try install(with: [:])
    #expect(
      outcome.status == 1 && outcome.error.contains("there is no apt-get here") && outcome.error.contains("oneDNN, OpenBLAS with LAPACK"))
  }

  @Test("without root and sudo a sentence says what to ask for, and nothing is run")
  func withoutRoot() throws {
    let outcome = try install(with: ["id": "echo 1000", "apt-get": "echo called >&2", "dpkg-query": "exit 1"])
    #expect(
      outcome.status == 1 && outcome.error.contains("apt-get install --no-install-recommends libdnnl-dev")
        && !outcome.error.contains("called"))
  }

  @Test("with root or sudo the packages that are missing are installed, and no others", arguments: [true, false])
  func installs(isRoot: Bool) throws {
    let present = #"[[ "$*" == *libpng-dev* ]] && echo "install ok installed""#
    let outcome = try install(
      with: [
        "id": "echo \(isRoot ? 0 : 1000)", "sudo": "exec \"$@\"", "apt-get": "echo apt-get \"$*\"", "dpkg-query": present,
      ])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output.contains("apt-get update") && outcome.output.contains("libdnnl-dev") && !outcome.output.contains("libpng-dev"))
  }

  @Test("--prefix copies program, manual page and completions; without Swift a sentence says what is missing")
  func prefix() throws {
    let present = ["apt-get": "exit 1", "dpkg-query": #"echo "install ok installed""#]
    let refused = try install("--prefix \(folder("usr"))", with: present)
    #expect(refused.status == 1 && refused.error.contains("there is no Swift here"))
    let tool = URL(fileURLWithPath: try #require(Tool.path)).deletingLastPathComponent().path
    let swift = "[[ \"$*\" == *--static-swift-stdlib* ]] || exit 3; [[ \"$*\" == *--show-bin-path* ]] && echo '\(tool)'; exit 0"
    let outcome = try install("--prefix '\(folder("usr"))'", with: present.merging(["swift": swift]) { $1 })
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try folder.text("usr/share/man/man1/drnc.1") == Tool.run(["manual"]).output)
    #expect(FileManager.default.isExecutableFile(atPath: folder("usr/bin/drnc")))
    for path in ["bash-completion/completions/drnc", "zsh/site-functions/_drnc", "fish/vendor_completions.d/drnc.fish"] {
      #expect(try folder.text("usr/share/" + path).contains("inspect"), "\(path)")
    }
  }

  @Test("other arguments are refused with the usage")
  func usage() throws {
    for arguments in ["--prefix", "--help", "lib"] {
      let outcome = try install(arguments, with: [:])
      #expect(outcome.status == 64 && outcome.error.contains("--prefix"), "\(arguments)")
    }
  }
}
