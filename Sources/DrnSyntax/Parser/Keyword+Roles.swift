extension Keyword {
  /// The unit a word names, singular or plural.
  var timeUnit: TimeUnit? {
    switch self {
    case .epoch, .epochs: .epoch
    case .step, .steps: .step
    case .data, .block, .network, .train, .import, .let, .if, .else, .repeat, .return, .from, .every, .at, .by, .except, .on, .true,
      .false, .of, .div, .mod, .and, .or, .not:
      nil
    }
  }

  /// Whether `word: value` is a setting: the word neither starts a timed entry nor can continue the value before it.
  var canNameSetting: Bool {
    switch self {
    case .data, .block, .network, .train, .import, .let, .repeat, .return, .except, .on: true
    case .if, .else, .from, .every, .at, .by, .true, .false, .of, .div, .mod, .and, .or, .not, .epoch, .epochs, .step, .steps: false
    }
  }

  /// Whether an author may have meant the word as a name of their own where a value stands.
  var canBeMeantAsName: Bool { canNameSetting || self == .at || self == .by || self == .from || self == .every }
}
