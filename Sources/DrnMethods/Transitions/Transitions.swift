/// The words that stand behind `by`. A new transition is one file in this folder and one entry here.
public enum Transitions {
  public static let all: [any Transition.Type] = [BestApproximation.self]
}
