import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@Suite("drnc import") struct ImportCommandTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func drnc(_ arguments: [String]) throws -> Tool.Outcome {
    try Tool.run(arguments + ["--diagnostics", "plain"], folder: folder.path)
  }

  private let mlp = "x |> fc1: linear(8) |> relu |> fc2: linear(8, bias: false) |> tanh |> head: linear(4)"

  private func tensors(_ path: String) throws -> [String: [Float]] {
    Dictionary(try TensorFile.read(path: path).tensors.map { ($0.name, try $0.floats()) }) { first, _ in first }
  }

  /// A program whose run is exported and imported again.
  struct Trip: Sendable, CustomTestStringConvertible {
    let name, network, form: String
    var input = "tensor[6]"
    var rank = 3
    var isImage: Bool { input.contains("[3,") }
    var testDescription: String { name }
  }

  static let trips: [Trip] = {
    let mlp = "x |> fc1: linear(8) |> relu |> fc2: linear(8, bias: false) |> tanh |> head: linear(4)"
    let images = "x |> conv: conv2d(6, kernel: 3) |> norm: batch_norm |> relu |> flatten |> head: linear(4)"
    func clause(_ layer: String, _ form: String) -> String { "weights \(layer) { from epoch 0: \(form) }" }
    return [
      Trip(name: "dense", network: mlp, form: ""), Trip(name: "factored", network: mlp, form: clause("fc1, fc2", "factored(rank: 3)")),
      Trip(name: "images", network: images, form: "", input: "tensor[3, 6, 5]"),
      Trip(name: "factored images", network: images, form: clause("conv", "factored(rank: 3)"), input: "tensor[3, 6, 5]"),
      Trip(
        name: "sequences", network: "x |> up: linear(6) |> bn: batch_norm |> mean_over_time |> head: linear(4)", form: "",
        input: "tensor[5, 6]"),
      Trip(
        name: "square", network: "x |> a: linear(6) |> relu |> b: linear(6) |> norm: layer_norm |> head: linear(4)",
        form: clause("a", "factored(rank: 2)"), rank: 2),
    ]
  }()

  @Test("a network that was exported is imported with the same values, and begins a run", arguments: trips, ["safetensors", "onnx"])
  func roundTrip(trip: Trip, format: String) throws {
    try folder.write("main.drn", vectorProgram(trip.network, trip.form, input: trip.input))
    let train = ["train", "main.drn", "--quiet", "--threads", "1", "-o"]
    #expect(try drnc(train + ["run"]).status == 0)
    let exported = try drnc(["export", "run", "--to", format, "-o", "net.\(format)"])
    #expect(exported.status == 0, "\(exported.error)")
    let outcome = try drnc(["import", "net.\(format)", "main.drn"])
    #expect(outcome.status == 0 && !outcome.error.contains("error"), "\(outcome.error)\(outcome.output)")
    #expect(
      outcome.output.contains("wrote net.initial.safetensors") && outcome.output.contains("weights_from: \"net.initial.safetensors\""))
    let saved = try tensors(folder("run/weights.safetensors"))
    try expect(try tensors(folder("net.initial.safetensors")), equals: saved, trip, format)
    let begun = try drnc(train + ["begun", "--stop-after", "0 steps", "--set", "train.weights_from=\"net.initial.safetensors\""])
    #expect(begun.status == 0, "\(begun.error)")
    try expect(try tensors(folder("begun/weights.safetensors")), equals: saved, trip, format)
  }

  /// The same values; of the factors of a matrix in ONNX, which may hold their product, the same product.
  private func expect(_ found: [String: [Float]], equals saved: [String: [Float]], _ trip: Trip, _ format: String) throws {
    for (name, values) in saved where !(format == "onnx" && (name.hasSuffix(".u") || name.hasSuffix(".v"))) {
      #expect(found[name] == values, "\(name)")
    }
    guard format == "onnx" else { return #expect(found.count == saved.count) }
    for (name, u) in saved where name.hasSuffix(".u") {
      let weight = String(name.dropLast(2))
      let dense = try product(u, try #require(saved[weight + ".v"]), trip)
      let other = try found[weight].map { $0 } ?? product(try #require(found[name]), try #require(found[weight + ".v"]), trip)
      #expect(dense.count == other.count)
      // Sums of three products of numbers below 1, once through a decomposition in single precision.
      for (left, right) in zip(dense, other) { #expect(abs(left - right) < 1e-5, "\(weight)") }
    }
  }

  /// u v as a file keeps the matrix: outputs x inputs. Factors of a convolution are stored rank x the rest and outputs x rank.
  private func product(_ u: [Float], _ v: [Float], _ trip: Trip) throws -> [Float] {
    let rank = trip.rank
    let (inputs, outputs) = (u.count / rank, v.count / rank)
    return (0..<outputs).flatMap { output in
      (0..<inputs).map { input in
        (0..<rank).reduce(Float(0)) { sum, index in
          let left = trip.isImage ? u[index * inputs + input] : u[input * rank + index]
          return sum + left * (trip.isImage ? v[output * rank + index] : v[index * outputs + output])
        }
      }
    }
  }

  @Test("a dense file starts a factored network by the singular value decomposition, at full rank as the same product")
  func factored() throws {
    try folder.write("main.drn", vectorProgram(mlp, "weights fc1 { from epoch 0: factored(rank: 6) }"))
    let shapes: [(name: String, shape: [Int])] = [
      ("fc1.weight", [8, 6]), ("fc1.bias", [8]), ("fc2.weight", [8, 8]), ("head.weight", [4, 8]), ("head.bias", [4]),
    ]
    try writeTensors(shapes, to: folder("m.safetensors"))
    #expect(try drnc(["import", "m.safetensors", "main.drn", "-o", "first.safetensors"]).status == 0)
    let begun = try drnc(
      ["train", "main.drn", "-o", "run", "--stop-after", "0 steps", "--quiet", "--set", "train.weights_from=\"first.safetensors\""])
    #expect(begun.status == 0, "\(begun.error)")
    let (run, file) = (try tensors(folder("run/weights.safetensors")), try tensors(folder("m.safetensors")))
    let (u, v, dense) = (try #require(run["fc1.weight.u"]), try #require(run["fc1.weight.v"]), try #require(file["fc1.weight"]))
    for output in 0..<8 {
      for input in 0..<6 {
        let product = (0..<6).reduce(Float(0)) { $0 + u[input * 6 + $1] * v[$1 * 8 + output] }
        // Six products of numbers below 1, after a decomposition in single precision.
        #expect(abs(product - dense[output * 6 + input]) < 1e-5)
      }
    }
  }

  @Test("without a program the tensors of either format are listed, the same as JSON")
  func listing() throws {
    try writeTensors([("a.weight", [2, 3]), ("a.bias", [2])], to: folder("m.safetensors"))
    try folder.write("m.onnx", ProtobufBytes.model(tensors: [.tensor("a.weight", [2, 3], drawn(6, seed: 1))]))
    for (file, count, numbers) in [("m.safetensors", 2, 8), ("m.onnx", 1, 6)] {
      let outcome = try drnc(["import", file])
      #expect(outcome.status == 0 && outcome.output.contains("a.weight") && outcome.output.contains("2 x 3"), "\(outcome.error)")
      #expect(outcome.output.contains("\(count) tensors, \(numbers) numbers"))
      let json = try drnc(["import", file, "--json"]).output
      #expect(json.contains("\"numbers\":\(numbers)") && json.contains("{\"name\":\"a.weight\",\"type\":\"F32\",\"shape\":[2,3]}"))
    }
  }

  @Test("what does not fit is refused by a code at its layer, and nothing is written; --partial leaves it out")
  func partial() throws {
    try folder.write("main.drn", vectorProgram(mlp))
    let shapes: [(name: String, shape: [Int])] = [
      ("fc1.weight", [8, 6]), ("fc1.bias", [8]), ("fc2.weight", [8, 8]), ("head.weight", [9, 8]), ("head.bias", [9]),
    ]
    try writeTensors(shapes, to: folder("m.safetensors"))
    let before = folder.names()
    let refused = try drnc(["import", "m.safetensors", "main.drn"])
    #expect(refused.status == 65 && folder.names() == before)
    #expect(refused.error.contains("main.drn:6:") && refused.error.contains("DRN0833"), "\(refused.error)")
    #expect(refused.error.contains("the layer `head`") && refused.error.contains("its `head.weight` is 9 x 8"), "\(refused.error)")
    #expect(refused.error.contains("no place for 2 tensors") && refused.output.contains("3 of 5 tensors"), "\(refused.output)")
    let taken = try drnc(["import", "m.safetensors", "main.drn", "--partial"])
    #expect(taken.status == 0, "\(taken.error)")
    #expect(taken.output.contains("weights_from: file(\"net.initial.safetensors\", except: [head])"))
    let setting = "train.weights_from=file(\"net.initial.safetensors\", except: [head])"
    let begun = try drnc(["train", "main.drn", "-o", "run", "--stop-after", "0 steps", "--quiet", "--set", setting])
    #expect(begun.status == 0, "\(begun.error)")
    let (run, file) = (try tensors(folder("run/weights.safetensors")), try tensors(folder("m.safetensors")))
    #expect(run["fc2.weight"] == file["fc2.weight"] && run["fc1.bias"] == file["fc1.bias"] && run["head.weight"]?.count == 32)
  }

  @Test("layers told apart by their order alone are refused until --by-order or --map says so")
  func byOrder() throws {
    try folder.write("main.drn", vectorProgram("x |> a: linear(6) |> relu |> b: linear(6) |> relu |> head: linear(4)"))
    let layers: [(name: String, shape: [Int])] = ["0", "2"].flatMap { [("\($0).weight", [6, 6]), ("\($0).bias", [6])] }
    try writeTensors(layers + [("4.weight", [4, 6]), ("4.bias", [4])], to: folder("m.safetensors"))
    let refused = try drnc(["import", "m.safetensors", "main.drn"])
    #expect(refused.status == 65 && refused.error.contains("by their order alone") && folder.names() == ["m.safetensors", "main.drn"])
    for (arguments, first) in [(["--by-order"], "0.weight"), (["--map", "a=2"], "2.weight")] {
      #expect(try drnc(["import", "m.safetensors", "main.drn"] + arguments).status == 0)
      let written = try tensors(folder("net.initial.safetensors"))
      #expect(try written["a.weight"] == tensors(folder("m.safetensors"))[first])
    }
  }

  @Test("what was asked for wrongly is refused by its status and its words")
  func refusals() throws {
    try folder.write("main.drn", vectorProgram("x |> head: linear(4)"))
    try writeTensors([("head.weight", [4, 6]), ("head.bias", [4])], to: folder("m.safetensors"))
    try TensorFile(tensors: [
      NamedTensor(name: "head.weight", shape: [4, 6], floats: [Float](repeating: .nan, count: 24)),
      NamedTensor(name: "head.bias", shape: [4], integers: [1, 2, 3, 4]),
    ]).write(path: folder("nan.safetensors"))
    try folder.write("cut.safetensors", Array(try folder.bytes("m.safetensors").dropLast(3)))
    try FileManager.default.createDirectory(atPath: folder("inner"), withIntermediateDirectories: true)
    let before = folder.names()
    func refused(_ arguments: [String], _ status: Int32, _ words: String...) throws {
      let outcome = try drnc(["import"] + arguments)
      #expect(outcome.status == status && outcome.signal == 0, "\(arguments): \(outcome.status) \(outcome.error)")
      for word in words { #expect(outcome.error.contains(word), "\(arguments): \(outcome.error)") }
      #expect(folder.names() == before && folder.names("inner").isEmpty, "\(arguments)")
    }
    try refused(["absent.safetensors", "main.drn"], 66, "DRN0050", "there is no such file")
    try refused(["m.safetensors", "absent.drn"], 66, "DRN0050")
    try refused(["cut.safetensors", "main.drn"], 65, "DRN0812")
    try refused(["main.drn", "main.drn"], 65, "DRN0812")
    try refused(["inner", "main.drn"], 65, "DRN0812", "regular file")
    try refused(["nan.safetensors", "main.drn", "--partial"], 65, "DRN0833", "no numbers")
    try refused(["m.safetensors", "main.drn", "--map", "head"], 64, "DRN0834", "here=there")
    try refused(["m.safetensors", "main.drn", "--map", "head=heart"], 64, "DRN0834", "no layer `heart`")
    try refused(["m.safetensors", "main.drn", "-o", "inner"], 73, "DRN0051", "is a folder")
    try refused(["m.safetensors", "main.drn", "-o", "absent/x"], 73, "DRN0051")
    try refused(["m.safetensors", "main.drn", "-o", "inner/../m.safetensors"], 73, "DRN0051", "read from")
    try refused(["m.safetensors", "main.drn", "-o", "main.drn"], 73, "DRN0051", "read from")
    try refused(["m.safetensors", "--partial"], 64, "Give the program")
    try refused(["m.safetensors", "-"], 64, "Name a file")
  }
}
