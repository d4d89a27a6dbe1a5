import DrnMethods

/// What `examples_used:` can leave of the training split, beside a share of it. A new subset is one file in this folder and one entry here.
public enum Subsets {
  /// In the order in which they are listed.
  public static let all: [any DataSubset.Type] = [LongTail.self]
}
