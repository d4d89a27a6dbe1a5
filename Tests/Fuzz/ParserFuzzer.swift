import DrnDiagnostics
import DrnSource
import DrnSyntax

/// Any bytes give a tree whose tokens cover them; a right program is laid out, and laying it out again changes nothing; fixes apply.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzParser(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let source = SourceFile(id: FileID(0), name: "fuzzed.drn", bytes: bytes)
  let tree = parse(source)
  var end = 0
  for token in tree.tokens {
    precondition(token.trivia.start == end && token.span.start == token.trivia.end, "bytes are lost")
    end = token.span.end
  }
  precondition(end == count, "bytes are lost at the end")
  precondition(tree.root.children.count == tree.items.count)
  for diagnostic in tree.diagnostics { precondition((diagnostic.primary?.span.end ?? 0) <= count, "a report beyond the end") }
  _ = apply(tree.diagnostics.flatMap(\.fixIts), to: source)
  guard let formatted = format(tree, source: source) else {
    precondition(!tree.diagnostics.isEmpty, "a right program is not laid out")
    return 0
  }
  let again = SourceFile(id: FileID(0), name: "formatted.drn", bytes: formatted)
  precondition(format(parse(again), source: again) == formatted, "laying out twice is not laying out once")
  return 0
}
