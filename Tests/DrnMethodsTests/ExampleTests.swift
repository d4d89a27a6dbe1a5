import DrnIR
import DrnMethods
import DrnReference
import DrnTestSupport
import Foundation
import Testing

@Suite("The example of docs/contributing/adding-a-method.md")
struct ExampleTests {
  private let shape = WeightShape(inputs: 7, outputs: 5)
  private let example = ColumnGain(options: Options())

  @Test("the page shows the file that compiles here, but for the import of its own module")
  func pageShowsFixture() throws {
    let page = try Repository.text("docs/contributing/adding-a-method.md")
    let fixture = try Repository.text("Tests/DrnMethodsTests/Example/ColumnGain.swift").replacingOccurrences(
      of: "import DrnMethods\n", with: "")
    #expect(page.contains("```swift\n" + fixture + "```"))
  }

  @Test("the page's printed transition matrix is the computed one")
  func pageShowsMatrix() throws {
    #expect(try Repository.text("docs/methods.md").contains(transitionMatrixTable()))
  }

  @Test("docs/methods.md names every method of every list")
  func pageIsComplete() throws {
    let page = try Repository.text("docs/methods.md")
    let specs =
      Parameterizations.all.map { $0.spec } + Layers.all.map { $0.spec } + Updates.all.map { $0.spec } + Losses.all.map { $0.spec }
      + Rates.all.map { $0.spec } + WeightEvents.all.map { $0.spec }
    for spec in specs { #expect(page.contains("`\(spec.name)"), "\(spec.name) is missing") }
  }

  /// `core` and `dense` are also words of linear algebra, so they are left out.
  @Test("a new form is one file and one entry: no other source of methods or lowering names a form")
  func formsAreNamedOnce() throws {
    let words = Parameterizations.all.map { $0.spec.name }.filter { $0 != "core" && $0 != "dense" }
    for folder in ["Sources/DrnMethods", "Sources/DrnLowering"] {
      let files = try #require(FileManager.default.enumerator(atPath: Repository.url(folder).path)).compactMap {
        $0 as? String
      }
      for file in files where file.hasSuffix(".swift") && !file.hasPrefix("Parameterizations/") {
        let source = try Repository.text("\(folder)/\(file)")
        let named =
          words.filter { source.contains("\"\($0)\"") }
          + ["Dense", "Factored", "ThreeFactor", "Adapter"].filter { source.contains(" \($0)(") }
        #expect(named.isEmpty, "\(folder)/\(file)")
      }
    }
  }

  @Test("the form enters and leaves with the function kept, and takes momentum with it on the way in")
  func works() throws {
    let (dense, momentum) = (Matrix(7, 5, seed: 3), Matrix(7, 5, seed: 4))
    var bench = Bench()
    let w = bench.input("w", dense)
    let m = bench.input("m", momentum)
    let key = bench.key()
    let entry = TransitionRequest(
      name: "w", shape: shape, old: form("dense"), oldRank: 0, new: example, newRank: 0, direction: nil, parameters: [w],
      slots: [.init(SlotSpec("momentum", .gradient), content: [0: m])], key: key)
    let entered = try emitTransition(entry, in: &bench.builder)
    let exit = TransitionRequest(
      name: "w", shape: shape, old: example, oldRank: 0, new: form("factored", rank: 5), newRank: 5, direction: nil,
      parameters: entered.parameters, slots: [], key: key)
    let left = try emitTransition(exit, in: &bench.builder)
    bench.output("u", left.parameters[0])
    bench.output("v", left.parameters[1])
    bench.output("gains", try #require(entered.slots[0].content[1]))
    let found = try bench.run()
    #expect(try (#require(found["u"]) * #require(found["v"])).distance(to: dense) < 1e-12)
    // W = m diag(g) at g = 1: the gain of a column has the momentum sum over rows of W times M.
    for column in 0..<5 {
      let expected = (0..<7).reduce(0) { $0 + dense[$1, column] * momentum[$1, column] }
      #expect(abs(try #require(found["gains"]).values[column] - expected) < 1e-12)
    }
  }

  @Test("the form once more keeps every number and moment, as its cell says")
  func again() throws {
    let cell = transitionCell(from: example, rank: 0, to: example, rank: 0, shape: shape)
    #expect(cell.weights == .exact && cell.gradient == .exact)
    var bench = Bench()
    let parameters = [
      bench.input("m", Matrix(7, 5, seed: 1)), bench.input("g", [5], ReferenceTensor(shape: [5], values: Matrix(5, 1, seed: 2).values)),
    ]
    let moments = [
      0: bench.input("mm", Matrix(7, 5, seed: 3)),
      1: bench.input("mg", [5], ReferenceTensor(shape: [5], values: Matrix(5, 1, seed: 4).values)),
    ]
    let request = TransitionRequest(
      name: "w", shape: shape, old: example, oldRank: 0, new: example, newRank: 0, direction: .unchanged, parameters: parameters,
      slots: [.init(SlotSpec("momentum", .gradient), content: moments)], key: bench.key())
    let result = try emitTransition(request, in: &bench.builder)
    for index in 0..<2 {
      bench.output("p\(index)", result.parameters[index])
      bench.output("m\(index)", try #require(result.slots[0].content[index]))
    }
    let found = try bench.run()
    #expect(found["p0"] == Matrix(7, 5, seed: 1) && found["p1"] == Matrix(5, 1, seed: 2))
    #expect(found["m0"] == Matrix(7, 5, seed: 3) && found["m1"] == Matrix(5, 1, seed: 4))
  }

  @Test("a convolution in groups has no one matrix, and a form that says nothing of it is refused there")
  func groups() {
    #expect(example.obstacle(WeightShape(inputs: 8, outputs: 4, groups: 2)) == .grouped(2))
    #expect(example.holds(ContentRanks(matrix: 5, channels: 7, middle: 5), rank: 0, shape: shape))
    #expect(example.obstacle(shape) == nil && form("dense").obstacle(WeightShape(inputs: 8, outputs: 4, groups: 2)) == nil)
  }

  @Test("state cannot leave the form, and its cells say so")
  func stateStays() throws {
    let away = transitionCell(from: example, rank: 0, to: form("dense"), rank: 0, shape: shape)
    #expect(away.weights == .exact)
    guard case .resetOnly(let reason) = away.gradient else { Issue.record("\(away.gradient)"); return }
    #expect(reason.contains("column_gain") && away.squaredGradient == away.gradient)
    #expect(transitionCell(from: form("dense"), rank: 0, to: example, rank: 0, shape: shape).gradient != away.gradient)
  }
}
