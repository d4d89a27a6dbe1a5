import DrnJSON
import DrnSweep
import Testing

@Suite("The table of a sweep") struct SweepTableTests {
  private func table() throws -> SweepTable {
    let axes = [try SweepAxis("train.rate=0.1,0.2,0.3"), try SweepAxis("train.batch=8")]
    let settings = try SweepGrid(axes).settings
    func run(_ seed: UInt64, _ accuracy: Double, _ state: SweepRun.State = .finished) -> SweepRun {
      SweepRun(
        seed: seed, folder: "f\(seed)", state: state,
        figures: ["validation_accuracy": accuracy, "training_operations": 2e6, "train_loss": 0.5])
    }
    let half = try Halving(share: "2/3", epochs: "1")
    let scores = [0.9, 0.1, 0.5].enumerated().map { place, accuracy in
      (setting: place, runs: [SweepScore(accuracy: accuracy, loss: 1, trainLoss: 1)] as [SweepScore?])
    }
    return SweepTable(
      axes,
      [
        (settings[0], [run(1, 0.5), run(2, 1)]), (settings[1], [run(1, 0.25, .stopped(epoch: 1)), run(2, 0.25, .stopped(epoch: 1))]),
        (settings[2], [run(1, 0.9), run(2, 0, .failed("DRN0701: a|b\u{1B}"))]),
      ], decisions: [half.decide(epoch: 1, scores)])
  }

  @Test("mean and range of what did not fail, the state, and the reasons below") func text() throws {
    let lines = try table().text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(
      lines == [
        "train.rate runs validation accuracy training loss multiply-adds state",
        "0.1 2 75.00 % (50.00 % .. 100.00 %) 0.5000 2.000e+06 finished",
        "0.2 2 25.00 % 0.5000 2.000e+06 stopped after 1 epoch", "0.3 2 90.00 % 0.5000 2.000e+06 1 of 2 failed",
        "In every run: train.batch=8.", "Best by validation accuracy: train.rate=0.1, train.batch=8.",
        "After 1 epoch 2 of 3 settings went on, by validation accuracy; stopped: train.rate=0.2, train.batch=8.",
        "Failed: train.rate=0.3, train.batch=8, seed 2: DRN0701: a|b?.",
      ])
    let columns = try table().text.split(separator: "\n").prefix(4).map {
      $0.distance(from: $0.startIndex, to: $0.ranges(of: "2.000e").first?.lowerBound ?? $0.startIndex)
    }
    #expect(Set(columns.dropFirst()).count == 1)
  }

  @Test("as Markdown every row has as many cells") func markdown() throws {
    let rows = try table().markdown.split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(rows.count == 5 && Set(rows.map { $0.count { $0 == "|" } }) == [7])
  }

  @Test("as JSON with every run") func json() throws {
    let json = try JSON(reading: Array(try table().json.encoded.utf8))
    let settings = try #require(json["settings"]?.items)
    #expect(settings.count == 3 && settings[0]["set"]?["train.rate"]?.text == "0.1" && settings[2]["failed"]?.whole == 1)
    #expect(settings[0]["validation_accuracy"]?["mean"] == .number(0.75) && settings[0]["validation_accuracy"]?["least"] == .number(0.5))
    #expect(settings[2]["runs"]?.items?[1]["reason"]?.text == "DRN0701: a|b\u{1B}")
    #expect(json["halving"]?.items?[0]["stopped"] == [1])
  }
}
