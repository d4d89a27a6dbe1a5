/// What is to be learned from a data set.
public enum LearningTask: String, CaseIterable, Sendable {
  /// One of several classes.
  case classification
  /// Real numbers.
  case regression
}

/// The most classes a label can name.
let largestClassCount = 1 << 24
