import DrnIR

/// Which operations of a function run as tasks of one step: factorizations that follow each other and do not need each other.
///
/// LAPACK factorizes a matrix on one thread; several threads factorize several. Whoever plans memory, prepares steps or prices a function asks
/// here what runs at the same time.
public struct JointFactorizations {
  /// By operation, the span of those it runs with; itself alone for nearly all.
  public let spans: [ClosedRange<Int>]

  /// Of a function in the order in which it runs.
  public init(_ function: Function) {
    var spans: [ClosedRange<Int>] = []
    var first = 0
    while first < function.operations.count {
      let end = Self.end(of: first, in: function)
      spans += Array(repeating: first...end, count: end - first + 1)
      first = end + 1
    }
    self.spans = spans
  }

  /// The last operation that runs with this one.
  private static func end(of first: Int, in function: Function) -> Int {
    guard isFactorization(function.operations[first]) else { return first }
    var end = first
    var results = Set(function.operations[first].results)
    var elements = elements(function.operations[first], function)
    while end + 1 < function.operations.count {
      let next = function.operations[end + 1]
      guard isFactorization(next), results.isDisjoint(with: next.operands) else { return end }
      elements += self.elements(next, function)
      guard elements <= elementsOfSpan else { return end }
      results.formUnion(next.results)
      end += 1
    }
    return end
  }

  /// Whether an operation may share its step.
  public static func isFactorization(_ operation: Operation) -> Bool {
    if case .factorize = operation.opcode { return true }
    return false
  }

  /// Elements of the matrix an operation factorizes.
  public static func elements(_ operation: Operation, _ function: Function) -> Double {
    operation.operands.first.map { Double(function.type(of: $0).elementCount ?? 0) } ?? 0
  }

  /// Matrices of so many elements together may be factorized at the same time: their work spaces, some four times as large, exist at once.
  public static let elementsOfSpan = Double(1 << 24)
}
