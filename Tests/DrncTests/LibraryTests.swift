import Drnc
import DrnTestSupport
import Foundation
import Testing

@Suite("import Drnc", .serialized) struct LibraryTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func tiny() throws -> Program { try Program(file: Models.path("tiny"), set: ["train.length=8 epochs"], seed: 4) }

  @Test("the example of the page is the one that is compiled")
  func page() throws {
    let source = try Repository.text("Tests/DrncTests/Example.swift")
    let body = try #require(source.components(separatedBy: "throws {\n").last?.components(separatedBy: "\n}\n").first)
    let lines = body.split(separator: "\n").map { String($0.dropFirst(2)) }
    #expect(lines.count == 8)
    let page = try Repository.text("docs/swift.md")
    #expect(page.contains("import Drnc\n\n" + lines.joined(separator: "\n") + "\n"))
  }

  @Test("the example runs as it stands, on a table")
  func example() throws {
    let rows = (0..<60).map { "\($0 % 7),\($0 * $0 % 11),\($0 % 3 == 0 ? "rose" : "tulip")" }
    try folder.write("flowers.csv", "a,b,kind\n" + rows.joined(separator: "\n") + "\n")
    try folder.write("new.csv", "a,b\n3,4\n5,6\n")
    #expect(try Tool.run(["new", "--data", "flowers.csv"], folder: folder.path).status == 0)
    // The example names files of the current folder.
    let before = FileManager.default.currentDirectoryPath
    #expect(FileManager.default.changeCurrentDirectoryPath(folder.path))
    defer { _ = FileManager.default.changeCurrentDirectoryPath(before) }
    try trainAndPredict()
    let model = try Model(run: "runs/flowers")
    #expect(model.outputs.sorted() == ["rose", "tulip"] && model.predictsClasses)
    let predictions = try model.predict("new.csv")
    #expect(predictions.count == 2)
    for prediction in predictions {
      #expect(abs(prediction.values.reduce(0, +) - 1) < 1e-5)
      #expect(prediction.label == model.outputs[prediction.values[0] >= prediction.values[1] ? 0 : 1])
    }
  }

  @Test("a run has the bytes, the epochs and the scores of `drnc train`")
  func agreesWithTheTool() throws {
    var epochs: [Epoch] = []
    let run = try tiny().train(into: folder("a"), epochs: 3, threads: 1) { epochs.append($0) }
    let arguments = [
      "train", Models.path("tiny"), "--set", "train.length=8 epochs", "--seed", "4", "--stop-after", "3 epochs", "--threads", "2",
    ]
    let outcome = try Tool.run(arguments + ["-o", folder("b"), "--quiet"])
    #expect(outcome.status == 0, "\(outcome.error)")
    for name in ["weights.safetensors", "log.jsonl", "config.txt", "run.json", "summary.json"] {
      let (library, tool) = (try folder.text("a/\(name)"), try folder.text("b/\(name)"))
      // What stopped them is written as it was asked for.
      #expect(name == "config.txt" || library == tool, "\(name)")
    }
    #expect(epochs.map(\.number) == [0, 1, 2] && epochs.allSatisfy { $0.loss.isFinite && $0.validationAccuracy != nil && $0.rate > 0 })
    let model = try Model(run: run.folder)
    let test = try model.test()
    #expect(run.steps == 84 && run.test?.accuracy == test.accuracy && run.validation != nil)
  }

  @Test("no epoch at all gives the initial weights")
  func initial() throws {
    let run = try tiny().train(into: folder("a"), epochs: 0)
    #expect(run.steps == 0 && run.test != nil)
  }

  @Test("what is wrong is thrown with code, place and help, and what is only doubtful is told")
  func problems() throws {
    let wrong = #expect(throws: DrncError.self) { try Program(file: Models.path("tiny"), set: ["train.lenght=3"]) }
    #expect(wrong?.problems.map(\.code) == ["DRN0003"] && wrong?.problems.first?.help != nil)
    let text = "network n(x: tensor[4]) -> tensor[2] { return x |> head: linear(3) }\n"
    let shape = #expect(throws: DrncError.self) { try Program(text: text) }
    #expect(
      shape?.problems.contains { $0.severity == .error && $0.line == 1 && $0.file == "main.drn" } == true, "\(String(describing: shape))")
    #expect(shape?.description.contains("main.drn:1:") == true)
    let doubtful = try Program(text: coldProgram)
    #expect(doubtful.network == "small" && doubtful.remarks.contains { $0.code == "DRN0504" && $0.severity == .warning })
    #expect(throws: DrncError.self) { try Program(file: folder("absent.drn")) }
    #expect(throws: DrncError.self) { try Model(run: folder("absent")) }
    let run = try tiny().train(into: folder("a"), epochs: 0)
    let taken = #expect(throws: DrncError.self) { try tiny().train(into: folder("a"), epochs: 0) }
    #expect(taken?.problems.first?.code == "DRN0704")
    let unfit = #expect(throws: DrncError.self) { try Model(run: run.folder).predict(folder("absent.npy")) }
    #expect(unfit?.problems.first?.severity == .error)
  }
}
