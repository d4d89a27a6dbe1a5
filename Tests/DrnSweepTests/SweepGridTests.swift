import DrnSweep
import Testing

@Suite("Grids of a sweep") struct SweepGridTests {
  private func values(_ text: String) throws -> [String] { try SweepAxis("k=" + text).values }

  @Test("a comma within brackets or quotes belongs to the value") func commas() throws {
    #expect(try values("0.1,0.01") == ["0.1", "0.01"])
    #expect(try values("adam(beta1: 0.9, beta2: 0.99),sgd()") == ["adam(beta1: 0.9, beta2: 0.99)", "sgd()"])
    #expect(try values("[1, 2],[3, f(4, 5)]") == ["[1, 2]", "[3, f(4, 5)]"])
    #expect(try values(#"csv("a,b.csv"),csv("c\",d")"#) == [#"csv("a,b.csv")"#, #"csv("c\",d")"#])
    #expect(try values("\")\",1") == ["\")\"", "1"])
    #expect(try values(" 3 epochs , 4 epochs ") == ["3 epochs", "4 epochs"])
    // What is not closed is one value, and the checker's to report.
    #expect(try values("f(1,2") == ["f(1,2"])
    #expect(try values("1),2") == ["1)", "2"])
    #expect(try values("") == [""])
    #expect(try SweepAxis("train.weights[fc1, fc2].rank=1,2").key == "train.weights[fc1, fc2].rank")
  }

  @Test("what is no axis is refused", arguments: ["", "=1", "rate", "k=1,,2", "k=1,", "k=,1", "k=1,2,1", "train.seed=1,2"])
  func refused(_ text: String) { #expect(throws: SweepFault.self) { try SweepAxis(text) } }

  private func axes(_ sizes: [Int]) throws -> [SweepAxis] {
    try sizes.enumerated().map { place, size in try SweepAxis("k\(place)=" + (0..<size).map(String.init).joined(separator: ",")) }
  }

  @Test("the grid has every combination once, the last axis changing fastest") func grid() throws {
    let grid = try SweepGrid(try axes([2, 3]))
    #expect(grid.settings.map { $0.values.map(\.text).joined() } == ["00", "01", "02", "10", "11", "12"])
    #expect(grid.settings[4].overrides == ["k0=1", "k1=1"])
    #expect(try SweepGrid([]).settings.map(\.text) == ["as written"])
    #expect(throws: SweepFault.self) { try SweepGrid([try SweepAxis("k=1"), try SweepAxis("k=2")]) }
    #expect(throws: SweepFault.self) { try SweepGrid(try axes([200, 200])) }
  }

  @Test("draws are different settings of the grid, the same for a seed, and reach all of it") func draws() throws {
    let axes = try axes([4, 5])
    let all = try SweepGrid(axes).settings
    var seen = Set<SweepSetting>()
    for seed in 0..<40 as Range<UInt64> {
      let drawn = try SweepGrid(axes, drawing: 7, seed: seed).settings
      #expect(drawn.count == 7 && Set(drawn).count == 7 && Set(drawn).isSubset(of: all))
      #expect(try SweepGrid(axes, drawing: 7, seed: seed).settings == drawn)
      seen.formUnion(drawn)
    }
    #expect(seen.count == 20)
    #expect(try SweepGrid(axes, drawing: 7, seed: 1).settings != SweepGrid(axes, drawing: 7, seed: 2).settings)
    #expect(try SweepGrid(axes, drawing: 20).settings == all)
    #expect(throws: SweepFault.self) { try SweepGrid(axes, drawing: 21) }
    // A grid larger than memory can be drawn from, one that cannot be counted is refused.
    #expect(try SweepGrid(try self.axes(Array(repeating: 100, count: 9)), drawing: 3).settings.count == 3)
    #expect(throws: SweepFault.self) { try SweepGrid(try self.axes(Array(repeating: 100, count: 12)), drawing: 3) }
  }

  @Test("a run's folder is named by its setting alone, and no two share one") func folders() throws {
    func name(_ text: String) throws -> String { try SweepGrid([try SweepAxis(text)]).settings[0].folder(seed: 3) }
    #expect(try name("train.rate=0.1") == "train.rate=0.1,seed=3")
    let odd = try ["k=1/2", "k=1_2", "k=1 2", "k=\u{202E}", "k=../x", "k=" + String(repeating: "a", count: 300)].map(name)
    #expect(Set(odd).count == odd.count)
    #expect(odd.allSatisfy { $0.utf8.count < 130 && !$0.contains("/") && $0.allSatisfy(\.isASCII) })
  }

  @Test("seeds are counted from the first or named") func seeds() throws {
    #expect(try SweepSeeds.read(nil, first: 5) == [5])
    #expect(try SweepSeeds.read("3", first: 5) == [5, 6, 7])
    #expect(try SweepSeeds.read("9,1", first: 5) == [9, 1])
    #expect(try SweepSeeds.read("7,", first: 5) == [7])
    #expect(try SweepSeeds.read("1", first: .max) == [.max])
    for text in ["", "0", ",", "a", "-1", "1.5", "1,,2", "1,1", "99999999999999999999", "10001", "+3", "1, 2"] {
      #expect(throws: SweepFault.self, "\(text)") { try SweepSeeds.read(text, first: 1) }
    }
    #expect(throws: SweepFault.self) { try SweepSeeds.read("2", first: .max) }
  }
}
