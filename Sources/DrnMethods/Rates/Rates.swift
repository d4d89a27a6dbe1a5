/// The learning-rate schedules. A new schedule is one file in this folder and one entry here.
public enum Rates {
  /// Every rate that a program may name; no two have one word.
  public static let all: [any Rate.Type] = [
    ConstantRate.self, StepRate.self, CosineRate.self, LinearRate.self, ExponentialRate.self, OneCycleRate.self, PlateauRate.self,
  ]

  /// The schedule of that word.
  public static func named(_ name: String) -> (any Rate.Type)? { all.first { $0.spec.name == name } }
}
