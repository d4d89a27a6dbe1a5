import DrnDiagnostics
import DrnSource
import DrnSyntax
import DrnSystem

extension Driver {
  /// `drnc fmt`. A file with syntax errors is reported and left as it is.
  public func format(_ paths: [String], checkOnly: Bool) -> ExitStatus {
    var status = ExitStatus.success
    for path in paths {
      let result = formatOne(path, checkOnly: checkOnly)
      if result != .success { status = result }
    }
    return status
  }

  private func formatOne(_ path: String, checkOnly: Bool) -> ExitStatus {
    var sources = SourceMap()
    let bytes: [UInt8]
    switch SourceLoader.read(path) {
    case .failure(let diagnostic):
      console.report([diagnostic], sources: sources)
      return .noInput
    case .success(let read): bytes = read
    }
    let file = sources.add(name: path == "-" ? "<standard input>" : path, bytes: bytes)
    let tree = parse(file: file, bytes: bytes)
    console.report(tree.diagnostics, sources: sources)
    guard let source = sources[file], let formatted = DrnSyntax.format(tree, source: source) else { return .failure }
    if path == "-" && !checkOnly {
      console.output(String(decoding: formatted, as: UTF8.self))
      return .success
    }
    if formatted == bytes { return .success }
    if checkOnly {
      console.output("\(path)\n")
      return .failure
    }
    return replace(path, with: formatted)
  }

  /// Replaces a file at once: a reader sees the old text or the new one.
  func replace(_ path: String, with bytes: [UInt8]) -> ExitStatus {
    do throws(SystemError) {
      // Renaming over a symbolic link would replace the link and leave the file it names as it was.
      let target = try Files.resolved(path)
      guard Files.kind(target) == .regular else { return refuseToWrite(path, "it is not a regular file") }
      try Files.replace(target, with: [bytes], permissions: try Files.permissions(target))
      return .success
    } catch { return refuseToWrite(path, error.reason) }
  }

  /// Reports a file that cannot be written.
  func refuseToWrite(_ path: String, _ reason: String, help: String? = nil) -> ExitStatus {
    console.report([Diagnostic(.unwritableFile, "cannot write `\(path)`: \(reason)", at: nil, help: help)], sources: SourceMap())
    return .cannotWrite
  }
}
