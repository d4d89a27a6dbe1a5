import DrnMethods
import DrnProgram
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("class_weights: balanced") struct TrainBalancedClassesTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Rows of the classes 0 to 2, of which there are so many.
  private func table(_ counts: [Int]) throws -> String {
    let rows = counts.enumerated().flatMap { label, count in (0..<count).map { "\($0 * 7 % 5),\($0 * 3 % 4),\(label)\n" } }
    return try folder.write("\(counts).csv", "a,b,y\n" + rows.joined())
  }

  private func text(_ table: String, _ weights: String, data: String = "", label: String = "class(3)") -> String {
    """
    data d { source: csv(train: "\(table)", label: "y")  x: tensor[2]  label: \(label)  \(data) }
    network n(x: tensor[2]) -> tensor[3] { return x |> fc: linear(4) |> relu |> head: linear(3) }
    train n on d { length: 2 epochs  batch: 8  rate: 0.1  optimizer: sgd  seed: 3  loss: cross_entropy  class_weights: \(weights) }
    """
  }

  @Test("the weights are the examples over the classes that occur and those of the class, without those held out")
  func weights() throws {
    let path = try table([24, 12, 4])
    func weights(_ text: String) throws -> [Double] { try checkedProgram(text).training.classWeights }
    let (first, second, third): (Double, Double, Double) = (40 / 72, 40 / 36, 40 / 12)
    #expect(try weights(text(path, "balanced")) == [first, second, third])
    #expect(try weights(text(path, "balanced", label: "class")) == [first, second, third])
    // Of 24, 12 and 4 a quarter is held out, and of 18, 9 and 3 the proportions are the same.
    let split = try weights(text(path, "balanced", data: "validation: 25%"))
    #expect(split == [first, second, third])
    let uneven = try weights(text(try table([24, 0, 8]), "balanced"))
    #expect(uneven == [32.0 / 48, 0, 2])
  }

  @Test("a run is that of the weights written as numbers, goes on, and is used without its data")
  func run() throws {
    let path = try table([24, 12, 4])
    func weights(_ text: String, _ name: String) throws -> [String: [Float]] {
      try train(text, output: folder(name)).session.trainer.state.tensors
    }
    let balanced = try weights(text(path, "balanced"), "balanced")
    let numbers = try weights(text(path, "[40/72, 40/36, 40/12]"), "numbers")
    #expect(balanced == numbers)
    let equal = try weights(text(path, "[1, 1, 1]"), "equal")
    #expect(balanced != equal)
    try runInFolder(text(path, "balanced"), folder("part"), stopAfter: Duration(.epoch, 1))
    try runInFolder(text(path, "balanced"), folder("part"), resumes: true)
    #expect(try folder.text("part/model.json").replacing(" ", with: "").contains("\"class_counts\":[24,12,4]"))
  }
}
