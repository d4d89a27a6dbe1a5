import DrnJSON
import DrnReport
import Testing

@Suite("The table of runs") struct RunTableTests {
  private func runs() throws -> [RunRecord] {
    try [("beta", 12, "0.25"), ("alpha-with-a-rather-long-name-of-its-own", 8, "0.5"), ("gamma\u{1B}[31m", 20, "null")].map {
      name, epochs, loss in
      var sample = SampleRun(epochs: epochs)
      sample.losses[epochs - 1] = loss
      return try RunRecord(RunFiles(name: name, log: sample.files.log).with(sample.files))
    }
  }

  @Test("fits any width, and keeps name and loss", arguments: [20, 40, 60, 80, 120, 200]) func width(_ width: Int) throws {
    let text = RunTable(try runs(), order: .name).text(width: width, isUnicode: true)
    let lines = text.split(separator: "\n")
    #expect(lines.count == 4)
    for line in lines { #expect(line.count <= max(width, 24), "\(line)") }
    #expect(lines[0].contains("run") && lines[0].contains("loss") && lines[2].contains("beta"))
    #expect(!text.contains("\u{1B}"))
  }

  @Test("draws the loss of every run, in characters of the terminal") func sparklines() throws {
    let table = RunTable(try runs(), order: .name)
    #expect(table.text(width: 200, isUnicode: true).contains("█"))
    let plain = table.text(width: 200, isUnicode: false)
    #expect(plain.contains("@") && plain.unicodeScalars.allSatisfy { $0.isASCII })
  }

  @Test("sorts by what is asked, the best first", arguments: RunTable.Order.allCases) func order(_ order: RunTable.Order) throws {
    let names = (RunTable(try runs(), order: order).json.items ?? []).compactMap { $0["run"]?.text?.prefix(4) }
    let expected: [String] =
      switch order {
      case .name, .accuracy, .parameters: ["alph", "beta", "gamm"]
      case .loss: ["beta", "alph", "gamm"]
      case .epochs: ["gamm", "beta", "alph"]
      case .time: ["alph", "beta", "gamm"]
      }
    #expect(names.map(String.init) == expected)
  }
}
