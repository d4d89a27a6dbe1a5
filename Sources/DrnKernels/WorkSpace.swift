/// The work space of one operation: regions of floats, with gaps around them that nothing may write.
///
/// A gap keeps what two threads write on cache lines of their own, and is where a guarded run looks for writes outside a region.
public struct WorkSpace: Hashable, Sendable {
  /// Pieces of one size: one for each task that runs at a time, for each row or block, or a single one.
  public struct Region: BitwiseCopyable, Hashable, Sendable {
    /// Floats from the start of the work space to the first piece.
    public let offset: Int
    /// Floats of a piece.
    public let floats: Int
    /// Pieces one behind the other, with a gap after each.
    public let pieces: Int
    /// Floats from one piece to the next.
    public var step: Int { saturatedSum(roundedToBlock(floats), WorkSpace.gap) }
  }

  /// In the order of addition, which is that of their offsets; none without memory.
  public private(set) var regions: [Region] = []
  /// Floats of all regions and gaps; 0 where there is no region.
  public private(set) var floats = 0
  /// Floats of a gap: a cache line.
  public static let gap = 16

  public init() {}

  /// One region.
  public init(_ floats: Int, pieces: Int = 1) { _ = add(floats, pieces: pieces) }

  /// A region behind those there are; without any memory where it has no floats or no pieces.
  public mutating func add(_ floats: Int, pieces: Int = 1) -> Region {
    guard floats > 0, pieces > 0 else { return Region(offset: self.floats, floats: 0, pieces: 0) }
    let region = Region(offset: max(self.floats, Self.gap), floats: floats, pieces: pieces)
    self.floats = saturatedSum(region.offset, saturatedProduct(pieces, region.step))
    regions.append(region)
    return region
  }

  /// The only region of an operation that has no others.
  public var first: Region { regions.first ?? Region(offset: 0, floats: 0, pieces: 0) }

  /// At most `Int.max`.
  public var bytes: Int { saturatedProduct(floats, MemoryLayout<Float>.stride) }

  /// The floats that belong to no piece, in order.
  public var gaps: [Range<Int>] {
    var (gaps, end): ([Range<Int>], Int) = ([], 0)
    for region in regions {
      for piece in 0..<region.pieces {
        let start = region.offset + piece * region.step
        gaps.append(end..<start)
        end = start + region.floats
      }
    }
    if end < floats { gaps.append(end..<floats) }
    return gaps.filter { !$0.isEmpty }
  }
}
