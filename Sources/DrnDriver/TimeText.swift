import DrnMethods
import DrnTrain

/// Times given on the command line.
enum TimeText {
  /// `3 epochs`, `3epochs`, `200 steps`, `0 steps`.
  static func duration(_ text: String) -> Duration? {
    guard let (unit, value) = parse(text, unitFirst: false), value >= 0 else { return nil }
    return Duration(unit, value)
  }

  /// `epoch 12`, `step 2500`.
  static func moment(_ text: String) -> Moment? {
    guard let (unit, value) = parse(text, unitFirst: true), value >= 0 else { return nil }
    return Moment(unit, value)
  }

  /// `5`, `5 epochs`, `10 minutes`, `30 seconds`, `1 hour`; `0` of anything is never.
  static func interval(_ text: String) -> CheckpointInterval? {
    guard let (value, word) = numberAndWord(text, numberFirst: true), (0...1_000_000).contains(value) else { return nil }
    let interval: CheckpointInterval
    switch word {
    case "", "epoch", "epochs": interval = .epochs(value)
    case "second", "seconds": interval = .seconds(value)
    case "minute", "minutes": interval = .seconds(value * 60)
    case "hour", "hours": interval = .seconds(value * 3600)
    case _: return nil
    }
    return value == 0 ? .never : interval
  }

  private static func parse(_ text: String, unitFirst: Bool) -> (Moment.Unit, Int)? {
    guard let (value, word) = numberAndWord(text, numberFirst: !unitFirst) else { return nil }
    switch word {
    case "epoch", "epochs": return (.epoch, value)
    case "step", "steps": return (.step, value)
    case _: return nil
    }
  }

  /// A number and a word in this order, with or without spaces.
  private static func numberAndWord(_ text: String, numberFirst: Bool) -> (value: Int, word: String)? {
    let word = text.filter(\.isLetter).lowercased()
    let digits = text.filter(\.isNumber)
    let shape = text.filter { !$0.isWhitespace }.lowercased()
    guard let value = Int(digits), shape == (numberFirst ? digits + word : word + digits) else { return nil }
    return (value, word)
  }
}
