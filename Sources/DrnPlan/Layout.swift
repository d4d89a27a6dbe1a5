import DrnIR
import DrnKernels

/// The distance from one row of a matrix to the next, in elements, given its columns.
public typealias PitchRule = @Sendable (_ columns: Int) -> Int

/// The rule the executor uses: columns rounded up to a multiple of 16 floats (64 bytes), and 16 more where the result would be a multiple
/// of 1024 floats, because rows that start at the same offset of every 4 KiB page compete for the same cache sets.
public let alignedPitch: PitchRule = { columns in
  guard columns > 1, let rounded = roundedUp(columns, to: 16), let padded = checkedSum(rounded, 16) else { return columns }
  return rounded % 1024 == 0 ? padded : rounded
}

/// Rows without gaps.
public let tightPitch: PitchRule = { $0 }

/// How a tensor lies in memory: as a matrix of its last axis by all the others, row-major, with a row pitch.
public struct Layout: Hashable, Sendable {
  /// What one element is.
  public let element: ElementType
  /// Product of all extents but the last; 1 for vectors and scalars.
  public let rows: Int
  /// The last extent; 1 for scalars.
  public let columns: Int
  /// Elements from the start of a row to the start of the next; at least `columns`.
  public let pitch: Int
  /// Bytes from the first element to the end of the last row.
  public let bytes: Int

  /// The layout of a concrete type, or `nil` when its size is not known or cannot be counted.
  ///
  /// Only matrices are pitched: vectors, scalars and single columns have no rows to align, and tensors of three and more axes stay tight so
  /// that any reshape of them is the same memory.
  public init?(_ type: TensorType, pitch rule: PitchRule) {
    guard let extents = type.extents, extents.allSatisfy({ $0 >= 0 }) else { return nil }
    var rows = 1
    for extent in extents.dropLast() {
      guard let product = checkedProduct(rows, extent) else { return nil }
      rows = product
    }
    let columns = extents.last ?? 1
    let pitch = extents.count == 2 && columns > 1 ? max(columns, rule(columns)) : columns
    guard let elements = checkedProduct(rows, pitch), let bytes = checkedProduct(elements, type.element.bytes) else { return nil }
    (self.element, self.rows, self.columns, self.pitch, self.bytes) = (type.element, rows, columns, pitch, bytes)
  }

  /// Elements of the tensor, without the gaps between rows.
  public var count: Int { rows * columns }
  /// True when the elements follow each other without gaps.
  public var isTight: Bool { pitch == columns || rows <= 1 }
}
