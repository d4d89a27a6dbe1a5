import DrnIR
import DrnMethods
import DrnTestSupport
import Testing

@Suite("Updates")
struct UpdateTests {
  @Test("every update's word leads to it, and its slots are named once")
  func words() {
    for type in Updates.all {
      #expect(Updates.named(type.spec.name)?.spec.name == type.spec.name)
      let slots = type.init(options: Options(defaultsOf: type.spec)).slots.map(\.name)
      #expect(Set(slots).count == slots.count)
    }
    #expect(Updates.named("sdg") == nil)
  }

  @Test("sgd without momentum has no state; extrapolation along the previous gradient keeps it")
  func slots() {
    #expect(update("sgd").slots.isEmpty)
    let inner = call("sgd", [("momentum", .decimal(0.9))])
    let previous = update("extrapolate", ["update": inner, "scale": .decimal(0.5), "gradient": .word("previous")])
    #expect(previous.slots.map(\.name) == ["momentum", "previous_gradient"])
  }

  @Test(
    "extrapolation along noise takes the gradient at w - scale rate n, for normal numbers n of the tensor's stream",
    arguments: ["batch", "part"])
  func noise(by: String) throws {
    var problem = Quadratic(
      update("extrapolate", ["update": call("sgd"), "scale": .integer(2), "gradient": .word("noise"), "by": .word(by)]))
    #expect(problem.evaluations == 1 && problem.state.isEmpty)
    let start = problem.weight
    try problem.step(rate: 0.1, count: 1)
    var mean = Matrix(1, 4)
    for part in 0..<2 {
      var bench = Bench()
      let key = bench.key()
      let stream = "w/ahead\(by == "part" ? part : 0)"
      bench.output("n", try bench.builder.randomNormal([1, 4], deviation: 1, stream: stream, key: key))
      let point = start - 0.2 * (try #require(try bench.run()["n"]))
      let gradient = Matrix(1, 4, zip(problem.curvature.values, point.values).map { $0 * $1 * Quadratic.shares[part] })
      mean = mean + 0.5 * gradient
    }
    #expect(problem.weight.distance(to: start - 0.1 * mean) < 1e-12)
  }

  @Test("extrapolation by nothing is its inner update", arguments: ["previous", "current", "noise"])
  func zeroScale(gradient: String) throws {
    let inner = call("sgd", [("momentum", .decimal(0.9))])
    var plain = Quadratic(update("sgd", ["momentum": .decimal(0.9)]))
    var extrapolated = Quadratic(update("extrapolate", ["update": inner, "scale": .decimal(0), "gradient": .word(gradient)]))
    for count in 1...3 {
      let losses = (try plain.step(rate: 0.1, count: count), try extrapolated.step(rate: 0.1, count: count))
      #expect(losses.0 == losses.1)
    }
    #expect(plain.weight == extrapolated.weight)
  }
}
