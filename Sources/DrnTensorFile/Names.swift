/// Whether two strings have the same bytes; `==` would also equate different spellings of one accented letter.
func sameBytes(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

/// Whether `left` comes before `right` byte by byte, an order independent of locale and Unicode version.
func precedes(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

/// The first name that occurs twice, or nil.
func firstDuplicate(_ names: [String]) -> String? {
  let sorted = names.sorted(by: precedes)
  return zip(sorted, sorted.dropFirst()).first { sameBytes($0, $1) }?.0
}
