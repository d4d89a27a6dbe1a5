extension Dimension {
  /// The extent in a message: `64`, `r0`, `2 * r0 + 3`; `r0` is the rank symbol of index 0.
  var message: String {
    if let value { return "\(value)" }
    var text = ""
    for term in terms {
      let magnitude = term.coefficient.magnitude
      let factor = magnitude == 1 ? "r\(term.symbol.index)" : "\(magnitude) * r\(term.symbol.index)"
      if text.isEmpty {
        text = term.coefficient < 0 ? "-" + factor : factor
      } else {
        text += (term.coefficient < 0 ? " - " : " + ") + factor
      }
    }
    if constant != 0 { text += (constant < 0 ? " - " : " + ") + "\(constant.magnitude)" }
    return text
  }
}

extension [Dimension] {
  /// The shape in a message: `[64, r0]`.
  var message: String { "[" + map(\.message).joined(separator: ", ") + "]" }
}

extension TensorType {
  /// The type in a message: `f32[64, r0]`.
  var message: String { element.rawValue + shape.message }
}
