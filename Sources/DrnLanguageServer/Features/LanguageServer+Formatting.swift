import DrnJSON
import DrnSource
import DrnSyntax

extension LanguageServer {
  /// The edit that lays the document out as `drnc fmt` does; no edit for a text with syntax errors or in that layout already.
  mutating func format(_ parameters: JSON) throws(ResponseError) -> JSON {
    let snapshot = try snapshot(parameters)
    guard let tree = snapshot.tree, let source = snapshot.sources[snapshot.root], let formatted = DrnSyntax.format(tree, source: source)
    else { return .null }
    let edit = Self.difference(from: source.bytes, to: formatted)
    return .array(edit.map { FileEdits(path: "", edits: [$0], table: snapshot.table(snapshot.root)).json } ?? [])
  }

  /// The one edit between the lines both texts begin and end with, so that a cursor outside it stays where it is.
  static func difference(from old: [UInt8], to new: [UInt8]) -> TextEdit? {
    guard old != new else { return nil }
    var start = zip(old, new).prefix { $0 == $1 }.count
    while start > 0, old[start - 1] != 0x0A { start -= 1 }
    var common = zip(old[start...].reversed(), new[start...].reversed()).prefix { $0 == $1 }.count
    while common > 0, old[old.count - common - 1] != 0x0A || new[new.count - common - 1] != 0x0A { common -= 1 }
    let text = String(decoding: new[start..<(new.count - common)], as: UTF8.self)
    return TextEdit(start: start, end: old.count - common, text: text)
  }
}
