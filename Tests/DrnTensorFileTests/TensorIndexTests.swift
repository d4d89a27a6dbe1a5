import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@Suite("A tensor file's index") struct TensorIndexTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// `names` are tensors of one byte each.
  private func file(_ names: [String]) throws -> String {
    let members = names.enumerated().map { #""\#($1)":{"dtype":"U8","shape":[1],"data_offsets":[\#($0),\#($0 + 1)]}"# }
    let header = "{" + members.joined(separator: ",") + "}"
    let data = names.indices.map { UInt8($0 % 251) }
    return try folder.write("x.safetensors", littleEndian(UInt64(header.utf8.count)) + Array(header.utf8) + data)
  }

  @Test("it reads the tensors one by one as the whole file holds them") func tensors() throws {
    let path = folder.path + "/a.safetensors"
    let written = (0..<20).map { TensorEntry(name: "t\($0)", shape: [$0 % 3, 2], floats: (0..<($0 % 3) * 2).map { Float($0) + 0.5 }) }
    try TensorFile(tensors: written, metadata: [("a", "b")]).write(path: path)
    let index = try TensorIndex(path: path, wanted: ["t3"])
    let whole = try TensorFile.read(path: path)
    #expect(index.names == whole.tensors.map(\.name))
    for tensor in whole.tensors {
      #expect(index.shape(of: tensor.name) == tensor.shape)
      #expect(try index.read(tensor.name) == tensor)
    }
    #expect(try index.shape(of: "t99") == nil && index.read("t99") == nil)
  }

  @Test("of very many tensors the first ones are known, and those that are wanted wherever they are") func many() throws {
    let names = (0..<30_000).map { "layer.\($0).weight" }
    let index = try TensorIndex(path: file(names), wanted: ["layer.29999.weight"])
    #expect(index.names.count == 10_001)
    #expect(try index.read("layer.29999.weight")?.bytes == [UInt8(29_999 % 251)])
    #expect(try index.read("layer.5.weight")?.bytes == [5])
    #expect(index.shape(of: "layer.20000.weight") == nil)
  }

  @Test("of very many tensors a name that is there twice is found, among those known and those not", arguments: [5, 9_999, 10_000, 29_999])
  func doubled(place: Int) throws {
    var names = (0..<30_000).map { "n\($0)" }
    names[place] = "n15000"
    let path = try file(names)
    #expect(throws: TensorFileError.self) { try TensorIndex(path: path, wanted: []) }
  }
}
