import DrnIR

/// Rows of few columns, taken several at a time as one long row, with what is the same in every row repeated as often.
///
/// A map over rows of 16 floats would spend its time between the rows.
public struct RowExpansion: BitwiseCopyable, Hashable, Sendable {
  /// Rows taken together.
  public let rows: Int
  /// Floats of them.
  public let width: Int

  /// `nil` where rows are long enough.
  public init?(columns: Int) {
    guard columns > 0, columns <= Self.narrow else { return nil }
    rows = Self.target / columns
    width = rows * columns
  }

  private static let narrow = 256
  private static let target = 1024

  /// Room for so many rows that are repeated: a piece for each; nothing where rows are long enough.
  public static func workSpace(columns: Int, repeated: Int) -> (rows: WorkSpace.Region, whole: WorkSpace) {
    var whole = WorkSpace()
    let rows = whole.add(RowExpansion(columns: columns)?.width ?? 0, pieces: repeated)
    return (rows, whole)
  }
}

/// Row vectors among the operands of a map or of a fused function.
func rowOperands(_ operation: Operation) -> Int {
  (operation.attributes.integers("kinds") ?? []).count { $0 == OperandKind.row.rawValue }
}
