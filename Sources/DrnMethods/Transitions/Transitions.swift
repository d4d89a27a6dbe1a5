/// The words that stand behind `by`. A new transition is one file in this folder and one entry here.
public enum Transitions {
  /// In the order in which they are listed.
  public static let all: [any Transition.Type] = [BestApproximation.self]
}
