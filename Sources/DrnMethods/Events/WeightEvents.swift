/// The events that change weights while training. A new event is one file in this folder and one entry here.
public enum WeightEvents {
  /// Every event that a program may name; no two have one word.
  public static let all: [any WeightEvent.Type] = [Trim.self, Grow.self, Mutate.self, ShrinkPerturb.self]

  /// The event of that word.
  public static func named(_ name: String) -> (any WeightEvent.Type)? { all.first { $0.spec.name == name } }
}
