/// The events that change ranks while training. A new event is one file in this folder and one entry here.
public enum RankEvents {
  /// Every event that a program may name; no two have one word.
  public static let all: [any RankEvent.Type] = [Trim.self, Grow.self]

  /// The event of that word.
  public static func named(_ name: String) -> (any RankEvent.Type)? { all.first { $0.spec.name == name } }
}
