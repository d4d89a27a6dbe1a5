import DrnData
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

/// Files that are given where others are meant.
@Suite("Files of another kind")
struct ForeignFileTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let pointer = Array(
    "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n".utf8)
  /// The first entry of a zip archive with that name.
  private static func archive(_ name: String) -> [UInt8] {
    [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 22) + littleEndian(UInt16(name.utf8.count)) + [0, 0] + Array(name.utf8)
      + [UInt8](repeating: 0, count: 100)
  }
  private static let legacy: [UInt8] =
    [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E] + [UInt8](repeating: 0x80, count: 50)

  static let files: [(bytes: [UInt8], says: String)] = [
    (pointer, "git lfs pull"), (archive("archive/data.pkl"), "torch.save"), (archive("my model/data.pkl"), "torch.save"),
    (legacy, "torch.save"),
  ]

  @Test("every reader says in one sentence what such a file is and what to do", arguments: files)
  func readers(bytes: [UInt8], says: String) throws {
    let path = try folder.write("x", bytes)
    try NumpyFile.write(TensorEntry(name: "y", shape: [2], integers: [0, 1]), path: folder.path + "/y.npy")
    let readers: [any DataReader] = [
      IDXReader(images: path, labels: path), CSVReader(path: path), CIFARReader(paths: [path]),
      NumpyReader(features: path, targets: folder.path + "/y.npy", task: .classification),
      NumpyReader(features: .entry("x", in: path), targets: .entry("y", in: path), task: .classification),
    ]
    for reader in readers {
      for read in [{ _ = try reader.header() }, { _ = try reader.load() }] {
        let error = try #require(throws: DataError.self) { try read() }
        #expect(error.kind == .unsupported && error.message.contains(says) && error.path == path, "\(error)")
      }
    }
    let weights = try #require(throws: TensorFileError.self) { try TensorFile.read(path: path) }
    #expect(weights.kind == .unsupported && weights.message.contains(says))
  }

  @Test("archives of NumPy, tables and short files are none of them")
  func others() {
    for bytes in [Self.archive("x.npy"), Array("version,b\n1,2\n".utf8), [0x50, 0x4B, 3, 4], [], [0x80, 2, 0, 0, 0, 0, 0, 0]] {
      #expect(ForeignFile(prefix: bytes) == nil)
    }
  }

  @Test("images whose channels are last are told to be turned, where another shape is declared")
  func channelsLast() throws {
    let labels = folder.path + "/y.npy"
    try NumpyFile.write(TensorEntry(name: "y", shape: [2], integers: [0, 1]), path: labels)
    func header(_ found: [Int], declared: [Int]) throws -> DataHeader {
      let count = found.reduce(2, *)
      let path = folder.path + "/x.npy"
      try NumpyFile.write(
        TensorEntry(name: "x", elementType: .u8, shape: [2] + found, bytes: [UInt8](repeating: 0, count: count)), path: path)
      return try NumpyReader(features: .file(path), targets: .file(labels), task: .classification, shape: declared).header()
    }
    for (found, declared) in [([8, 9, 3], [3, 8, 9]), ([8, 9, 3], [3, 9, 8]), ([6, 6, 2], [2, 6, 6]), ([28, 28, 1], [1, 28, 28])] {
      let error = try #require(throws: DataError.self) { try header(found, declared: declared) }
      #expect(error.message.contains("channels last") && error.help?.contains("moveaxis(images, -1, 1)") == true, "\(error)")
      #expect(error.help?.contains("\([found[2], found[0], found[1]])") == true)
    }
    #expect(try header([8, 9, 3], declared: [8, 9, 3]).shape == [8, 9, 3])
    #expect(try header([3, 8, 9], declared: [3, 9, 9]).shape == [3, 8, 9])
  }

  @Test("labels that go from 1 to the number of classes, as those of EMNIST Letters, are told how to be numbered")
  func labelsFromOne() throws {
    let images = try folder.write("i", [0, 0, 8, 2, 0, 0, 0, 3, 0, 0, 0, 1, 1, 2, 3])
    let labels = try folder.write("l", [0, 0, 8, 1, 0, 0, 0, 3, 3, 1, 2])
    try NumpyFile.write(TensorEntry(name: "x", shape: [3, 1], floats: [1, 2, 3]), path: folder.path + "/x.npy")
    try NumpyFile.write(TensorEntry(name: "y", shape: [3], integers: [3, 1, 2]), path: folder.path + "/y.npy")
    let readers: [any DataReader] = [
      IDXReader(images: images, labels: labels, classes: 3),
      NumpyReader(features: folder.path + "/x.npy", targets: folder.path + "/y.npy", task: .classification, classes: 3),
    ]
    for reader in readers {
      let error = try #require(throws: DataError.self) { try reader.load() }
      #expect(error.kind == .labelOutOfRange && error.help?.hasPrefix("the labels go from 1 to 3") == true, "\(error)")
    }
    let any = try IDXReader(images: images, labels: labels).load()
    let classes = CollectedClasses(any.labels)
    #expect(try classes.numbering(any, part: "test").labels == [2, 0, 1] && classes.labels == [1, 2, 3])
    #expect(throws: DataError.self) { try CollectedClasses([1, 2]).numbering(any, part: "test examples") }
  }
}
