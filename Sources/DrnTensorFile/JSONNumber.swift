/// A JSON number, checked against the grammar of RFC 8259 section 6.
struct JSONNumber {
  /// The value when it is written as a plain non-negative integer and fits.
  let naturalNumber: Int?

  init?(_ text: String) {
    if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text == "0" || text.utf8.first.map({ $0 != 0x30 }) == true {
      naturalNumber = Int(text)
      return
    }
    let pattern = /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/
    guard text.wholeMatch(of: pattern) != nil else { return nil }
    naturalNumber = nil
  }
}
