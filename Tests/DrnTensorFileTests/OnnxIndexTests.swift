import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@Suite("Tensors of ONNX are found and read") struct OnnxIndexTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func index(_ bytes: [UInt8]) throws -> OnnxIndex { try OnnxIndex(path: try folder.write("m.onnx", bytes)) }

  private let nodes = [
    ProtobufBytes.node("MatMul", ["x", "a"]), .node("Gemm", ["h", "b", "c"], transposed: true), .node("Relu", ["b"]),
    .node("Gather", ["table", "ids"]),
  ]
  private var tensors: [ProtobufBytes] {
    [
      .tensor("a", [2, 3], [1, 2, 3, 4, 5, 6]), .tensor("b", [1, 2], [7, 8]), .tensor("c", [], [9]), .tensor("table", [0, 4], []),
    ]
  }

  @Test("names, shapes, types, values and the operations that read them")
  func whole() throws {
    let index = try index(ProtobufBytes.model(nodes: nodes, tensors: tensors, producer: "someone"))
    #expect(index.tensors.map(\.name) == ["a", "b", "c", "table"] && index.count == 4 && index.producer == "someone")
    #expect(index.tensors.map(\.shape) == [[2, 3], [1, 2], [], [0, 4]])
    #expect(index.tensors.allSatisfy { $0.elementType == .f32 })
    #expect(try index.read("a")?.floats() == [1, 2, 3, 4, 5, 6])
    #expect(try index.read("c")?.floats() == [9] && index.read("table")?.floats() == [])
    #expect(try index.read("absent") == nil)
    let (matmul, gemm) = (try #require(index.tensors[0].use), try #require(index.tensors[1].use))
    #expect(matmul.operation == "MatMul" && matmul.input == 1 && matmul.weight == "a" && !matmul.isTransposed)
    #expect(gemm.operation == "Gemm" && gemm.input == 1 && gemm.weight == "b" && gemm.isTransposed)
    #expect(index.tensors[2].use?.input == 2 && index.tensors[3].use?.input == 0)
  }

  @Test("packed sizes and lists of single and double precision are read, other ways to keep values are named when they are asked for")
  func encodings() throws {
    let list = ProtobufBytes().data(1, [1, 2]).number(2, 1).text(8, "list").data(
      4, [Float(1.5), 2.5].flatMap { littleEndian($0.bitPattern) })
    let double = ProtobufBytes().number(1, 1).number(2, 11).text(8, "double").data(10, littleEndian(Double(0.1).bitPattern))
    let half = ProtobufBytes().number(1, 1).number(2, 10).text(8, "half").data(5, [1])
    let external = ProtobufBytes().number(1, 1).number(2, 1).text(8, "external").number(14, 1)
    let text = ProtobufBytes().number(1, 1).number(2, 8).text(8, "text").data(6, [65])
    let index = try index(ProtobufBytes.model(tensors: [list, double, half, external, text]))
    #expect(try index.read("list")?.floats() == [1.5, 2.5] && index.tensors[0].shape == [1, 2])
    #expect(try index.read("double")?.doubles() == [0.1])
    for (name, words) in [("half", "raw data"), ("external", "another file"), ("text", "number 8")] {
      let error = #expect(throws: TensorFileError.self) { try index.read(name) }
      #expect(error?.kind == .unsupported && error?.message.contains(words) == true, "\(name): \(String(describing: error))")
    }
  }

  @Test("a file cut short anywhere is refused")
  func truncated() throws {
    let bytes = ProtobufBytes.model(nodes: nodes, tensors: tensors)
    for count in 0..<bytes.count {
      #expect(throws: TensorFileError.self, "cut after \(count) bytes") { try index(Array(bytes.prefix(count))) }
    }
  }

  @Test("what announces more than there is, or is no message, is refused with its reason")
  func refused() throws {
    func graph(_ tensor: ProtobufBytes) -> [UInt8] { ProtobufBytes.model(tensors: [tensor]) }
    let huge = ProtobufBytes().number(1, 1 << 40).number(1, 1 << 40).number(2, 1).text(8, "w").data(9, [])
    let cases: [(bytes: [UInt8], words: String)] = [
      ([], "no graph"), ([8, 8], "no graph"), (Array("<html>".utf8), "no model of ONNX"),
      (ProtobufBytes().data(7, [1, 2], announced: 1 << 50).bytes, "announces"), (graph(huge), "too large to exist"),
      (graph(ProtobufBytes().number(1, 3).number(2, 1).text(8, "w").data(9, [1, 2, 3, 4])), "needs 12 bytes and has 4"),
      (graph(ProtobufBytes().number(1, .max).number(2, 1).text(8, "w")), "extent"),
      (graph((0..<70).reduce(ProtobufBytes()) { bytes, _ in bytes.number(1, 1) }.number(2, 1).text(8, "w")), "more than 64"),
      (graph(ProtobufBytes().number(1, 1).number(2, 1).data(9, [1, 2, 3, 4])), "no name"),
      (graph(ProtobufBytes().text(8, String(repeating: "n", count: 5000))), "longer than 4096"),
      (ProtobufBytes.model(tensors: [.tensor("w", [], [1]), .tensor("w", [], [2])]), "there twice"),
      ([0x3B], "unknown kind"), ([0, 1], "no number"), (Array(repeating: 0xFF, count: 12), "more than 64 bits"), ([0x38], "no end"),
    ]
    for (bytes, words) in cases {
      let error = #expect(throws: TensorFileError.self) { try index(bytes) }
      #expect(error?.message.contains(words) == true, "\(words): \(String(describing: error))")
    }
  }

  @Test("a file with any of its bytes changed is read or refused")
  func mutated() throws {
    let bytes = ProtobufBytes.model(nodes: nodes, tensors: tensors)
    var random = SplitMix64(seed: 5)
    var refused = 0
    for _ in 0..<2000 {
      var copy = bytes
      for _ in 0...Int(random.next() % 3) { copy[Int(random.next() % UInt64(copy.count))] = UInt8(truncatingIfNeeded: random.next()) }
      do {
        let index = try index(copy)
        for tensor in index.tensors { _ = try? index.read(tensor.name)?.floats() }
      } catch is TensorFileError { refused += 1 }
    }
    #expect(refused > 200 && refused < 2000)
  }
}
