import DrnMethods

/// Times given on the command line.
enum TimeText {
  /// `3 epochs`, `3epochs`, `200 steps`.
  static func duration(_ text: String) -> Duration? {
    guard let (unit, value) = parse(text, unitFirst: false), value > 0 else { return nil }
    return Duration(unit, value)
  }

  /// `epoch 12`, `step 2500`.
  static func moment(_ text: String) -> Moment? {
    guard let (unit, value) = parse(text, unitFirst: true), value >= 0 else { return nil }
    return Moment(unit, value)
  }

  private static func parse(_ text: String, unitFirst: Bool) -> (Moment.Unit, Int)? {
    let letters = text.filter(\.isLetter).lowercased()
    let digits = text.filter(\.isNumber)
    let shape = text.filter { !$0.isWhitespace }.lowercased()
    guard let value = Int(digits), shape == (unitFirst ? letters + digits : digits + letters) else { return nil }
    switch letters {
    case "epoch", "epochs": return (.epoch, value)
    case "step", "steps": return (.step, value)
    case _: return nil
    }
  }
}
