import DrnImport
import DrnProgram
import DrnSema
import DrnTensorFile
import DrnTestSupport
import DrnTrain
import Foundation
import Testing

@Suite("Tensors of a file are told to be those of a network") struct WeightMapTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// By the name here, the name in the file and why.
  private func pairs(_ map: WeightMap) -> [String: String] {
    Dictionary(map.entries.map { ($0.name, "\($0.tensor.name) \($0.reason.rawValue)") }) { first, _ in first }
  }

  @Test(
    "the names of torchvision and timm are known, with what wraps them, and where stages are counted from 0",
    arguments: ["", "module.", "_orig_mod.module.", "backbone."])
  func residualNames(prefix: String) throws {
    let tensors = try residualTensors()
    #expect(tensors.count == 21 + 4 * 21 + 2 && torchName("stage2.0.projection_norm.bias") == "layer2.0.downsample.1.bias")
    let path = folder("torch.safetensors")
    let counters = tensors.filter { $0.name.hasSuffix("running_mean") }.map {
      (prefix + torchName($0.name).replacing("running_mean", with: "num_batches_tracked"), [Int]())
    }
    try writeTensors(tensors.map { (prefix + torchName($0.name), $0.shape) } + counters, to: path)
    let map = try weightMap(residualProgram, path)
    #expect(map.missing.isEmpty && map.unused.isEmpty && map.ignored.count == counters.count && !map.isByOrder)
    #expect(map.entries.map(\.name).sorted() == tensors.map(\.name).sorted())
    let first = ["stem.weight", "stem_norm.weight", "stem_norm.bias", "stem_norm.running_mean", "stem_norm.running_var"]
    #expect(Array(map.entries.map(\.name).prefix(5)) == first)
    for entry in map.entries {
      #expect(entry.tensor.name == prefix + torchName(entry.name) && entry.reason == .role, "\(entry.name)")
    }
  }

  @Test("other words for stages, blocks and shortcuts are known too")
  func otherResidualNames() throws {
    let tensors = try residualTensors()
    func other(_ name: String) -> String {
      var name = torchName(name).replacing("downsample", with: "shortcut").replacing("fc", with: "head.fc")
      for stage in 1...3 { name = name.replacing("layer\(stage).", with: "stages.\(stage - 1).blocks.") }
      return name.hasPrefix("conv1.") ? "stem.conv." + name.dropFirst(6) : name.hasPrefix("bn1.") ? "stem.bn." + name.dropFirst(4) : name
    }
    try writeTensors(tensors.map { (other($0.name), $0.shape) }, to: folder("other.safetensors"))
    let map = try weightMap(residualProgram, folder("other.safetensors"))
    #expect(map.missing.isEmpty && map.unused.isEmpty && map.entries.count == tensors.count)
    for entry in map.entries { #expect(entry.tensor.name == other(entry.name) && entry.reason == .role, "\(entry.name)") }
  }

  private let mlp = "x |> fc1: linear(8) |> relu |> fc2: linear(8) |> relu |> fc3: linear(8) |> relu |> out: linear(4)"

  @Test("without known names layers are told by their sizes, and those of equal sizes by their order, which is said")
  func shapesAndOrder() throws {
    // Ten comes after nine: numbers in names are numbers.
    let tensors: [(String, [Int])] = [("1", 6), ("9", 8), ("10", 8)].flatMap { name, inputs in
      [("net.\(name).weight", [8, inputs]), ("net.\(name).bias", [8])]
    }
    try writeTensors(tensors + [("net.12.weight", [4, 8]), ("net.12.bias", [4])], to: folder("mlp.safetensors"))
    let map = try weightMap(vectorProgram(mlp), folder("mlp.safetensors"))
    #expect(map.missing.isEmpty && map.unused.isEmpty && map.isByOrder)
    #expect(
      pairs(map) == [
        "fc1.weight": "net.1.weight shape", "fc1.bias": "net.1.bias shape", "fc2.weight": "net.9.weight order",
        "fc2.bias": "net.9.bias order", "fc3.weight": "net.10.weight order", "fc3.bias": "net.10.bias order",
        "out.weight": "net.12.weight shape", "out.bias": "net.12.bias shape",
      ])
  }

  @Test("what is asked for goes before what would be found, by layers and by tensors")
  func given() throws {
    let names = ["a", "b", "c", "d"]
    let tensors: [(String, [Int])] = zip(names, [6, 8, 8, 8]).flatMap { name, inputs in
      [("\(name).weight", [name == "d" ? 4 : 8, inputs]), ("\(name).bias", [name == "d" ? 4 : 8])]
    }
    try writeTensors(tensors, to: folder("m.safetensors"))
    let map = try weightMap(vectorProgram(mlp), folder("m.safetensors"), pairs: [("fc3", "b"), ("fc2.weight", "c.weight")])
    let found = pairs(map)
    #expect(found["fc3.weight"] == "b.weight given" && found["fc3.bias"] == "b.bias given" && found["fc2.weight"] == "c.weight given")
    #expect(found["fc2.bias"] == "c.bias shape" && found["fc1.weight"] == "a.weight shape" && map.missing.isEmpty && !map.isByOrder)
    let refusals: [((String, String), String)] = [
      (("fc9", "b"), "no layer or tensor `fc9`"), (("fc1", "z"), "no layer `z`"), (("fc1.weight", "z.weight"), "no tensor `z.weight`"),
      (("fc1", "b"), "`fc1` needs weight [8, 6]"), (("out.bias", "a.bias"), "`out.bias` needs [4]"),
    ]
    for (pair, words) in refusals {
      let error = #expect(throws: ImportError.self) { try weightMap(vectorProgram(mlp), folder("m.safetensors"), pairs: [pair]) }
      #expect(error?.kind == .names && error?.message.contains(words) == true, "\(String(describing: error))")
    }
  }

  @Test("a layer without a counterpart is missing with its sizes and what was near, and a tensor without one is left over")
  func unfit() throws {
    var tensors = try residualTensors().map { (name: torchName($0.name), shape: $0.shape) }
    tensors.removeAll { $0.name.hasPrefix("layer3.1.bn2") }
    tensors = tensors.map { $0.name.hasPrefix("fc.") ? ($0.name, [1000] + $0.shape.dropFirst()) : $0 } + [("extra.weight", [7, 7])]
    try writeTensors(tensors, to: folder("torch.safetensors"))
    let map = try weightMap(residualProgram, folder("torch.safetensors"))
    #expect(map.missing.map(\.path) == ["stage3[1].norm2", "head"] && map.missing[0].tensors.count == 4)
    #expect(map.missing[1].near?.name == "fc.weight" && map.missing[1].near?.shape == [1000, 64])
    #expect(map.missing[1].tensors.first?.name == "head.weight" && map.missing[1].tensors.first?.shape == [10, 64])
    #expect(map.unused.map(\.name).sorted() == ["extra.weight", "fc.bias", "fc.weight"])
  }

  @Test("a convolution of one place takes a matrix, one along sequences three axes, and a normalization the words of Keras")
  func otherSizes() throws {
    let network =
      "x |> conv: conv1d(8, kernel: 3) |> norm: batch_norm |> point: conv1d(5, kernel: 1, bias: false) |> mean_over_time |> head: linear(4)"
    let program = vectorProgram(network, input: "tensor[5, 6]")
    try writeTensors(
      [
        ("c.weight", [8, 6, 3]), ("c.bias", [8]), ("n.gamma", [8]), ("n.beta", [8]), ("n.moving_mean", [8]), ("n.moving_variance", [8]),
        ("p.weight", [5, 8]), ("h.weight", [4, 5]), ("h.bias", [4]),
      ], to: folder("m.safetensors"))
    let map = try weightMap(program, folder("m.safetensors"))
    #expect(map.missing.isEmpty && map.unused.isEmpty && map.entries.count == 9 && map.entries.allSatisfy { !$0.isTurned })
    let weights = try map.weights(from: ModelFile(path: folder("m.safetensors")))
    #expect(weights.first { $0.name == "conv.weight" }?.shape == [8, 6, 1, 3])
    #expect(try weights.first { $0.name == "norm.running_var" }?.floats() == drawn(8, seed: 6))
  }

  @Test("which way round a matrix of ONNX lies, the operation that reads it says; made-up names are those of the layer")
  func orientation() throws {
    let program = vectorProgram("x |> a: linear(6) |> tanh |> b: linear(6) |> head: linear(4, bias: false)")
    let (first, second) = (drawn(36, seed: 1), drawn(36, seed: 2))
    let nodes: [ProtobufBytes] = [
      .node("Gemm", ["x", "onnx::Gemm_1", "onnx::Gemm_2"], transposed: false),
      .node("Gemm", ["h", "onnx::Gemm_3", "onnx::Gemm_4"], transposed: true), .node("MatMul", ["g", "onnx::MatMul_5"]),
    ]
    let tensors: [ProtobufBytes] = [
      .tensor("onnx::Gemm_1", [6, 6], first), .tensor("onnx::Gemm_2", [6], drawn(6, seed: 3)), .tensor("onnx::Gemm_3", [6, 6], second),
      .tensor("onnx::Gemm_4", [6], drawn(6, seed: 4)), .tensor("onnx::MatMul_5", [6, 4], drawn(24, seed: 5)),
      .tensor("shape_of_something", [2], [1, 2]),
    ]
    try folder.write("m.onnx", ProtobufBytes.model(nodes: nodes, tensors: tensors))
    let map = try weightMap(program, folder("m.onnx"))
    #expect(map.missing.isEmpty && map.unused.isEmpty && map.ignored.map(\.name) == ["shape_of_something"])
    #expect(pairs(map)["b.weight"] == "onnx::Gemm_3 order" && pairs(map)["head.weight"] == "onnx::MatMul_5 shape")
    let weights = try map.weights(from: ModelFile(path: folder("m.onnx")))
    func values(_ name: String) throws -> [Float]? { try weights.first { $0.name == name }?.floats() }
    #expect(try values("a.weight") == (0..<36).map { first[$0 % 6 * 6 + $0 / 6] })
    #expect(try values("b.weight") == second)
    #expect(weights.first { $0.name == "head.weight" }?.shape == [4, 6])
  }

  @Test("the table of an embedding lies by token with others, and as drnc keeps it in files of drnc", arguments: [true, false])
  func embedding(isOwn: Bool) throws {
    try folder.write("letters.txt", String(repeating: "abcdefabcadefbcfdeabdcfe", count: 20))
    let source = """
      data letters {
        source: text("\(folder("letters.txt"))")
        text: tokens[6]
        label: next_token(6)
      }
      network net(x: tokens[6]) -> tensor[6, 6] { return x |> embed: embedding(6, width: 6) |> head: linear(6) }
      train net on letters { length: 2 steps  batch: 4  seed: 1  loss: cross_entropy  optimizer: sgd  rate: 0.1 }

      """
    let values = drawn(36, seed: 9)
    let tensors = [
      NamedTensor(name: "embed.weight", shape: [6, 6], floats: values),
      NamedTensor(name: "head.weight", shape: [6, 6], floats: drawn(36, seed: 10)),
      NamedTensor(name: "head.bias", shape: [6], floats: drawn(6, seed: 11)),
    ]
    try TensorFile(tensors: tensors, metadata: isOwn ? [("drnc.network", "net")] : []).write(path: folder("m.safetensors"))
    let map = try weightMap(source, folder("m.safetensors"))
    #expect(map.missing.isEmpty && map.entries.first { $0.name == "embed.weight" }?.isTurned == !isOwn)
    #expect(map.entries.first { $0.name == "head.weight" }?.isTurned == false)
    let weights = try map.weights(from: ModelFile(path: folder("m.safetensors")))
    let expected = isOwn ? values : (0..<36).map { values[$0 % 6 * 6 + $0 / 6] }
    #expect(try weights.first { $0.name == "embed.weight" }?.floats() == expected)
  }
}
