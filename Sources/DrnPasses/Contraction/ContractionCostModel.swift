/// The predicted time of one matrix product: arithmetic at a peak rate plus memory traffic at a bandwidth.
///
/// Kernels work on blocks, so that thin matrices cost as much as the block: columns are rounded up to whole vectors, and rows and inner
/// extents below one vector count as one, except in products of a tall matrix, one row for each pixel, with a small one. The two terms are added, which overstates products that overlap them but keeps the order of
/// any two associations the same on both sides of the balance point.
public struct ContractionCostModel: Sendable, Hashable {
  /// Floating-point operations per second of a large product.
  public var peak: Double
  /// Bytes per second between memory and kernels.
  public var bandwidth: Double
  /// Elements of one vector register.
  public var lanes: Int

  /// The defaults were measured on one Zen 5 core: 230e9 operations per second in large products and 100e9 bytes per second from the
  /// shared cache.
  public init(peak: Double = 230e9, bandwidth: Double = 100e9, lanes: Int = 16) {
    self.peak = peak
    self.bandwidth = bandwidth
    self.lanes = lanes
  }

  /// Where a matrix is tall, and how small the others of its product are.
  private static let leastTall = 2048
  private static let mostBesideTall = 64

  /// Seconds of a `rows` x `inner` times `inner` x `columns` product of `f32`.
  public func time(rows: Int, inner: Int, columns: Int) -> Double {
    let block = Double(max(1, lanes))
    let isTall = max(rows, inner) >= Self.leastTall && min(rows, inner) <= Self.mostBesideTall && columns <= Self.mostBesideTall
    let (m, k) = isTall ? (Double(rows), Double(inner)) : (max(Double(rows), block), max(Double(inner), block))
    let isThin = isTall && rows > inner && Double(columns) <= block / 2
    let n = isThin ? Double(columns) : (Double(columns) / block).rounded(.up) * block
    let bytes = 4 * (m * k + k * n + m * n)
    return 2 * m * n * k / peak + bytes / bandwidth
  }
}
