import DrnMethods
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

  @Test("extrapolation by nothing is its inner update", arguments: ["previous", "current"])
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
