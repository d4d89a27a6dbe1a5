extension Code {
  /// The code a person means by `DRN0301`, `301`, `rank_too_small` or `rank-too-small`; `nil` when there is none.
  public static func named(_ text: String) -> Code? {
    let (identifier, name) = (text.uppercased(), text.lowercased().replacing("-", with: "_"))
    return all.first { $0.id == identifier || String($0.number) == text || $0.name == name }
  }

  /// The nearest identifier or name among `codes` to a text that is none.
  public static func nearest(to text: String, in codes: [Code] = all) -> String? {
    let isIdentifier = text.uppercased().hasPrefix("DRN")
    let name = isIdentifier ? text.uppercased() : text.lowercased().replacing("-", with: "_")
    return Suggestion.nearest(to: name, in: codes.map { isIdentifier ? $0.id : $0.name })
  }
}
