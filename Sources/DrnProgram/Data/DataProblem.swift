import DrnData
import DrnDiagnostics

/// What is wrong with data files that are there.
public enum DataProblem: Hashable, Sendable {
  /// They cannot be read, or are of another format or kind.
  case unreadable
  /// One is cut short or damaged.
  case damaged
  /// Images differ in size.
  case mixedSizes
  /// There are no examples.
  case empty
  /// A label is none of the classes.
  case labelRange

  /// The problem that an error of reading shows.
  public init(_ kind: DataError.Kind) {
    switch kind {
    case .truncated, .corrupt: self = .damaged
    case .mixedSizes: self = .mixedSizes
    case .empty: self = .empty
    case .labelOutOfRange: self = .labelRange
    case .missingFile, .unreadable, .wrongMagic, .sizeMismatch, .unsupported, .tooLarge, .options: self = .unreadable
    }
  }

  /// The code it is reported with.
  public var code: Code {
    switch self {
    case .unreadable: .dataUnreadable
    case .damaged: .dataDamaged
    case .mixedSizes: .mixedImageSizes
    case .empty: .dataEmpty
    case .labelRange: .labelRange
    }
  }
}
