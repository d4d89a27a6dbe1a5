import DrnDiagnostics
import DrnMethods

/// What the command line changes about a check.
public struct CheckOptions: Sendable {
  /// `--set train.length=3epochs`: a setting replaced or added.
  public struct Override: Hashable, Sendable {
    /// `train.length`, `data.source`.
    public let key: String
    /// The value as the user wrote it.
    public let value: String
    public init(key: String, value: String) {
      self.key = key
      self.value = value
    }
    /// Reads `key=value`; `nil` without a key or an equals sign.
    public init?(_ text: String) {
      guard let sign = text.firstIndex(of: "="), sign != text.startIndex else { return nil }
      self.init(key: String(text[..<sign]), value: String(text[text.index(after: sign)...]))
    }
  }

  /// A positive share by which every time of the program is scaled.
  public struct Share: Hashable, Sendable {
    /// At least 1 and at most the denominator.
    public let numerator: Int
    /// At least 1.
    public let denominator: Int
    /// `nil` unless the quotient is above 0 and at most 1.
    public init?(_ numerator: Int, _ denominator: Int) {
      guard numerator > 0, denominator > 0, numerator <= denominator else { return nil }
      self.numerator = numerator
      self.denominator = denominator
    }
    /// Reads `1/50`; `nil` unless it is a quotient above 0 and at most 1.
    public init?(_ text: String) {
      let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
      guard parts.count == 2, let numerator = parts[0], let denominator = parts[1] else { return nil }
      self.init(numerator, denominator)
    }
    /// `value` scaled and rounded down, at least 1 when it was; unchanged when the product overflows.
    func scale(_ value: Int) -> Int {
      let (product, overflow) = value.multipliedReportingOverflow(by: numerator)
      return overflow || value <= 0 ? value : max(1, product / denominator)
    }
  }

  /// What `--set` binds, in order.
  public var overrides: [Override] = []
  /// The share that every time of the program is scaled by.
  public var shorten: Share?
  /// Training stops early; the program itself is unchanged.
  public var stopAfter: Duration?
  /// Takes the place of `seed:`.
  public var seed: UInt64?
  /// Levels of lints; they hold over those of the source.
  public var levels = LintLevels()
  public init(overrides: [Override] = [], shorten: Share? = nil, stopAfter: Duration? = nil, seed: UInt64? = nil) {
    self.overrides = overrides
    self.shorten = shorten
    self.stopAfter = stopAfter
    self.seed = seed
  }
}
