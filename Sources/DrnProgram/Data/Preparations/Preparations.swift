import DrnMethods

/// What `prepare:` can do to examples. A new preparation is one file in this folder and one entry here.
public enum Preparations {
  /// In the order in which they are listed.
  public static let all: [any DataPreparation.Type] = [Standardize.self, LogMel.self, Unprepared.self]
}
