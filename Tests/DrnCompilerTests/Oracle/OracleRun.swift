import DrnCPU
import DrnIR

/// Runs the compiled step from PyTorch's start on PyTorch's batches, and never looks at PyTorch again: rounding adds up.
struct OracleRun {
  /// How far two runs are from PyTorch's own after some steps: the norm of the difference of all trained tensors, as one vector.
  struct Deviation {
    let step: Int
    /// The deviation of drnc.
    let found: Double
    /// The deviation of PyTorch in its other memory layout.
    let ofLayout: Double
    /// The norm of all trained tensors.
    let length: Double
  }

  let fixture: OracleFixture

  /// The deviations at the fixture's checkpoints.
  func deviations(_ program: OracleProgram) throws -> [Deviation] {
    let steps = OracleSteps(fixture: fixture)
    let segment = try program.segment()
    var deviations: [Deviation] = []
    try steps.load(0, program, into: segment)
    for step in 0..<fixture.steps {
      try steps.loadBatch(step, program, into: segment)
      try segment.run("step")
      if let row = fixture.checkpoints.firstIndex(of: step + 1) { deviations.append(try deviation(step + 1, row, program, segment)) }
    }
    return deviations
  }

  private func deviation(_ step: Int, _ row: Int, _ program: OracleProgram, _ segment: Segment) throws -> Deviation {
    var (found, ofLayout, length): ([Double], [Double], [Double]) = ([], [], [])
    for name in program.names(.weight) {
      let expected = try fixture["state/\(name)"][step]
      found.append(norm(minus(try segment.read(name).map { Double($0) }, expected)))
      ofLayout.append(norm(minus(try fixture["channels_last/\(name)"][row], expected)))
      length.append(norm(expected))
    }
    return Deviation(step: step, found: norm(found), ofLayout: norm(ofLayout), length: norm(length))
  }
}
