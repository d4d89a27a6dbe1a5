/// The losses. A new loss is one file in this folder and one entry here.
public enum Losses {
  /// Every loss that a program may name; no two have one word.
  public static let all: [any Loss.Type] = [CrossEntropy.self, MeanSquaredError.self, Huber.self]

  /// The loss of that word.
  public static func named(_ name: String) -> (any Loss.Type)? { all.first { $0.spec.name == name } }
}
