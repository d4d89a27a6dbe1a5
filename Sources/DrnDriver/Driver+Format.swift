import DrnDiagnostics
import DrnSource
import DrnSyntax
import Foundation

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
    // Renaming over a symbolic link would replace the link and leave the file it names as it was.
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    let manager = FileManager.default
    do {
      let permissions = try manager.attributesOfItem(atPath: target.path)[.posixPermissions]
      try Data(bytes).write(to: target, options: .atomic)
      if let permissions { try manager.setAttributes([.posixPermissions: permissions], ofItemAtPath: target.path) }
      return .success
    } catch {
      console.report([Diagnostic(.unwritableFile, "cannot write `\(path)`: \(reason(error))", at: nil)], sources: SourceMap())
      return .cannotWrite
    }
  }
}

/// What the operating system says about a failed write.
func reason(_ error: any Error) -> String {
  let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
  if let underlying, underlying.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(underlying.code))) }
  return error.localizedDescription
}
