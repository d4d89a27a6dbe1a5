import DrnMethods
import DrnTestSupport
import Testing

/// Every update that moves tensor by tensor against `ReferenceUpdates`: the weights of each of several steps, with every option at two values.
/// Updates of whole matrices have a suite of their own, `MatrixUpdateTests`.
@Suite("Updates against their formulas")
struct UpdateReferenceTests {
  private static let names = Updates.all.map { $0.spec.name }.filter { !MatrixUpdateTests.names.contains($0) }
  private static let file = "Tests/DrnMethodsTests/Support/ReferenceUpdates.swift"
  private static let rates = [0.1, 0.1, 0.05, 0.2, 0.01]
  /// Double precision over five steps that magnify rounding a little.
  private static let rounding = 1e-11

  /// What is tried of each option: what the table says, and every update where the option is one.
  private func values(_ spec: MethodSpec) throws -> [(name: String, values: [OptionValue])] {
    let entry = try #require(
      ReferenceUpdates.all[spec.name],
      "no numbers of `\(spec.name)` are checked: add its formula and values of its options to ReferenceUpdates.all in \(Self.file)")
    return try spec.options.map { option in
      if case .method(let specs) = option.kind { return (option.name, specs.map { call($0.name) }) }
      let values = try #require(
        entry.values[option.name], "no value of `\(option.name)` of `\(spec.name)` is tried: add two to its entry in \(Self.file)")
      return (option.name, values)
    }
  }

  /// Every combination of the values.
  private func combinations(_ spec: MethodSpec) throws -> [[String: OptionValue]] {
    try values(spec).reduce([[:]]) { found, option in
      found.flatMap { one in option.values.map { one.merging([option.name: $0]) { _, new in new } } }
    }
  }

  /// The weights after each step by the formula.
  private func expected(_ name: String, _ options: Options, decay: Double) throws -> [[Double]] {
    let problem = Quadratic(update(name))
    let h = problem.curvature.values
    var (reference, w) = (try #require(ReferenceUpdates.named(name, options)), problem.weight.values)
    return Self.rates.map { rate in
      w = reference.step(w, rate: rate, decay: decay) { point, part in
        zip(h, point).map { $0 * $1 * (part.map { Quadratic.shares[$0] } ?? 1) }
      }
      return w
    }
  }

  @Test("every step has the numbers of the published formula, with and without decay", arguments: names)
  func numbers(name: String) throws {
    let spec = try #require(Updates.named(name)).spec
    for options in try combinations(spec) {
      for decay in [0, 0.05] {
        let update = update(name, options)
        var problem = Quadratic(update, decay: decay)
        for (step, weights) in try expected(name, update.options, decay: decay).enumerated() {
          try problem.step(rate: Self.rates[step], count: step + 1)
          #expect(problem.evaluations == update.gradientEvaluations)
          guard zip(problem.weight.values, weights).allSatisfy({ abs($0 - $1) < Self.rounding }) else {
            Issue.record(
              "\(name)(\(options)), decay \(decay), step \(step + 1) leads to \(problem.weight.values), the formula to \(weights)")
            return
          }
        }
      }
    }
  }

  @Test("every option is tried at two values that lead to other numbers somewhere", arguments: names)
  func options(name: String) throws {
    let spec = try #require(Updates.named(name)).spec
    let all = try combinations(spec)
    for option in try values(spec) {
      #expect(
        Set(option.values).count >= 2, "`\(option.name)` of `\(name)` is tried at one value: add another to its entry in \(Self.file)")
      let acts = try all.contains { one in
        let runs = try option.values.map { value in
          try expected(name, update(name, one.merging([option.name: value]) { _, new in new }).options, decay: 0.05)
        }
        return Set(runs).count == runs.count
      }
      #expect(acts, "no value of `\(option.name)` of `\(name)` changes a number")
    }
  }

  @Test("the table names no update and no option that does not exist")
  func isTrue() throws {
    for (name, entry) in ReferenceUpdates.all {
      let spec = try #require(Updates.named(name), "ReferenceUpdates.all has `\(name)`, which is no update").spec
      #expect(Set(entry.values.keys).isSubset(of: Set(spec.options.map(\.name))), "\(name)")
    }
  }
}
