import DrnData
import DrnJSON
import DrnProgram
import DrnSema
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("What a run folder says of its inputs and outputs") struct ModelDescriptionTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func model(_ run: String) throws -> JSON { try JSON(reading: Array(try folder.bytes("\(run)/model.json"))) }

  private func numbers(_ json: JSON?) -> [Double]? {
    json?.items?.compactMap { item in
      switch item {
      case .number(let value): value
      case .integer(let value): Double(value)
      case .null, .boolean, .string, .array, .object: nil
      }
    }
  }

  private func texts(_ json: JSON?) -> [String]? { json?.items?.compactMap(\.text) }

  @Test("statistics read back as the doubles that were applied, one for each run of values", arguments: ["pixel", "channel", "all"])
  func statistics(granularity: String) throws {
    let text = """
      data d { source: synthetic(60, test_examples: 6, noise: 1)  x: tensor[2, 3, 4]  label: class(3)  prepare: standardize(per: \(granularity)) }
      network net(x: tensor[2, 3, 4]) -> tensor[3] { return x |> flatten |> head: linear(3) }
      train net on d { length: 1 epochs  batch: 10  loss: cross_entropy  optimizer: sgd  rate: 0.01  seed: 3 }
      """
    let session = try TrainSession(text, output: folder("run"))
    try session.run()
    let preparation = try #require(session.trainer.data.preparation)
    let prepare = try #require(try model("run")["input"]?["prepare"])
    #expect(prepare["per"]?.text == granularity)
    for (name, applied) in [("mean", preparation.mean), ("inverse_deviation", preparation.inverseDeviation)] {
      let read = try #require(numbers(prepare[name]))
      #expect(read.count == ["pixel": 24, "channel": 2, "all": 1][granularity])
      #expect(read.flatMap { [Double](repeating: $0, count: 24 / read.count) } == applied)
    }
  }

  @Test("the weights of a table, with what model.json says and nothing else, give the outputs that were tested")
  func useFromFolder() throws {
    var rows: [(text: String, word: String, label: Int)] = []
    for row in 0..<60 {
      let value = Double(row * 37 % 61) / 7 - 3
      rows.append((row % 9 == 4 ? "" : "\(value)", ["low", "mid", "top"][row * 5 % 3], value > 1 ? 1 : 0))
    }
    let names = ["no", "yes"]
    let lines = rows.map { "\($0.text),\($0.word),\(names[$0.label])\n" }
    for (name, part) in [("train.csv", lines[..<40]), ("validation.csv", lines[40..<50]), ("test.csv", lines[50...])] {
      try ("v,w,y\n" + part.joined()).write(toFile: folder(name), atomically: true, encoding: .utf8)
    }
    let text = """
      data d {
        source: csv(train: "\(folder("train.csv"))", validation: "\(folder("validation.csv"))", test: "\(folder("test.csv"))", label: "y",
          categories: one_hot("w"), missing: mean)
        row: tensor[4]
        label: class
        prepare: standardize(per: channel)
      }
      network net(row: tensor[4]) -> tensor[2] { return row |> head: linear(2) }
      train net on d { length: 20 epochs  batch: 8  loss: cross_entropy  optimizer: sgd  rate: 0.1  seed: 3 }
      """
    let (session, summary) = try train(text, output: folder("run"))
    #expect(session.trainer.data.trainIndices.count == 40 && session.trainer.data.validationIndices.count == 10)
    let model = try model("run")
    let input = try #require(model["input"])
    let levels = try #require(texts(input["columns"]?.items?[1]["levels"]))
    let means = try #require(numbers(input[["missing", "means"]]))
    let mean = try #require(numbers(input[["prepare", "mean"]]))
    let inverse = try #require(numbers(input[["prepare", "inverse_deviation"]]))
    let classes = try #require(texts(model[["output", "classes"]]))
    let file = try TensorFile.read(path: folder("run/weights.safetensors"))
    func tensor(_ name: String) throws -> [Float] { try #require(file.tensor(named: name)).floats() }
    let (weight, bias) = (try tensor("head.weight"), try tensor("head.bias"))
    var right = 0
    for row in rows[50...] {
      let values = [Double(row.text) ?? means[0]] + levels.map { $0 == row.word ? 1 : 0 }
      let prepared = values.indices.map { (values[$0] - mean[$0]) * inverse[$0] }
      let outputs = (0..<2).map { output in
        prepared.indices.reduce(Double(bias[output])) { $0 + prepared[$1] * Double(weight[output * 4 + $1]) }
      }
      if classes[outputs[0] < outputs[1] ? 1 : 0] == names[row.label] { right += 1 }
    }
    let accuracy = try #require(summary.test?.accuracy)
    #expect(accuracy > 0.6 && accuracy == Double(right) / 10, "\(accuracy), \(right)")
  }

  @Test("labels that are numbered anew keep their values, and folders of images their names")
  func labels() throws {
    func idx(_ sizes: [UInt8], _ bytes: [UInt8]) -> Data { Data([0, 0, 8, UInt8(sizes.count)] + sizes.flatMap { [0, 0, 0, $0] } + bytes) }
    try idx([12, 2], (0..<24).map { UInt8($0 * 7 % 5) }).write(to: URL(fileURLWithPath: folder("x.idx")))
    try idx([12], (0..<12).map { UInt8(1 + $0 % 3 * 2) }).write(to: URL(fileURLWithPath: folder("y.idx")))
    let text = """
      data d { source: idx(train_features: "\(folder("x.idx"))", train_labels: "\(folder("y.idx"))")  x: tensor[2]  label: class }
      network net(x: tensor[2]) -> tensor[3] { return x |> head: linear(3) }
      train net on d { length: 1 epochs  batch: 4  loss: cross_entropy  optimizer: sgd  rate: 0.01 }
      """
    let (session, _) = try train(text, output: folder("run"))
    #expect(session.trainer.data.training.labels == (0..<12).map { Int32($0 % 3) })
    #expect(try model("run")[["output", "classes"]] == ["1", "3", "5"])
  }

  @Test("a column without a value among the examples that are trained on is an error that names it")
  func noMean() throws {
    try "a,b,y\n,1,0\n,2,1\n,3,0\n,4,1\n".write(toFile: folder("t.csv"), atomically: true, encoding: .utf8)
    let text = """
      data d { source: csv(train: "\(folder("t.csv"))", label: "y", missing: mean)  x: tensor[2]  label: class(2) }
      network net(x: tensor[2]) -> tensor[2] { return x |> head: linear(2) }
      train net on d { length: 1 epochs  batch: 2  loss: cross_entropy  optimizer: sgd  rate: 0.01 }
      """
    let error = trainError { try train(text, output: folder("run")) }
    #expect(error?.kind == .files(.damaged) && error?.message.contains("field \"a\"") == true, "\(String(describing: error))")
  }
}
