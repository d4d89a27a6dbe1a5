import DrnJSON
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@Suite("drnc eval, predict and inspect", .serialized) struct ProcessUseTests {
  private let folder: TemporaryFolder

  /// A run whose program is imported, with everything it was made from gone but a table of new rows.
  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      "net.drn", "network net(row: tensor[2]) -> tensor[3] { return row |> fc: linear(4) |> relu |> head: linear(3) }\n")
    try folder.write("t.csv", "a,b,y\n" + (0..<60).map { "\($0 % 7),\($0 % 5),\(["red", "green", "blue"][$0 % 3])\n" }.joined())
    try folder.write("new.csv", "a,b\n1,2\n3,4\n5,6\n")
    try folder.write(
      "main.drn",
      """
      import "net.drn"
      data d { source: csv(train: "t.csv", test: "t.csv", label: "y")  row: tensor[2]  label: class  prepare: standardize(per: channel) }
      train net on d { length: 9 epochs  batch: 8  rate: 0.1  loss: cross_entropy(smoothing: 0.1)  optimizer: sgd  seed: 3 }
      """)
    let trained = try Tool.run(["train", "main.drn", "--set", "train.length=2epochs", "--output", "first", "--quiet"], folder: folder.path)
    guard trained.status == 0 else { throw TestFailure(description: trained.error) }
    try FileManager.default.moveItem(atPath: folder("first"), toPath: folder("run"))
    for name in ["net.drn", "main.drn", "t.csv"] {
      try FileManager.default.moveItem(atPath: folder(name), toPath: folder("kept-" + name))
    }
  }

  private func run(_ arguments: String...) throws -> Tool.Outcome { try Tool.run(arguments, folder: folder.path) }

  private func json(_ outcome: Tool.Outcome) throws -> JSON { try JSON(reading: Array(outcome.output.utf8)) }

  private func summary() throws -> JSON { try JSON(reading: [UInt8](try folder.bytes("run/summary.json"))) }

  private func number(_ json: JSON?) -> Double? {
    switch json {
    case .number(let value): value
    case .integer(let value): Double(value)
    case _: nil
    }
  }

  @Test("eval gives the summary's figures of the test from the folder alone, in words and as JSON")
  func evaluation() throws {
    let words = try run("eval", "run", "--data", "kept-t.csv")
    #expect(
      words.status == 0 && words.output.hasPrefix("kept-t.csv: 60 examples\n") && words.output.contains("confusion"), "\(words.error)")
    #expect(words.output.contains("smoothing: 0.1") && words.output.contains("\nred "))
    let found = try json(try run("eval", "run", "--data", "kept-t.csv", "--json"))
    let summary = try summary()
    #expect(abs((number(found["accuracy"]) ?? -1) - (number(summary["test_accuracy"]) ?? -2)) < 1e-7)
    let plain = try json(try run("eval", "run", "--data", "kept-t.csv", "--json", "--plain-loss", "--threads", "1"))
    #expect(abs((number(plain["loss"]) ?? -1) - (number(summary["test_loss"]) ?? -2)) < 1e-6)
    #expect(plain["loss_name"]?.text == "cross_entropy" && number(found["loss"]) != number(plain["loss"]))
    #expect(found["classes"]?.items?.map { $0["name"]?.text } == ["blue", "green", "red"])
    #expect(found["confusion"]?.items?.flatMap { $0.items ?? [] }.compactMap(\.whole).reduce(0, +) == 60)
    #expect(found["calibration"]?.items?.compactMap { $0["count"]?.whole }.reduce(0, +) == 60)
  }

  @Test("eval of the program's own examples needs them where they were, and as they were")
  func ownExamples() throws {
    let gone = try run("eval", "run")
    #expect(gone.status == 66 && gone.error.contains("--data FILE"), "\(gone.error)")
    try FileManager.default.copyItem(atPath: folder("kept-t.csv"), toPath: folder("t.csv"))
    let there = try json(try run("eval", "run", "--json"))
    #expect(there["data"]?.text == "test" && there["examples"]?.whole == 60)
    #expect(try json(try run("eval", "run", "--data", "train", "--json"))["examples"]?.whole == 60)
    #expect(try run("eval", "run", "--data", "validation").error.contains("no examples for validation"))
    #expect(try run("eval", "run", "--labels", "t.csv").status == 65)
    try folder.write("t.csv", "a,b,y\n" + (0..<60).map { "\($0),1,\(["red", "green", "blue"][$0 % 3])\n" }.joined())
    let changed = try run("eval", "run")
    #expect(changed.status == 65 && changed.error.contains("have changed"), "\(changed.error)")
  }

  @Test("predict writes tables, JSON and arrays; classes by name, the most probable, all")
  func formats() throws {
    let table = try run("predict", "run", "new.csv")
    let rows = table.output.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(table.status == 0 && rows.count == 4 && rows[0] == ["class", "probability"], "\(table.error)")
    #expect(rows.dropFirst().allSatisfy { ["red", "green", "blue"].contains($0[0]) && (1.0 / 3...1).contains(Double($0[1]) ?? -1) })
    let top = try run("predict", "run", "new.csv", "--top-k", "2", "--to", "jsonl")
    let first = try JSON(reading: Array(top.output.split(separator: "\n")[0].utf8))
    #expect(first["class"]?.text == rows[1][0] && first["top"]?.items?.count == 2 && first["probabilities"] == nil)
    let all = try run("predict", "run", "new.csv", "--probabilities")
    #expect(all.output.hasPrefix("class,probability,probability of blue,probability of green,probability of red\n"))
    let named = try run("predict", "run", "new.csv", "new.csv", "--to", "jsonl", "--probabilities", "--threads", "1")
    #expect(named.output.split(separator: "\n").count == 6 && named.output.hasPrefix("{\"input\": \"new.csv\", "))
    let array = try run("predict", "run", "new.csv", "-o", "p.npy")
    #expect(array.status == 0 && array.output.isEmpty, "\(array.error)")
    let tensor = try NumpyFile.read(path: folder("p.npy"))
    let sums = try tensor.floats()
    #expect(tensor.shape == [3, 3] && abs(sums.reduce(0, +) - 3) < 1e-5)
    #expect(try run("predict", "run", "new.csv", "--output", "p.jsonl").status == 0)
    #expect(try folder.text("p.jsonl").hasPrefix("{\"class\": "))
    #expect(try run("predict", "run", "new.csv", "--output", "p.txt").status == 0)
    #expect(try folder.text("p.txt") == table.output)
  }

  @Test("a file of predictions is written whole or not at all")
  func wholeFiles() throws {
    try folder.write("bad.csv", "a,b\n" + String(repeating: "1,2\n", count: 9000) + "x,2\n")
    try folder.write("old.csv", "what was there")
    let failed = try run("predict", "run", "bad.csv", "--output", "old.csv")
    #expect(failed.status == 65 && failed.error.contains("line 9002") && failed.error.contains("DRN04"), "\(failed.error)")
    #expect(try folder.text("old.csv") == "what was there")
    #expect(try run("predict", "run", "bad.csv", "--output", "none.csv").status == 65)
    #expect(try run("predict", "run", "new.csv", "--output", "run").status == 73)
    #expect(try run("predict", "run", "new.csv", "--output", "nowhere/p.csv").status == 73)
    #expect(folder.names().allSatisfy { !$0.hasPrefix(".drn-") && $0 != "none.csv" })
    let pipe = try Tool.shell("\"$DRNC\" predict run new.csv --output /dev/stderr 2>&1 >/dev/null | wc -l", folder: folder.path)
    #expect(pipe.output.trimmingCharacters(in: .whitespacesAndNewlines) == "4")
  }

  @Test("what cannot be asked for is refused, with a code and a status")
  func refusals() throws {
    func refused(_ status: Int32, _ code: String, _ arguments: String...) throws {
      let outcome = try Tool.run(arguments, folder: folder.path)
      #expect(outcome.status == status && outcome.signal == 0 && outcome.output.isEmpty, "\(arguments): \(outcome.status)")
      #expect(outcome.error.contains("error[\(code)]"), "\(arguments): \(outcome.error)")
    }
    try refused(65, "DRN0811", "predict", "run", "new.csv", "--to", "npy")
    try refused(65, "DRN0811", "predict", "run", "new.csv", "--output", "p.npy", "--top-k", "2")
    try refused(65, "DRN0811", "predict", "run", "new.csv", "--output", "p.npy", "--probabilities")
    try refused(65, "DRN0811", "eval", "run", "--data", "kept-t.csv", "--labels", "new.csv")
    try refused(65, "DRN0811", "eval", "run", "--data", "new.csv")
    try refused(66, "DRN0050", "predict", "run", "nothing.csv")
    try refused(66, "DRN0050", "eval", "nothing")
    try refused(65, "DRN0810", "eval", ".")
    try refused(65, "DRN0812", "inspect", "new.csv")
    try refused(66, "DRN0050", "inspect", "nothing.safetensors")
    #expect(try run("predict", "run").status == 64)
    #expect(try run("predict", "run", "new.csv", "--top-k", "0").status == 64)
    #expect(try run("predict", "run", "new.csv", "--to", "xml").status == 64)
  }

  @Test("inspect shows a run, its checkpoint and a file of its own")
  func inspection() throws {
    let words = try run("inspect", "run")
    #expect(words.status == 0 && words.output.contains("effective rank") && words.output.contains("fc.weight"), "\(words.error)")
    #expect(try !run("inspect", "run", "--no-spectra").output.contains("effective rank"))
    let found = try json(try run("inspect", "run", "--json", "--threads", "1"))
    #expect(found["kind"]?.text == "run" && found["weights"]?.items?.count == 2 && found["numbers"]?.whole == 27)
    let checkpoint = try #require(folder.names("run/checkpoints").last)
    let other = try json(try run("inspect", "run/checkpoints/\(checkpoint)", "--json"))
    let steps = try #require(try summary()["steps"]?.whole)
    #expect(other["kind"]?.text == "checkpoint" && other["provenance"]?["step"]?.text == "\(steps)")
  }
}
