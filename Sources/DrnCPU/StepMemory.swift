/// Keeps what the steps of a segment point to: plain structures and arrays that live as long as the segment.
final class StepMemory {
  private var blocks: [UnsafeMutableRawPointer] = []

  /// A copy of `value` at a fixed address.
  func store<Context: BitwiseCopyable>(_ value: Context) -> UnsafeMutablePointer<Context> {
    let pointer = UnsafeMutablePointer<Context>.allocate(capacity: 1)
    pointer.initialize(to: value)
    blocks.append(UnsafeMutableRawPointer(pointer))
    return pointer
  }

  /// A copy of the elements at a fixed address.
  func store<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
    let pointer = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
    pointer.initialize(from: elements, count: elements.count)
    blocks.append(UnsafeMutableRawPointer(pointer))
    return pointer
  }

  deinit { for block in blocks { block.deallocate() } }
}
