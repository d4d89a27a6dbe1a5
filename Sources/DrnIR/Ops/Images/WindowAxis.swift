/// One axis of a moving window.
public struct WindowAxis: Hashable, Sendable {
  /// Taps.
  public let kernel: Int
  /// Elements between the first taps of neighbouring windows.
  public let stride: Int
  /// Elements between neighbouring taps; 1 where they touch.
  public let dilation: Int
  let paddingBefore: Int
  let paddingAfter: Int

  /// How many windows fit an axis of that extent: (extent + padding - dilation (kernel - 1) - 1) / stride + 1; `nil` where none fits,
  /// where a part is out of its range, or past `Int.max`.
  public func windows(over extent: Int) -> Int? {
    guard extent > 0, kernel > 0, stride > 0, dilation > 0, paddingBefore >= 0, paddingAfter >= 0, let span else { return nil }
    let (half, carry) = extent.addingReportingOverflow(paddingBefore)
    let (padded, overflow) = half.addingReportingOverflow(paddingAfter)
    if carry || overflow || padded < span { return nil }
    return (padded - span) / stride + 1
  }

  /// Whether every window over an axis of that extent holds an element that is no padding. False where that is not certain: with taps
  /// further apart than the axis is long.
  public func touchesEverywhere(over extent: Int) -> Bool {
    guard let windows = windows(over: extent), let span, kernel == 1 || dilation <= extent else { return false }
    // The start of the last window counted from the first element; it lies inside the padded axis, so that nothing overflows.
    let last = (windows - 1) * stride - paddingBefore
    return paddingBefore < span && last < extent
  }

  /// Elements from the first tap to the last.
  private var span: Int? {
    let (reach, overflow) = (kernel - 1).multipliedReportingOverflow(by: dilation)
    return overflow || reach == Int.max ? nil : reach + 1
  }
}
