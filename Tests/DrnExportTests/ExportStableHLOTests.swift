import DrnJSON
import DrnTestSupport
import Foundation
import Testing

@Suite("drnc export --to stablehlo", .serialized) struct ExportStableHLOTests {
  private func export(_ folder: TemporaryFolder, _ arguments: [String]) throws -> Tool.Outcome {
    try Tool.run(["export"] + arguments + ["--to", "stablehlo"], folder: folder.path)
  }

  private static let twoPhases = trainSource(
    """
    length: 2 epochs
    batch: 15
    rate: 0.1
    optimizer: sgd(momentum: 0.9)
    state: reset
    weights fc1 {
      from epoch 0: factored(rank: 2)
      from epoch 1: dense
    }
    """, data: "validation: 20%\nlast_batch: keep", examples: 125)

  @Test("writes every function of every phase and what it takes, the same again, and no part of it where the folder is taken")
  func everyPhase() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", Self.twoPhases)
    let outcome = try export(folder, ["a.drn", "-o", "out"])
    #expect(outcome.status == 0, "\(outcome.error)")
    let functions = ["evaluate", "step", "step_rest"]
    let names = [0, 1].flatMap { phase in functions.map { "phase-\(phase).\($0).mlir" } }
    #expect(folder.names("out") == (["manifest.json"] + names).sorted())
    for name in names { #expect(outcome.output.contains("out/\(name): \(try folder.bytes("out/\(name)").count) bytes")) }
    let manifest = try JSON(reading: Array(try folder.bytes("out/manifest.json")))
    let phases = try #require(manifest["phases"]?.items)
    #expect(phases.map { $0["ranks"]?["fc1.weight"]?.whole } == [2, nil])
    let step = try #require(phases[0]["functions"]?.items?.first { $0["function"]?.text == "step" })
    let weight = try #require(step["arguments"]?.items?.first { $0["name"]?.text == "fc1.weight.u" })
    #expect(weight["shape"]?.items?.map(\.whole) == [6, 2] && weight["role"]?.text == "weight" && weight["donated_to"]?.whole != nil)
    let again = try export(folder, ["a.drn", "-o", "again"])
    #expect(again.status == 0)
    for name in folder.names("out") { #expect(try folder.bytes("out/\(name)") == folder.bytes("again/\(name)")) }
    let taken = try export(folder, ["a.drn", "-o", "out"])
    #expect(taken.status == 73 && taken.error.contains("DRN0051") && taken.error.contains("it is there already"))
    #expect(folder.names() == ["a.drn", "again", "out"])
  }

  @Test("one phase by its number, devices as attributes, and what devices do not divide is refused with the nearest batches")
  func devices() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", Self.twoPhases)
    #expect(try export(folder, ["a.drn", "-o", "three", "--devices", "3", "--phase", "1"]).status == 0)
    #expect(folder.names("three").allSatisfy { !$0.contains("phase-0") })
    #expect(try folder.text("three/phase-1.step.mlir").contains("sdy.mesh @mesh = <[\"data\"=3]>"))
    let odd = try export(folder, ["a.drn", "-o", "two", "--devices", "2"])
    #expect(odd.status == 1 && odd.error.contains("DRN0902") && odd.error.contains("a `batch` of 14 or 16 is divisible"), "\(odd.error)")
    #expect(try export(folder, ["a.drn", "-o", "no", "--phase", "7"]).error.contains("DRN0055"))
    #expect(folder.names() == ["a.drn", "three"])
  }

  @Test("state is divided where that is asked for of several devices, and weights are not")
  func dividedState() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", Self.twoPhases)
    for (name, more) in [("whole", []), ("divided", ["--shard-state"])] {
      #expect(try export(folder, ["a.drn", "-o", name, "--devices", "3"] + more).status == 0)
      let manifest = try JSON(reading: Array(try folder.bytes("\(name)/manifest.json")))
      let step = try #require(manifest["phases"]?.items?[1]["functions"]?.items?.first { $0["function"]?.text == "step" })
      let divided = try #require(step["arguments"]?.items).filter { $0["divided"] != nil && $0["role"]?.text != "batch" }
      #expect(divided.allSatisfy { $0["role"]?.text == "state" } && divided.isEmpty == more.isEmpty, "\(divided)")
    }
    for more in [["--shard-state"], ["--devices", "1", "--shard-state"]] {
      #expect(try export(folder, ["a.drn", "-o", "no"] + more).status == 64)
    }
  }

  @Test("accumulation over several devices is a lint")
  func accumulation() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", Self.twoPhases.replacing("batch: 15", with: "batch: 15\naccumulation: 2"))
    let outcome = try export(folder, ["a.drn", "-o", "out", "--devices", "2"])
    #expect(outcome.status == 0 && outcome.error.contains("DRN0604"), "\(outcome.error)")
  }

  @Test("options of deployed networks are refused, and --devices of other formats")
  func options() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", Self.twoPhases)
    #expect(try export(folder, ["a.drn", "--merge"]).status == 64)
    #expect(try export(folder, ["a.drn", "--no-preparation"]).status == 64)
    #expect(try export(folder, ["a.drn", "--devices", "0"]).status == 64)
    #expect(try Tool.run(["export", "a.drn", "--to", "npz", "--devices", "2"], folder: folder.path).status == 64)
  }

  @Test("a rank that training decides is refused in a program, and written of a run that decided it")
  func decidedRank() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "a.drn",
      Self.twoPhases.replacing(
        "from epoch 0: factored(rank: 2)\n  from epoch 1: dense",
        with: "from epoch 0: dense\n from epoch 1: factored(rank: energy(90%)) by svd"))
    let refused = try export(folder, ["a.drn", "-o", "out"])
    #expect(refused.status == 1 && refused.error.contains("DRN0816"), "\(refused.error)")
    #expect(try export(folder, ["a.drn", "-o", "first", "--phase", "0"]).status == 0)
    let trained = try Tool.run(["train", "a.drn", "--quiet", "--threads", "1", "-o", "run"], folder: folder.path)
    #expect(trained.status == 0, "\(trained.error)")
    #expect(try export(folder, ["run", "-o", "out"]).status == 0)
    let manifest = try JSON(reading: Array(try folder.bytes("out/manifest.json")))
    let phase = try #require(manifest["phases"]?.items?.first)
    #expect(phase["phase"]?.whole == 1 && (1...6).contains(phase["ranks"]?["fc1.weight"]?.whole ?? 0))
  }

  @Test("a renewal that factorizes is left to drnc, and said to be")
  func renewals() throws {
    let folder = try TemporaryFolder()
    let source = trainSource(
      "length: 1 epochs batch: 16 rate: 0.01 optimizer: adam weights fc1 { update: low_rank_gradient(adam(), rank: 2, refresh: 4 steps) }")
    try folder.write("a.drn", source)
    let outcome = try export(folder, ["a.drn", "-o", "out"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output.contains("`renew` is not written") && outcome.output.contains("factorizes"))
    #expect(!folder.names("out").contains { $0.contains("renew") } && folder.names("out").contains("phase-0.step.mlir"))
  }
}
