/// A JSON value as far as a safetensors header needs it: member order and duplicates are kept, integers are exact.
enum JSONValue {
  case string(String)
  /// A non-negative integer that fits in `Int`.
  case integer(Int)
  /// Any other number, `true`, `false` or `null`; no header field takes one.
  case other
  case array([JSONValue])
  case object([(name: String, value: JSONValue)])
}

/// A reason why bytes are not JSON, with the byte offset.
struct JSONError: Error {
  var reason: String
  var offset: Int
}

/// Whether two strings have the same bytes; `==` would also equate different spellings of one accented letter.
func sameBytes(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

/// Whether `left` comes before `right` byte by byte, an order independent of locale and Unicode version.
func precedes(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

/// The first name that occurs twice, or nil.
func firstDuplicate(_ names: [String]) -> String? {
  let sorted = names.sorted(by: precedes)
  return zip(sorted, sorted.dropFirst()).first { sameBytes($0, $1) }?.0
}
