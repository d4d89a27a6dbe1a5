import DrnCPU
import DrnIR

/// Steps of ResNet-20 from PyTorch's own state, and by how much what they leave differs from PyTorch's next state.
///
/// An input of a rectifier that rounds to the other side of zero adds a whole term to the gradient or takes one away, a few times in a
/// step, so the bounds of smooth networks do not hold for it; between two layouts of PyTorch they do not either.
struct OracleResidual {
  /// What is compared, each with a bound of its own.
  enum Kind: CaseIterable {
    case shown, weights, momentum, statistics, frozen

    /// Shares of the tensor's norm and of the norm of all tensors of the kind that a difference may have. Momentum sees the terms that
    /// rectifiers add; a weight sees them times the rate. Biases that begin at zero are shorter than 1e-4 of the network at first, which
    /// the second share is for, and so do running means where images are random.
    func bound(isSmooth: Bool) -> (own: Double, whole: Double) {
      switch self {
      case .shown: (1e-6, 0)
      case .statistics: (1e-6, 1e-10)
      case .weights: isSmooth ? (5e-6, 0) : (1e-4, 1e-8)
      case .momentum: isSmooth ? (1e-5, 0) : (5e-3, 1e-5)
      case .frozen: (0, 0)
      }
    }
  }

  /// The norms of a difference, of the expected tensor, and of all tensors of its kind.
  struct Deviation {
    let tensor: String
    let step: Int
    let difference: Double
    let length: Double
    let whole: Double
  }

  let fixture: OracleFixture
  /// The steps to take; all of the fixture by default.
  var steps: Int?

  /// The deviation of every tensor after every step.
  func deviations(_ program: OracleProgram) throws -> [Kind: [Deviation]] {
    let (points, segment) = (OracleSteps(fixture: fixture), try program.segment())
    var found: [Kind: [Deviation]] = [:]
    for step in 0..<(steps ?? fixture.steps) {
      try points.load(step, program, into: segment)
      try segment.run("step")
      for kind in Kind.allCases { found[kind, default: []] += try deviations(kind, step, program, segment) }
    }
    return found
  }

  private func deviations(_ kind: Kind, _ step: Int, _ program: OracleProgram, _ segment: Segment) throws -> [Deviation] {
    let norms = try tensors(kind, program).map { name, row, isShown in
      let expected = try fixture[row].floats(isShown ? step : step + 1)
      return (name, distance(try segment.read(name), expected), distance(expected, [Float](repeating: 0, count: expected.count)))
    }
    let whole = norm(norms.map(\.2))
    return norms.map { Deviation(tensor: $0.0, step: step, difference: $0.1, length: $0.2, whole: whole) }
  }

  /// The ports of a kind with their names in the fixture, and whether a row belongs to a step rather than to a point between two.
  private func tensors(_ kind: Kind, _ program: OracleProgram) -> [(String, String, Bool)] {
    switch kind {
    case .shown: [("loss", "loss", true), ("logits", "logits", true)]
    case .weights: program.names(.weight).map { ($0, "state/\($0)", false) }
    case .momentum: program.names(.state).map { ($0, "state/\($0)", false) }
    case .statistics: program.names(.buffer).map { ($0, "state/\($0)", false) }
    case .frozen: program.names(.frozen).map { ($0, "state/\($0)", false) }
    }
  }
}

/// The norm of the difference of two lists, in one pass; infinite where their lengths differ.
private func distance(_ left: [Float], _ right: [Float]) -> Double {
  guard left.count == right.count else { return .infinity }
  return left.withUnsafeBufferPointer { left in
    right.withUnsafeBufferPointer { right in
      var sum = 0.0
      for index in 0..<left.count {
        let difference = Double(left[index]) - Double(right[index])
        sum += difference * difference
      }
      return sum.squareRoot()
    }
  }
}
