import DrnData
import DrnTensorFile
import DrnTestSupport
import Testing

@Suite("npy data sets")
struct NumpyReaderTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func reader(_ features: TensorEntry, _ targets: TensorEntry, _ task: LearningTask, classes: Int? = nil) throws -> NumpyReader {
    let paths = ["\(folder.path)/x.npy", "\(folder.path)/y.npy"]
    try NumpyFile.write(features, path: paths[0])
    try NumpyFile.write(targets, path: paths[1])
    return NumpyReader(features: paths[0], targets: paths[1], task: task, classes: classes)
  }

  private func kind(_ reader: NumpyReader) -> DataError.Kind? {
    do throws(DataError) {
      _ = try reader.load()
      return nil
    } catch { return error.kind }
  }

  private let features = TensorEntry(name: "x", shape: [2, 1, 2], floats: [1, 2, 3, 4])
  private let labels = TensorEntry(name: "y", shape: [2], integers: [1, 0])

  @Test("features keep their shape and values; bytes stay bytes")
  func load() throws {
    let reader = try reader(features, labels, .classification)
    #expect(try reader.header() == DataHeader(examples: 2, shape: [1, 2]))
    #expect(try reader.load().features == [1, 2, 3, 4])
    let bytes = TensorEntry(name: "x", elementType: .u8, shape: [2, 2], bytes: [0, 1, 128, 255])
    let data = try self.reader(bytes, labels, .classification).load()
    #expect(data.storage == .bytes([0, 1, 128, 255], scale: 1) && data.features == [0, 1, 128, 255])
  }

  @Test("regression takes one or two dimensions of targets")
  func regression() throws {
    let one = try reader(features, TensorEntry(name: "y", shape: [2], doubles: [0.5, 1]), .regression).load()
    #expect(one.target == .values([0.5, 1], width: 1))
    let two = try reader(features, TensorEntry(name: "y", shape: [2, 2], floats: [1, 2, 3, 4]), .regression).load()
    #expect(two.target == .values([1, 2, 3, 4], width: 2))
  }

  @Test("counts, shapes, labels and values that do not fit are refused")
  func faults() throws {
    let three = TensorEntry(name: "y", shape: [3], integers: [0, 1, 2])
    #expect(kind(try reader(features, three, .classification)) == .sizeMismatch)
    let nan = TensorEntry(name: "x", shape: [2], floats: [1, .nan])
    #expect(kind(try reader(nan, labels, .classification)) == .corrupt)
    #expect(kind(try reader(features, TensorEntry(name: "y", shape: [2], integers: [0, -1]), .classification)) == .labelOutOfRange)
    #expect(kind(try reader(features, labels, .classification, classes: 1)) == .labelOutOfRange)
    #expect(kind(try reader(features, TensorEntry(name: "y", shape: [2], floats: [0, 1]), .classification)) == .unsupported)
    #expect(kind(try reader(features, TensorEntry(name: "y", shape: [2, 2], integers: [0, 1, 0, 1]), .classification)) == .sizeMismatch)
    #expect(kind(try reader(TensorEntry(name: "x", shape: [], floats: [1]), labels, .classification)) == .sizeMismatch)
    #expect(kind(try reader(TensorEntry(name: "x", shape: [0, 2], floats: []), three, .classification)) != nil)
    #expect(kind(NumpyReader(features: folder.path + "/absent", targets: "", task: .regression)) == .missingFile)
  }
}
