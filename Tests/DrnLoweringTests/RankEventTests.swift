import DrnIR
import DrnLowering
import DrnMethods
import DrnNumbers
import DrnReference
import DrnSema
import DrnTestSupport
import Testing

@Suite("Rank events")
struct RankEventTests {
  private func session(_ form: String, _ optimizer: String) throws -> Session {
    var builder = ProgramBuilder()
    builder.stages["fc1"] = [Stage(0, form, 5, bounds: 1...5, ["initial": .word("svd")])]
    builder.update = update(optimizer, optimizer == "sgd" ? ["momentum": .decimal(0.9)] : [:])
    var session = try Session(try builder.program())
    for _ in 0..<3 { try session.step(batch(3)) }
    return session
  }

  @Test(
    "measure, decide, cut, go on: the error is the tail of the measured values", arguments: ["core", "factored", "three_factor"],
    ["sgd", "adam"])
  func trims(form: String, optimizer: String) throws {
    var session = try session(form, optimizer)
    let values = try session.singularValues(0)
    #expect(values.count == 5)
    let shape = WeightShape(inputs: 6, outputs: 5)
    let threshold = (values[2] + values[3]) / 2 / values[0]
    let trim = Trim(options: Options(defaultsOf: Trim.spec).replacing(["below": .decimal(threshold), "state": .word("carry")]))
    let rank = trim.decide(singularValues: values.map { Float($0) }, rank: 5, shape: shape)
    #expect(rank == 3)
    let outputs = try session.cut(0, to: rank)
    let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let tail = values.dropFirst(3).reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(abs(try #require(outputs["truncation_error/fc1.weight"]).values[0] - tail / norm) < 1e-10)
    let after = try session.singularValues(0)
    for (one, other) in zip(after, values) { #expect(abs(one - other) < 1e-10) }
    #expect(after.count == 3)
    let losses = try (0..<3).map { _ in try #require(session.step(batch(3), rate: 0.02)["loss"]).values[0] }
    #expect(losses.allSatisfy { $0.isFinite })
    // Again, from the cut rank: symbols take any number within their bounds.
    _ = try session.cut(0, to: 2)
    #expect(try #require(session.store["fc1.weight.u"]).shape == [6, 2])
    try session.step(batch(3))
  }

  @Test("turning a core's basis at full rank leaves W, and its momentum seen densely")
  func rotates() throws {
    var session = try session("core", "sgd")
    func dense(_ name: String) throws -> [Double] {
      let (u, s, v) = (
        try #require(session.store["fc1.weight.u"]), try #require(session.store[name]), try #require(session.store["fc1.weight.v"])
      )
      let rank = s.shape[0]
      return (0..<30).map { index in
        (0..<rank).reduce(0) { sum, k in
          sum + (0..<rank).reduce(0) { $0 + u.values[index / 5 * rank + k] * s.values[k * rank + $1] * v.values[$1 * 5 + index % 5] }
        }
      }
    }
    let before = (try dense("fc1.weight.s"), try dense("fc1.weight.s/momentum"))
    _ = try session.cut(0, to: 5)
    let after = (try dense("fc1.weight.s"), try dense("fc1.weight.s/momentum"))
    #expect(zip(before.0, after.0).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(zip(before.1, after.1).allSatisfy { abs($0 - $1) < 1e-12 })
    let s = try #require(session.store["fc1.weight.s"]).values
    for row in 0..<5 { for column in 0..<5 where row != column { #expect(s[row * 5 + column] == 0) } }
  }

  @Test("a reset cut starts state at zero")
  func resets() throws {
    var session = try session("core", "adam")
    _ = try session.cut(0, to: 3, state: .reset)
    for slot in ["first_moment", "second_moment"] {
      let state = try #require(session.store["fc1.weight.s/\(slot)"])
      #expect(state.shape == [3, 3] && state.values.allSatisfy { $0 == 0 })
    }
  }

  @Test("a rank decided at run time can grow or shrink into a span")
  func openRanks() throws {
    for rank in [2, 3, 5] {
      var builder = ProgramBuilder()
      builder.stages["fc1"] = [Stage(0, "factored", 3, bounds: 1...5), Stage(4, "factored", rank, bounds: 1...5)]
      var session = try Session(try builder.program())
      try session.step(batch(3))
      let outputs = try session.enterNextPhase()
      let error = try #require(outputs["truncation_error/fc1.weight"]).values[0]
      #expect(rank >= 3 ? error < 1e-10 : error > 1e-4)
      #expect(try #require(session.store["fc1.weight.v"]).shape == [rank, 5])
      try session.step(batch(3))
    }
  }
}
