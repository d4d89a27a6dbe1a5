import CKernels
import DrnTestSupport

/// An instruction set to compare kernels under; more than the processor has falls back to its best.
enum InstructionSet: UInt32, CaseIterable {
  case baseline, avx2, avx512

  /// Runs `body` with this thread's kernels compiled for the set.
  func run<Result>(_ body: () throws -> Result) rethrows -> Result {
    let before = drn_isa_in_use()
    _ = drn_set_isa(drn_isa(rawValue: rawValue))
    defer { _ = drn_set_isa(before) }
    return try body()
  }
}

extension SplitMix64 {
  /// Uniform in -1..<1, times `scale`.
  mutating func float(_ scale: Float = 1) -> Float { (Float(next() >> 40) * 0x1p-23 - 1) * scale }
}

/// A row-major matrix whose rows lie further apart than they are long; what lies between must stay as it is.
struct PaddedMatrix {
  static let padding: Float = -77.25

  let rows: Int
  let columns: Int
  let pitch: Int
  var storage: [Float]

  init(rows: Int, columns: Int, pad: Int, _ element: (Int, Int) -> Float) {
    self.rows = rows
    self.columns = columns
    pitch = columns + pad
    storage = [Float](repeating: Self.padding, count: rows * (columns + pad) + 1)
    for row in 0..<rows {
      for column in 0..<columns { self[row, column] = element(row, column) }
    }
  }

  init(rows: Int, columns: Int, pad: Int, seed: UInt64, scale: Float = 1) {
    var generator = SplitMix64(seed: seed)
    self.init(rows: rows, columns: columns, pad: pad) { _, _ in generator.float(scale) }
  }

  subscript(row: Int, column: Int) -> Float {
    get { storage[row * pitch + column] }
    set { storage[row * pitch + column] = newValue }
  }

  /// Whether the gaps between rows hold what they held at first.
  var paddingIsUntouched: Bool {
    storage.indices.allSatisfy { index in
      index < rows * pitch && index % pitch < columns || storage[index] == Self.padding
    }
  }

  /// The largest absolute difference from a naive reference; infinite if any element is NaN.
  func largestError(_ reference: (Int, Int) -> Double) -> Double {
    var largest = 0.0
    for row in 0..<rows {
      for column in 0..<columns {
        let error = abs(Double(self[row, column]) - reference(row, column))
        largest = error.isNaN ? .infinity : max(largest, error)
      }
    }
    return largest
  }
}

/// Largest absolute difference of two lists; infinite for NaN or unequal lengths.
func largestError(_ values: [Float], _ reference: [Double]) -> Double {
  guard values.count == reference.count else { return .infinity }
  return zip(values, reference).reduce(0.0) { largest, pair in
    let error = abs(Double(pair.0) - pair.1)
    return error.isNaN ? .infinity : max(largest, error)
  }
}
