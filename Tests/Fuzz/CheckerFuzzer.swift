import DrnDiagnostics
import DrnSema
import DrnSource

/// Any bytes end in diagnostics or in programs, and every renderer can show the diagnostics.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzChecker(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var sources = SourceMap()
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let file = sources.add(name: "fuzzed.drn", bytes: bytes)
  let result = check(file: file, sources: &sources, options: CheckOptions()) { _ in nil }
  let hasErrors = result.diagnostics.contains { $0.severity == .error }
  precondition(!hasErrors || result.programs.isEmpty, "a wrong program is a program")
  _ = renderPlain(result.diagnostics, sources: sources)
  _ = renderJSON(result.diagnostics, sources: sources)
  _ = renderGitHub(result.diagnostics, sources: sources)
  _ = renderTerminal(result.diagnostics, sources: sources, options: RenderOptions(color: true, unicode: true, width: 80))
  return 0
}
