import DrnCPU
import DrnIR

/// One step of a random network in drnc's executor, on one, two and three threads, against PyTorch's in double precision.
struct RandomNetwork {
  /// What is compared, each with bounds of its own.
  enum Kind: String, CaseIterable {
    /// Losses, logits and the norm of the gradient.
    case shown
    /// The optimizer's slots: the gradient itself where they were empty.
    case slots
    /// How far the step moved the weights.
    case changes
    case statistics, frozen
  }

  /// How many times PyTorch's own deviation a difference may be, beside what `OracleSteps` allows.
  ///
  /// PyTorch's single precision says, tensor by tensor, how much rounding a network magnifies. drnc rounds otherwise: a Winograd convolution
  /// is some seven times as far from the exact result as a direct one.
  static let magnification = 8.0
  /// Rounding of a gradient relative to that of the whole network, twice that of `OracleSteps`: where nothing but a batch norm reads what a
  /// weight scales, the weight's gradient is a difference of two sums that are nearly equal.
  static let rounding = 2 * OracleSteps.gradientRounding

  /// A tensor's difference, and the difference it may have.
  struct Deviation: CustomStringConvertible {
    let tensor: String
    let kind: Kind
    let difference: Double
    let allowed: Double
    var share: Double { difference == 0 ? 0 : difference / allowed }
    var description: String { "\(tensor) differs by \(difference) where \(allowed) is allowed" }
  }

  let fixture: OracleFixture
  /// Multiplies the learning rate; other than 1 to see that a wrong one is noticed.
  private let rateFactor: Double
  private let program: OracleProgram

  init(_ fixture: OracleFixture, rateFactor: Double = 1) throws {
    self.fixture = fixture
    self.rateFactor = rateFactor
    program = try OracleProgram.compile(fixture.program)
    guard program.persistent == fixture.names(below: "state/") else {
      throw OracleFixture.Failure("\(fixture.name): the program has other tensors than the network")
    }
  }

  /// Every tensor after a step, what the step shows, and what an evaluation before it shows.
  func tensors(threads: Int) throws -> [String: [Float]] {
    let (steps, segment) = (OracleSteps(fixture: fixture, rateFactor: rateFactor), try program.segment(threads: threads))
    var found: [String: [Float]] = [:]
    try steps.load(0, program, into: segment)
    try segment.run("evaluate")
    for port in ["loss", "logits"] { found["evaluation/\(port)"] = try segment.read(port) }
    try steps.load(0, program, into: segment)
    try segment.run("step")
    for port in ["loss", "logits", "gradient_norm"] where fixture.has("double/\(port)") { found[port] = try segment.read(port) }
    for name in program.persistent { found["state/\(name)"] = try segment.read(name) }
    return found
  }

  /// Where the tensors of two numbers of threads have different bits.
  func differences(_ left: [String: [Float]], _ right: [String: [Float]]) -> [String] {
    left.keys.sorted().filter { name in left[name]?.map(\.bitPattern) != right[name]?.map(\.bitPattern) }
  }

  /// The deviation of every tensor.
  func deviations(_ found: [String: [Float]]) throws -> [Deviation] {
    try Kind.allCases.flatMap { kind in
      let rows = try names(kind).map { name in (name, try difference(found[name] ?? [], name), try length(name, kind)) }
      let whole = kind == .shown ? 0 : Self.rounding * norm(rows.map(\.2))
      return try rows.map { name, difference, length in
        let single = kind == .shown ? try singleOfPass(name) * length : try fixture["single/\(name)"][0][0]
        let stored = kind == .changes ? OracleSteps.weightRounding * norm(try fixture["double/\(name)"][0]) : 0
        let allowed = kind == .frozen ? 0 : Self.magnification * single + OracleSteps.tolerance * length + whole + stored
        return Deviation(tensor: name, kind: kind, difference: difference, allowed: allowed)
      }
    }
  }

  /// PyTorch's largest relative deviation among what the same pass shows: a loss or a norm is one number, which may be right by luck where the
  /// logits are not.
  private func singleOfPass(_ name: String) throws -> Double {
    let isEvaluation = name.hasPrefix("evaluation/")
    return try names(.shown).filter { $0.hasPrefix("evaluation/") == isEvaluation }.map { other in
      let length = try length(other, .shown)
      return length > 0 ? try fixture["single/\(other)"][0][0] / length : 0
    }.max() ?? 0
  }

  private func difference(_ found: [Float], _ name: String) throws -> Double {
    let expected = try fixture["double/\(name)"][0]
    return found.count == expected.count ? norm(minus(found.map { Double($0) }, expected)) : .infinity
  }

  /// The norm that a difference is measured by: that of the change of a weight, of other tensors their own.
  private func length(_ name: String, _ kind: Kind) throws -> Double {
    let expected = try fixture["double/\(name)"][0]
    return norm(kind == .changes ? minus(expected, try fixture[name][0]) : expected)
  }

  private func names(_ kind: Kind) -> [String] {
    switch kind {
    case .shown: ["loss", "logits", "gradient_norm", "evaluation/loss", "evaluation/logits"].filter { fixture.has("double/\($0)") }
    case .slots: program.names(.state).map { "state/\($0)" }
    case .changes: program.names(.weight).map { "state/\($0)" }
    case .statistics: program.names(.buffer).map { "state/\($0)" }
    case .frozen: program.names(.frozen).map { "state/\($0)" }
    }
  }
}
