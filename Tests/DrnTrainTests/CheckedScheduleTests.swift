import DrnAnalysis
import DrnCPU
import DrnCompiler
import DrnDiagnostics
import DrnKernels
import DrnPlan
import DrnProgram
import DrnSema
import DrnSource
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

/// The schedule and the plan that are checked and printed, against those that run.
@Suite("What is checked is what runs") struct CheckedScheduleTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// A table of `examples` rows of two numbers and a label.
  private func table(_ name: String, examples: Int, label: (Int) -> Int) throws -> String {
    let rows = (0..<examples).map { "\($0 % 7),\($0 % 11),\(label($0))" }
    try Data(("a,b,label\n" + rows.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: folder(name)))
    return "csv(train: \"\(folder(name))\", label: \"label\")"
  }

  private func source(_ source: String, classes: Int, data: String, train: String) -> String {
    """
    data rows { source: \(source)  x: tensor[2]  label: class(\(classes))  \(data) }
    network net(x: tensor[2]) -> tensor[\(classes)] { return x |> fc1: linear(8) |> relu |> head: linear(\(classes)) }
    train net on rows { loss: cross_entropy  optimizer: sgd  rate: 0.01  \(train) }
    """
  }

  private func codes(_ text: String) -> [String] {
    var sources = SourceMap()
    let file = sources.add(name: "main.drn", text: text)
    let result = check(file: file, sources: &sources, options: CheckOptions(), headers: FileDataHeaders()) { _ in nil }
    return result.diagnostics.filter { $0.severity == .error }.map(\.code.id)
  }

  @Test("a share of which each class keeps one example is counted by the classes that occur")
  func shareKeepsOne() throws {
    // 1 % of 1000 examples are 10, but each of 100 classes keeps one: 5 steps of 20.
    let rows = try table("all.csv", examples: 1000) { $0 % 100 }
    let settings = "batch: 20  length: 6 epochs"
    let text = source(rows, classes: 100, data: "examples_used: 1%  last_batch: keep", train: settings)
    #expect(try checkedProgram(text).stepsPerEpoch == 5)
    #expect(try TrainSession(text, output: folder("a")).trainer.feed.stepsPerEpoch == 5)
    #expect(codes(text.replacingOccurrences(of: "last_batch: keep", with: "last_batch: drop")) == [])
    let timeline = "state: reset  weights head { from epoch 0: dense  from epoch 2: factored(rank: 4)  from step 4: dense }"
    #expect(codes(text.replacingOccurrences(of: settings, with: "\(settings)  \(timeline)")) == ["DRN0304"])

    // 30 of 100 declared classes occur: 30 examples, two steps.
    let some = try table("some.csv", examples: 1000) { $0 % 30 }
    let fewer = source(some, classes: 100, data: "examples_used: 1%  last_batch: keep", train: settings)
    #expect(try checkedProgram(fewer).stepsPerEpoch == 2)
    #expect(try TrainSession(fewer, output: folder("b")).trainer.feed.stepsPerEpoch == 2)
  }

  @Test("a validation share that leaves each class its one example is counted so too")
  func validationKeepsOne() throws {
    let rows = try table("t.csv", examples: 60) { $0 % 50 }
    let text = source(rows, classes: 50, data: "validation: 80%", train: "batch: 25  length: 2 epochs")
    #expect(try checkedProgram(text).stepsPerEpoch == 2)
    #expect(try TrainSession(text, output: folder("a")).trainer.feed.stepsPerEpoch == 2)
    let none = source(
      try table("u.csv", examples: 50) { $0 }, classes: 50, data: "validation: 80%", train: "batch: 25  length: 2 epochs")
    #expect(codes(none) == ["DRN0208"])
  }

  @Test("a run whose files changed since the check does not start")
  func changedFiles() throws {
    let text = source(try table("t.csv", examples: 60) { $0 % 3 }, classes: 3, data: "", train: "batch: 16  length: 2 epochs")
    let program = try checkedProgram(text)
    _ = try table("t.csv", examples: 90) { $0 % 3 }
    let error = trainError {
      _ = try Trainer(
        program: program, source: RunSource(text: [], configuration: "", version: "test"),
        options: TrainOptions(threads: 1, output: folder("a")), observer: nil)
    }
    #expect(error?.kind == .data && error?.message.contains("60") == true && error?.message.contains("90") == true)
    #expect(error?.span != nil)
  }

  @Test("the compiler that prices, prints and times takes the plan of the run", arguments: ["drop", "keep"])
  func onePlan(last: String) throws {
    for (batch, examples) in [("batch: 16", 60), ("batch: 5  accumulation: 3", 52), ("batch: 64", 70)] {
      let text = source(
        "synthetic(\(examples))", classes: 3, data: "validation: 10%  last_batch: \(last)",
        train: "\(batch)  length: 2 epochs  weights fc1 { from epoch 0: factored(rank: 2) }")
      guard codes(text).isEmpty else { continue }
      let trainer = try TrainSession(text, output: folder("\(batch)-\(last)-\(examples)")).trainer
      let compiler = PhaseCompiler(program: try checkedProgram(text))
      let compiled = try compiler.compiled(phase: 0, ranks: compiler.scheduledRanks(phase: 0))
      let run = trainer.segment.segment.plan.text(of: trainer.segment.module)
      #expect(try compiled.plan(threads: 1).text(of: compiled.module) == run)
      #expect(
        try compiler.cost(phase: 0, ranks: compiler.scheduledRanks(phase: 0), machine: .typical(threads: 1)).memory
          == trainer.segment.arenaBytes)
      let out = try Tool.run(["dump-ir", "-", "--stage", "plan", "--threads", "1"], input: text)
      #expect(out.status == 0 && out.output == run, "\(out.error)")
    }
  }

  @Test("a batch norm that is given single examples is reported, in whatever update they come")
  func singleExamples() throws {
    func text(_ batch: String, _ examples: Int) -> String {
      """
      data rows { source: synthetic(\(examples))  x: tensor[2]  label: class(3)  last_batch: keep }
      network net(x: tensor[2]) -> tensor[3] { return x |> fc1: linear(8) |> norm: batch_norm |> relu |> head: linear(3) }
      train net on rows { loss: cross_entropy  optimizer: sgd  rate: 0.01  length: 2 epochs  \(batch) }
      """
    }
    #expect(codes(text("batch: 16", 33)) == ["DRN0208"])
    #expect(codes(text("batch: 4  accumulation: 4", 23)) == ["DRN0208"])
    // 5 examples are left over, a prime number, and taken at once.
    #expect(codes(text("batch: 4  accumulation: 2", 21)) == [])
  }

  // MARK: Targets

  private func regression(_ source: String, width: Int, data: String = "") -> String {
    """
    data rows { source: \(source)  x: tensor[2]  label: tensor[\(width)]  \(data) }
    network net(x: tensor[2]) -> tensor[\(width)] { return x |> head: linear(\(width)) }
    train net on rows { loss: mean_squared_error  optimizer: sgd  rate: 0.01  length: 1 epochs  batch: 4 }
    """
  }

  private func write(_ name: String, _ description: String, _ shape: [Int], _ bytes: [UInt8]) throws {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = Array("{'descr': '\(description)', 'fortran_order': False, 'shape': (\(sizes)), }".utf8)
    while (10 + header.count + 1) % 64 != 0 { header.append(0x20) }
    header.append(0x0A)
    let start: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(header.count % 256), UInt8(header.count / 256)]
    try Data(start + header + bytes).write(to: URL(fileURLWithPath: folder(name)))
  }

  @Test("targets of another width than declared, and classes where values are declared, are told by the check")
  func targetWidths() throws {
    try write("x.npy", "<f4", [8, 2], [UInt8](repeating: 0, count: 64))
    try write("y.npy", "<f4", [8, 3], [UInt8](repeating: 0, count: 96))
    try write("z.npy", "<f4", [8, 2], [UInt8](repeating: 0, count: 64))
    let pair = "features: \"\(folder("x.npy"))\", labels: \"\(folder("y.npy"))\""
    #expect(codes(regression("npy(\(pair))", width: 2)) == ["DRN0401"])
    #expect(codes(regression("npy(\(pair))", width: 3)) == [])
    let test = ", test_features: \"\(folder("x.npy"))\", test_labels: \"\(folder("z.npy"))\""
    #expect(codes(regression("npy(\(pair)\(test))", width: 3)) == ["DRN0406"])
    #expect(codes(regression(try table("t.csv", examples: 8) { $0 }, width: 2)) == ["DRN0401"])
    #expect(codes(regression(try table("t.csv", examples: 8) { $0 }, width: 1)) == [])
    // Classes stored as real numbers are refused from the header too.
    let classes = source("npy(\(pair))", classes: 3, data: "", train: "batch: 4  length: 1 epochs")
    try write("y.npy", "<f4", [8], [UInt8](repeating: 0, count: 32))
    #expect(codes(classes) == ["DRN0406"])
  }

  @Test("files of classes are no real values: the check and the run end with 65") func classesForValues() throws {
    let images: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 8, 0, 0, 0, 2] + [UInt8](repeating: 1, count: 16)
    let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 8] + (0..<8).map { $0 % 2 }
    try Data(images).write(to: URL(fileURLWithPath: folder("i")))
    try Data(labels).write(to: URL(fileURLWithPath: folder("l")))
    let text = regression("idx(train_features: \"\(folder("i"))\", train_labels: \"\(folder("l"))\")", width: 1)
    #expect(codes(text) == ["DRN0402"])
    for arguments in [["check", "-"], ["train", "-", "-o", folder("run")]] {
      let outcome = try Tool.run(arguments, input: text)
      #expect(outcome.status == 65 && outcome.error.contains("DRN0402"))
    }
    #expect(!FileManager.default.fileExists(atPath: folder("run")))
  }
}
