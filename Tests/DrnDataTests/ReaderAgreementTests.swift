import DrnData
import DrnTensorFile
import DrnTestSupport
import Testing

@Suite("Every reader")
struct ReaderAgreementTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func readers() throws -> [any DataReader] {
    let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]
    let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 1, 0]
    try NumpyFile.write(TensorEntry(name: "x", shape: [2, 3], floats: [1, 2, 3, 4, 5, 6]), path: folder.path + "/x.npy")
    try NumpyFile.write(TensorEntry(name: "y", shape: [2], integers: [0, 1]), path: folder.path + "/y.npy")
    return [
      IDXReader(images: try folder.write("i", gzip(images)), labels: try folder.write("l", labels)),
      CSVReader(path: try folder.write("t", "a,b,y\n1,2,0\n3,\"4\",1\n")),
      CIFARReader(paths: [try folder.write("c", [UInt8](repeating: 1, count: 2 * 3073))]),
      NumpyReader(features: folder.path + "/x.npy", targets: folder.path + "/y.npy", task: .classification),
      SyntheticClusters(examples: 2, classes: 2, shape: [2, 2], seed: 1),
      SyntheticLinear(examples: 2, outputs: 3, shape: [2], seed: 1),
    ]
  }

  @Test("announces what it loads, and loads the same twice")
  func agreement() throws {
    for reader in try readers() {
      let header = try reader.header()
      let data = try reader.load()
      #expect(data.count == header.examples && data.shape == header.shape)
      #expect(data.features.count == header.examples * header.elementsPerExample)
      // Synthetic clusters and CIFAR know classes that need not occur.
      if let classes = header.classes { #expect(try #require(data.classes) <= classes) }
      #expect(try reader.load() == data)
    }
  }

  @Test("survives any change of one byte of a table")
  func mutatedTable() throws {
    let table = Array("a,b,y\n1,-2e1,0\r\n\n3,\"4\",1\n".utf8)
    for index in table.indices {
      for byte in [0, 0x0A, 0x20, 0x22, 0x2C, 0x2D, 0x2E, 0x39, 0x65, 0xFF] as [UInt8] {
        var changed = table
        changed[index] = byte
        let reader = CSVReader(path: try folder.write("t.csv", changed))
        // A table that loads has the shape and count its header announced.
        guard let data = try? reader.load() else { continue }
        let header = try reader.header()
        #expect(data.count == header.examples && data.shape == header.shape)
      }
    }
  }

  @Test("survives any change of one byte of an array")
  func mutatedArray() throws {
    _ = try readers()
    let good = try contents(folder.path + "/x.npy")
    for index in good.indices {
      for flip in [0x01, 0x10, 0xFF] as [UInt8] {
        var changed = good
        changed[index] ^= flip
        let path = try folder.write("changed.npy", changed)
        _ = try? NumpyReader(features: path, targets: folder.path + "/y.npy", task: .classification).load()
      }
    }
  }
}
