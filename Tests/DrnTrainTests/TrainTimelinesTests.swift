import DrnMethods
import DrnProgram
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("Rates and weight decay over time") struct TrainTimelinesTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Six steps an epoch.
  private func source(rate: String = "rate: 0.1", decay: String = "", _ more: String = "") -> String {
    trainSource("length: 4 epochs  batch: 16  optimizer: sgd(momentum: 0.9)  \(rate)  \(decay)  \(more)")
  }

  @Test("the rate of every step is that of its span, and another rate begins no phase")
  func rates() throws {
    let text = source(rate: "rate { from epoch 0: linear(0.1, final: 0.04)  from epoch 1: 0.02  from step 20: linear(0.4) }")
    #expect(try checkedProgram(text).phases.count == 1)
    let rates = try train(text, output: folder("a")).session.recorder.steps.map(\.rate)
    let first = (0..<6).map { 0.1 - 0.01 * Double($0) }
    let last = (0..<4).map { 0.4 - 0.1 * Double($0) }
    let expected = first + [Double](repeating: 0.02, count: 14) + last
    // Products of doubles in another order.
    #expect(rates.count == 24 && zip(rates, expected).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test(
    "a timeline of one value trains to the bytes of the value",
    arguments: [
      ("rate: cosine(0.1, warmup: 3 steps)", "rate { from epoch 0: cosine(0.1, warmup: 3 steps) }"),
      ("rate: 0.1  weight_decay: 0.01", "rate: 0.1  weight_decay { from epoch 0: 0.01  from epoch 2: 0.01 }"),
    ])
  func one(_ value: String, _ timeline: String) throws {
    try train(source(rate: value), output: folder("value"))
    try train(source(rate: timeline), output: folder("timeline"))
    // Beside the tensors the file says the number of its phase.
    try expectSameTensors(folder("value/weights.safetensors"), folder("timeline/weights.safetensors"))
  }

  @Test("a run stopped at or within a later span ends as one that was not", arguments: [2, 3])
  func resumed(_ stop: Int) throws {
    let text = source(
      rate: "rate { from epoch 0: cosine(0.1)  from epoch 2: cosine(0.02, warmup: 4 steps) }",
      decay: "weight_decay { from epoch 0: 0.05  from epoch 2: 0 }")
    try expectSameBytes(of: text, stoppedAfter: Duration(.epoch, stop), in: folder)
  }

  @Test("a stopped run goes on with another future, as the whole timeline would have, and not with another past")
  func changed() throws {
    let plain = source(decay: "weight_decay: 0.05")
    let timelines = source(
      rate: "rate { from epoch 0: 0.1  from epoch 2: 0.03 }", decay: "weight_decay { from epoch 0: 0.05  from epoch 3: 0 }")
    try runInFolder(timelines, folder("whole"))
    try runInFolder(plain, folder("part"), stopAfter: Duration(.epoch, 2))
    for other in ["from epoch 1: 0.03", "from step 11: 0.03"] {
      let error = trainError { try runInFolder(timelines.replacing("from epoch 2: 0.03", with: other), folder("part"), resumes: true) }
      #expect(error?.kind == .checkpointDiffers && error?.message.contains("`rate:") == true)
    }
    let decay = trainError {
      try runInFolder(timelines.replacing("from epoch 3: 0", with: "from epoch 1: 0"), folder("part"), resumes: true)
    }
    #expect(decay?.kind == .checkpointDiffers && decay?.message.contains("`weight_decay from step 6: 0`") == true)
    try runInFolder(timelines, folder("part"), resumes: true)
    #expect(try folder.bytes("whole/weights.safetensors") == folder.bytes("part/weights.safetensors"))
    try runInFolder(plain, folder("plain"))
    #expect(try folder.bytes("whole/weights.safetensors") != folder.bytes("plain/weights.safetensors"))
  }

  @Test("without gradient a step shrinks a weight by rate times decay while there is decay, and not after")
  func decay() throws {
    let text = trainSource(
      "length: 2 epochs  batch: 16  optimizer: sgd()  rate: 0.5  clip: 1e-12  weight_decay { from epoch 0: 0.01  from epoch 1: 0 }")
    let session = try TrainSession(text, output: folder("a"), stopAfter: Duration(.epoch, 1))
    let start = session.trainer.state.tensors["fc1.weight"]
    try session.run()
    let middle = session.trainer.state.tensors["fc1.weight"]
    let end = try train(text, output: folder("b")).session.trainer.state.tensors["fc1.weight"]
    let shrunk = start?.map { $0 * Float(pow(1 - 0.005, 6)) }
    #expect(distance(middle, start) > 1e-3 && distance(middle, shrunk) < 1e-5 && distance(end, middle) < 1e-5)
  }

  @Test("the printed configuration has the times of both")
  func configuration() throws {
    let text = source(
      rate: "rate { from epoch 0: 0.1  from epoch 2: 0.03 }", decay: "weight_decay { from epoch 0: 0.05  from epoch 3: 0 }")
    let lines = resolvedConfiguration(try checkedProgram(text)).split(separator: "\n")
    #expect(lines.contains("  rate: from epoch 0: constant(rate: 0.1); from epoch 2: constant(rate: 0.03)"))
    #expect(lines.contains("  weight_decay: from epoch 0: 0.05; from epoch 3: 0"))
  }
}
