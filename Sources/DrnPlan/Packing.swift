import DrnKernels

/// A buffer of the temporary region: its size and the times at which it is in use.
struct Buffer {
  var bytes: Int
  var lifetime: ClosedRange<Int>
}

/// Gives every buffer an offset so that buffers in use at the same time do not overlap.
///
/// Best fit, largest first: each buffer goes into the smallest gap it fits between those already placed that live at the same time, the
/// lowest of equal gaps. Returns the offsets and the end of the highest buffer; `nil` past `Int.max`.
func packBuffers(_ buffers: [Buffer]) -> (offsets: [Int], end: Int)? {
  let order = buffers.indices.sorted { (buffers[$1].bytes, $0) < (buffers[$0].bytes, $1) }
  var offsets = Array(repeating: 0, count: buffers.count)
  var placed: [Int] = []
  var end = 0
  for index in order where buffers[index].bytes > 0 {
    let rivals = placed.filter { buffers[$0].lifetime.overlaps(buffers[index].lifetime) }
    let occupied = rivals.map { Extent(offset: offsets[$0], bytes: buffers[$0].bytes) }.sorted { $0.offset < $1.offset }
    guard let offset = bestGap(for: buffers[index].bytes, among: occupied), let top = checkedSum(offset, buffers[index].bytes) else {
      return nil
    }
    offsets[index] = offset
    end = max(end, top)
    placed.append(index)
  }
  return (offsets, end)
}

/// The start of the smallest gap between `occupied`, sorted by offset, that holds `bytes`; behind all of them when none does.
private func bestGap(for bytes: Int, among occupied: [Extent]) -> Int? {
  var best: (offset: Int, size: Int)?
  var cursor = 0
  for extent in occupied {
    let size = extent.offset - cursor
    if size >= bytes, size < best?.size ?? Int.max { best = (cursor, size) }
    guard let end = roundedUp(extent.offset + extent.bytes, to: SegmentPlan.alignment) else { return nil }
    cursor = max(cursor, end)
  }
  return best?.offset ?? cursor
}
