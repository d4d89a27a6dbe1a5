import DrnMethods
import DrnProgram
import DrnSema
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("Starting from saved weights") struct TrainSavedWeightsTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func source(_ form: String = "", from: String? = nil) -> String {
    trainSource("length: 1 epochs \(plainSettings) \(form) \(from.map { "weights_from: \($0)" } ?? "")")
  }
  private func start(_ form: String = "", from name: String, _ output: String = "b") throws -> Trainer {
    try TrainSession(source(form, from: "\"\(folder(name))\""), output: folder(output)).trainer
  }
  private func write(_ name: String, _ tensors: [NamedTensor]) throws { try TensorFile(tensors: tensors).write(path: folder(name)) }
  private func dense(fc1: [Int] = [8, 6], name: String = "fc1.weight") -> [NamedTensor] {
    func values(_ count: Int) -> [Float] { (0..<count).map { Float(sin(Double($0 * $0 + 1))) } }
    return [
      NamedTensor(name: name, shape: fc1, floats: values(fc1.reduce(1, *))), NamedTensor(name: "fc1.bias", shape: [8], floats: values(8)),
      NamedTensor(name: "head.weight", shape: [4, 8], floats: values(32)), NamedTensor(name: "head.bias", shape: [4], floats: values(4)),
    ]
  }

  @Test(
    "weights saved by a run give the same validation loss in the same form",
    arguments: [
      "", "weights fc1 { from epoch 0: factored(rank: 2) }", "weights fc1 { from epoch 0: core(rank: 3) }",
      "weights fc1 { from epoch 0: adapter(rank: 2, alpha: 4) }", "weights fc1 { from epoch 0: power(3, of: factored(rank: 2)) }",
      "weights fc1 { from epoch 0: sparse(30%) }",
    ])
  func roundTrip(form: String) throws {
    let (_, summary) = try train(source(form), output: folder("a"))
    let trainer = try start(form, from: "a/weights.safetensors")
    #expect(try trainer.validate()?.loss == summary.validation?.loss)
  }

  @Test("a dense file enters a factored form of full rank as the same function")
  func fullRank() throws {
    try write("dense.safetensors", dense())
    let plain = try start(from: "dense.safetensors", "plain").validate()
    let factored = try start("weights fc1 { from epoch 0: factored(rank: 6) }", from: "dense.safetensors", "factored").validate()
    // Both are the same matrix up to the rounding of its decomposition.
    #expect(abs(try #require(plain?.loss) - (try #require(factored?.loss))) < 1e-4)
  }

  @Test("a dense matrix is stored outputs x inputs")
  func orientation() throws {
    let tensors = dense()
    try write("dense.safetensors", tensors)
    let loaded = try start(from: "dense.safetensors").state.tensors["fc1.weight"]
    let stored = try tensors[0].floats()
    let expected = (0..<48).map { index -> Float in stored[(index % 8) * 6 + index / 8] }
    #expect(loaded == expected)
  }

  @Test("below full rank a dense file is truncated: the product is nearer to the matrix the higher the rank, and exact at its own rank")
  func truncation() throws {
    // A matrix of rank 2: rank 1 cannot hold it, rank 2 and 3 can.
    let matrix = (0..<48).map { index -> Float in
      let (row, column) = (Float(index / 6), Float(index % 6))
      return sin(row) * (column + 1) + 0.3 * row * cos(column)
    }
    try write("dense.safetensors", [NamedTensor(name: "fc1.weight", shape: [8, 6], floats: matrix)] + dense().dropFirst())
    func error(_ rank: Int) throws -> Double {
      let state = try start("weights fc1 { from epoch 0: factored(rank: \(rank)) }", from: "dense.safetensors", "r\(rank)").state.tensors
      let (left, right) = (try #require(state["fc1.weight.u"]), try #require(state["fc1.weight.v"]))
      let product = (0..<48).map { index -> Float in
        let (row, column) = (index / 6, index % 6)
        return (0..<rank).map { left[column * rank + $0] * right[$0 * 8 + row] }.reduce(0, +)
      }
      return distance(product, matrix)
    }
    #expect(try error(1) > 0.1)
    #expect(try error(2) < 1e-4)
    #expect(try error(3) < 1e-4)
  }

  @Test(
    "what is deployed beside the trained form gives the same validation loss, and has as many parameters as were stated",
    arguments: [
      ("adapter(rank: 2, alpha: 4)", "dense"), ("core(rank: 3)", "factored(rank: 3)"), ("three_factor(rank: 3)", "factored(rank: 3)"),
      ("power(2)", "dense"), ("power(2, of: factored(rank: 3))", "factored(rank: 3)"), ("sparse(30%)", "dense"),
    ])
  func deployed(form: String, deployedForm: String) throws {
    let (_, summary) = try train(source("weights fc1 { from epoch 0: \(form) }"), output: folder("a"))
    #expect(summary.hasDeployedFile)
    let file = try TensorFile.read(path: folder("a/deployed.safetensors"))
    #expect(file.tensors.reduce(0) { $0 + $1.shape.reduce(1, *) } == summary.deployedParameters)
    #expect(file.metadataValue("drnc.form.fc1.weight") == deployedForm.replacing("(rank:", with: " rank").replacing(")", with: ""))
    let loss = try start("weights fc1 { from epoch 0: \(deployedForm) }", from: "a/deployed.safetensors").validate()?.loss
    // The same matrix up to the rounding of one product.
    #expect(abs(try #require(loss) - (try #require(summary.validation?.loss))) < 1e-5)
  }

  @Test("a form that is deployed as it was trained has one file")
  func deployedAsTrained() throws {
    let (_, summary) = try train(source("weights fc1 { from epoch 0: factored(rank: 2) }"), output: folder("a"))
    #expect(!summary.hasDeployedFile && !FileManager.default.fileExists(atPath: folder("a/deployed.safetensors")))
  }

  @Test("bases of a core that are not orthonormal are refused, by the vectors that have to be", arguments: ["u", "v"])
  func skewedBasis(skewed: String) throws {
    let form = "weights fc1 { from epoch 0: core(rank: 3) }"
    _ = try train(source(form), output: folder("a"))
    var file = try TensorFile.read(path: folder("a/weights.safetensors"))
    let place = try #require(file.tensors.firstIndex { $0.name == "fc1.weight.\(skewed)" })
    let tensor = file.tensors[place]
    // An inner product of 0.02 between the first two vectors; 0.005 would pass.
    for (share, passes) in [(Float(0.02), false), (0.005, true)] {
      var values = try tensor.floats()
      let (count, length, step, stride) = skewed == "u" ? (3, 6, 1, 3) : (3, 8, 8, 1)
      #expect(values.count == count * length)
      for index in 0..<length { values[step + index * stride] += share * values[index * stride] }
      file.tensors[place] = NamedTensor(name: tensor.name, shape: tensor.shape, floats: values)
      try file.write(path: folder("skewed.safetensors"))
      let error = trainError { _ = try start(form, from: "skewed.safetensors", "from\(share)") }
      #expect((error == nil) == passes)
      #expect(passes || error?.message.contains("the \(skewed == "u" ? "columns" : "rows") of `fc1.weight.\(skewed)`") == true)
    }
  }

  /// The file has a head of 10 classes where the network has 4.
  private static let otherHead = [
    NamedTensor(name: "fc1.weight", shape: [8, 6], floats: (0..<48).map { Float(cos(Double($0))) }),
    NamedTensor(name: "fc1.bias", shape: [8], floats: [Float](repeating: 0.5, count: 8)),
    NamedTensor(name: "head.weight", shape: [10, 8], floats: [Float](repeating: 1, count: 80)),
    NamedTensor(name: "head.bias", shape: [10], floats: [Float](repeating: 1, count: 10)),
  ]

  @Test(
    "a head of another size is left out by `except` and drawn as without a file; the error names it otherwise",
    arguments: ["head", "[head]", "h*"])
  func exceptedHead(selector: String) throws {
    try write("ten.safetensors", Self.otherHead)
    let whole = try #require(trainError { _ = try start(from: "ten.safetensors", "whole") })
    #expect(whole.message.contains("`head.weight` of") && whole.help?.contains("`except: head`") == true, "\(whole)")
    let file = "file(\"\(folder("ten.safetensors"))\", except: \(selector))"
    let taken = try TrainSession(source(from: file), output: folder("b")).trainer.state.tensors
    let drawn = try TrainSession(source(), output: folder("c")).trainer.state.tensors
    #expect(taken["fc1.bias"] == [Float](repeating: 0.5, count: 8) && taken["fc1.weight"] != drawn["fc1.weight"])
    #expect(taken["head.weight"] == drawn["head.weight"] && taken["head.bias"] == drawn["head.bias"])
  }

  @Test("an adapter starts around a dense file")
  func adapter() throws {
    try write("dense.safetensors", dense())
    let plain = try start(from: "dense.safetensors", "plain")
    let adapter = try start("weights fc1 { from epoch 0: adapter(rank: 2, alpha: 4) }", from: "dense.safetensors", "adapter")
    #expect(adapter.state.tensors["fc1.weight.base"] == plain.state.tensors["fc1.weight"])
    #expect(try adapter.validate()?.loss == plain.validate()?.loss)
  }

  @Test("the map says under which name a tensor is in the file, and its factors with it")
  func nameMap() throws {
    try write("dense.safetensors", dense(name: "layers.0.weight"))
    let map = "file(\"\(folder("dense.safetensors"))\", map: [[\"fc1.weight\", \"layers.0.weight\"]])"
    let trainer = try TrainSession(source(from: map), output: folder("b")).trainer
    #expect(trainer.state.tensors["fc1.weight"]?.count == 48)
    let factors = [("layers.0.weight.u", [6, 2]), ("layers.0.weight.v", [2, 8])].map { name, shape in
      NamedTensor(name: name, shape: shape, floats: (0..<shape.reduce(1, *)).map { Float($0) })
    }
    try write("dense.safetensors", factors + dense().dropFirst())
    let factored = try TrainSession(source("weights fc1 { from epoch 0: factored(rank: 2) }", from: map), output: folder("c")).trainer
    #expect(factored.state.tensors["fc1.weight.u"] == (0..<12).map { Float($0) })
  }

  @Test("a missing tensor is named with its shape and the nearest name in the file")
  func missing() throws {
    try write("dense.safetensors", dense(name: "fc1.wieght"))
    let error = trainError { _ = try start(from: "dense.safetensors") }
    #expect(error?.kind == .weights)
    #expect(error?.message.contains("`fc1.weight`") == true && error?.message.contains("[8, 6]") == true)
    #expect(error?.help?.contains("`fc1.wieght`") == true)
    #expect(!FileManager.default.fileExists(atPath: folder("b")))
  }

  @Test("one factor of two is a missing tensor, not a reason to look for the dense matrix")
  func missingFactor() throws {
    try write("dense.safetensors", dense() + [NamedTensor(name: "fc1.weight.u", shape: [6, 2], floats: Array(repeating: 1, count: 12))])
    let error = trainError { _ = try start("weights fc1 { from epoch 0: factored(rank: 2) }", from: "dense.safetensors") }
    #expect(error?.message.contains("`fc1.weight.v`") == true)
  }

  @Test("a wrong shape is reported with both shapes", arguments: [[6, 8], [8, 5], [48]])
  func wrongShape(shape: [Int]) throws {
    try write("dense.safetensors", dense(fc1: shape))
    let error = trainError { _ = try start(from: "dense.safetensors") }
    #expect(error?.kind == .weights)
    #expect(error?.message.contains("\(shape)") == true && error?.message.contains("[8, 6]") == true)
    #expect((error?.help?.contains("outputs x inputs") ?? false) == (shape == [6, 8]))
  }

  @Test("a file that is absent, no tensor file, or holds no numbers is refused")
  func unreadable() throws {
    #expect(trainError { _ = try start(from: "absent.safetensors") }?.kind == .weights)
    try Data("no tensors".utf8).write(to: URL(fileURLWithPath: folder("text")))
    #expect(trainError { _ = try start(from: "text") }?.kind == .weights)
    var tensors = dense()
    tensors[1] = NamedTensor(name: "fc1.bias", shape: [8], floats: [.nan] + Array(repeating: 0, count: 7))
    try write("nan.safetensors", tensors)
    let error = trainError { _ = try start(from: "nan.safetensors") }
    #expect(error?.kind == .weights && error?.message.contains("`fc1.bias`") == true)
  }
}
