import DrnIR
import DrnLowering
import DrnMethods
import DrnReference
import DrnSema
import DrnTestSupport
import Testing

@Suite("Initialization")
struct InitializationTests {
  private func initial(_ form: Stage, key: UInt64 = 3) throws -> Session {
    var builder = ProgramBuilder()
    builder.stages["fc1"] = [form]
    return try Session(try builder.program(), key: key)
  }

  @Test("the form of one layer changes no other layer's values", arguments: matrixForms)
  func independent(form: String) throws {
    let dense = try initial(Stage(0, "dense"))
    let other = try initial(Stage(0, form, form == "dense" ? nil : 3))
    for name in ["fc1.bias", "fc2.weight", "fc2.bias"] { #expect(dense.store[name] == other.store[name]) }
  }

  @Test("svd at full rank, a full core and an adapter all start at the dense draw of the same key")
  func sameFunction() throws {
    let dense = try #require(try initial(Stage(0, "dense")).dense()["fc1.weight"])
    for stage in [
      Stage(0, "factored", 5, ["initial": .word("svd")]), Stage(0, "core", 5), Stage(0, "three_factor", 5), Stage(0, "adapter", 2),
    ] {
      #expect(distance(try initial(stage).dense()["fc1.weight"], dense) < 1e-12)
    }
    // A near miss: random factors start elsewhere.
    #expect(distance(try initial(Stage(0, "factored", 5)).dense()["fc1.weight"], dense) > 1e-3)
  }

  @Test("svd below full rank misses the dense draw by the tail of its singular values")
  func truncates() throws {
    let dense = try initial(Stage(0, "dense"))
    let tail = try dense.singularValues(0).dropFirst(2).reduce(0) { $0 + $1 * $1 }.squareRoot()
    let low = try #require(try initial(Stage(0, "factored", 2, ["initial": .word("svd")])).dense()["fc1.weight"])
    let error = zip(low.values, try #require(dense.dense()["fc1.weight"]).values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    #expect(abs(error.squareRoot() - tail) < 1e-12 && tail > 0.01)
  }

  @Test("another key draws other values, within the same limits")
  func keys() throws {
    let (one, two) = (try initial(Stage(0, "dense")), try initial(Stage(0, "dense"), key: 4))
    #expect(one.store["fc1.weight"] != two.store["fc1.weight"])
    let limit = 1 / 6.0.squareRoot()
    for session in [one, two] { #expect(try #require(session.store["fc1.weight"]).values.allSatisfy { abs($0) <= limit }) }
  }

  @Test("the initializer a layer names is the one drawn", arguments: [("glorot", (6.0 / 80).squareRoot()), ("fan_in", 0.2)])
  func initializers(word: String, limit: Double) throws {
    var builder = ProgramBuilder()
    builder.inputShape = [25]
    builder.layers = [("fc1", layer("linear", ["outputs": .integer(55), "initial": .word(word)]))]
    let largest = try #require(try Session(try builder.program()).store["fc1.weight"]).values.map(abs).max() ?? 0
    #expect(largest <= limit && largest > 0.98 * limit)
  }

  @Test("normal draws have their variance", arguments: [("he", 2.0 / 25), ("glorot_normal", 2.0 / 80)])
  func normal(word: String, variance: Double) throws {
    var builder = ProgramBuilder()
    builder.inputShape = [25]
    builder.layers = [("fc1", layer("linear", ["outputs": .integer(55), "initial": .word(word)]))]
    let session = try Session(try builder.program())
    let values = try #require(session.store["fc1.weight"]).values
    let found = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    // 1375 draws: the mean square spreads by 4 %, four times that is allowed.
    #expect(abs(found / variance - 1) < 0.16)
    #expect(try #require(session.store["fc1.bias"]).values.allSatisfy { $0 == 0 })
  }
}
