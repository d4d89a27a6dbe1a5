import CKernels
import Foundation

/// Memory in which products of half width order their matrices: a piece for each thread, `step` bytes apart.
struct PackingSpace: BitwiseCopyable {
  var base: UnsafeMutableRawPointer?
  var step = 0

  /// The piece of that number; `nil` where no product needs one.
  subscript(piece: Int) -> UnsafeMutableRawPointer? { base.map { $0 + piece * step } }
}

/// Keeps what the steps of a segment point to: plain structures, arrays and prepared products that live as long as the segment.
final class StepMemory {
  private var blocks: [UnsafeMutableRawPointer] = []
  private var halfProducts: [OpaquePointer] = []
  private let packing = UnsafeMutablePointer<PackingSpace>.allocate(capacity: 1)
  private var rotations: [Rotation: UnsafeMutablePointer<Float>] = [:]

  private struct Rotation: Hashable {
    let length: Int
    let size: Int
    let base: Double
  }

  init() { packing.initialize(to: PackingSpace()) }

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

  /// Where products of half width order their matrices anew, one after the other, with so many bytes at least for a thread; there is memory behind
  /// it after `allocatePacking`.
  func packing(atLeast bytes: Int) -> UnsafePointer<PackingSpace> {
    // Whole pages, so that two threads never write one line.
    packing.pointee.step = max(packing.pointee.step, (bytes + 4095) / 4096 * 4096)
    return UnsafePointer(packing)
  }

  /// Allocates what all products together asked for, a piece for each thread.
  func allocatePacking(threads: Int) {
    guard packing.pointee.step > 0, packing.pointee.base == nil else { return }
    let base = UnsafeMutableRawPointer.allocate(byteCount: packing.pointee.step * threads, alignment: 4096)
    blocks.append(base)
    packing.pointee.base = base
  }

  /// Frees a prepared product with everything else.
  func keep(_ product: OpaquePointer) { halfProducts.append(product) }

  /// For each position of a sequence the cosines, then the sines of the angles by which a rotary embedding turns the pairs of columns of a
  /// head: position * base^(-2 * pair / size). Once for all operations that ask for the same.
  func rotation(length: Int, size: Int, base: Double) -> UnsafeMutablePointer<Float> {
    let wanted = Rotation(length: length, size: size, base: base)
    if let table = rotations[wanted] { return table }
    let pairs = size / 2
    let frequencies = (0..<pairs).map { pow(base, -2 * Double($0) / Double(size)) }
    var values: [Float] = []
    values.reserveCapacity(length * size)
    for position in 0..<length {
      values += frequencies.map { Float(cos(Double(position) * $0)) }
      values += frequencies.map { Float(sin(Double(position) * $0)) }
    }
    let table = store(values)
    rotations[wanted] = table
    return table
  }

  deinit {
    for product in halfProducts { drn_half_product_free(product) }
    for block in blocks { block.deallocate() }
    packing.deallocate()
  }
}
