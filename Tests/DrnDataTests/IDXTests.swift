import DrnData
import DrnTestSupport
import Foundation
import Testing

@Suite("IDX images and labels")
struct IDXTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func idx(_ sizes: [UInt32], _ bytes: [UInt8], type: UInt8 = 8) -> [UInt8] {
    [0, 0, type, UInt8(sizes.count)] + sizes.flatMap { bigEndian($0) } + bytes
  }

  private func reader(images: [UInt8], labels: [UInt8], classes: Int? = nil) throws -> IDXReader {
    IDXReader(images: try folder.write("images", images), labels: try folder.write("labels", labels), classes: classes)
  }

  private var images: [UInt8] { idx([3, 2, 2], [0, 51, 102, 255, 1, 2, 3, 4, 5, 6, 7, 8]) }
  private var labels: [UInt8] { idx([3], [2, 0, 1]) }

  private func kinds(_ reader: IDXReader) -> [DataError.Kind?] {
    func kind<T>(_ body: () throws(DataError) -> T) -> DataError.Kind? {
      do throws(DataError) {
        _ = try body()
        return nil
      } catch { return error.kind }
    }
    return [kind(reader.header), kind(reader.load)]
  }

  @Test("plain and compressed files give the same examples, scaled to 0...1", arguments: [false, true])
  func load(isCompressed: Bool) throws {
    let reader = try reader(images: isCompressed ? gzip(images) : images, labels: isCompressed ? gzip(labels) : labels)
    #expect(try reader.header() == DataHeader(examples: 3, shape: [1, 2, 2], classes: 3))
    let data = try reader.load()
    #expect(data.count == 3 && data.shape == [1, 2, 2] && data.labels == [2, 0, 1] && data.classes == 3)
    // 51/255, 102/255 and 1 within one rounding of the product.
    #expect(zip(data.features, [0, 0.2, 0.4, 1] as [Float]).allSatisfy { abs($0 - $1) <= Float.ulpOfOne })
    var row = [Float](repeating: -1, count: 4)
    data.copyRow(2, into: &row)
    #expect(row == [5, 6, 7, 8].map { $0 * (1 / 255) })
  }

  @Test("a count that the file cannot hold is refused before memory is taken, plain or compressed")
  func oversized() throws {
    for sizes in [[1 << 31, 28, 28], [.max, .max, .max], [3, 2, 3]] as [[UInt32]] {
      let bytes = idx(sizes, [UInt8](repeating: 0, count: 12))
      #expect(kinds(try reader(images: bytes, labels: labels)).allSatisfy { $0 == .truncated || $0 == .corrupt })
      #expect(kinds(try reader(images: gzip(bytes), labels: labels)).contains { $0 == .truncated || $0 == .corrupt })
    }
    #expect(kinds(try reader(images: images, labels: idx([1 << 31], [0]))) == [.truncated, .truncated])
  }

  @Test("every cut of a file is refused, and no changed byte traps")
  func cuts() throws {
    for count in 0..<images.count {
      #expect(!kinds(try reader(images: Array(images.prefix(count)), labels: labels)).contains(nil), "\(count)")
    }
    let packed = gzip(images)
    for count in 0..<packed.count {
      #expect(kinds(try reader(images: Array(packed.prefix(count)), labels: labels))[1] != nil, "\(count)")
    }
    #expect(kinds(try reader(images: Array(packed.dropLast(10)), labels: labels))[1] == .truncated)
    for index in packed.indices {
      var bytes = packed
      bytes[index] ^= 0x55
      _ = kinds(try reader(images: bytes, labels: labels))
    }
    var damaged = packed
    damaged[30] ^= 1
    #expect(kinds(try reader(images: damaged, labels: labels))[1] == .corrupt)
  }

  @Test("each fault has its kind")
  func faults() throws {
    #expect(kinds(try reader(images: Array("P5 28 28".utf8), labels: labels)) == [.wrongMagic, .wrongMagic])
    #expect(kinds(try reader(images: labels, labels: images)) == [.wrongMagic, .wrongMagic])
    #expect(kinds(try reader(images: idx([1, 1, 1], [0, 0, 0, 0], type: 0x0D), labels: labels)) == [.unsupported, .unsupported])
    #expect(kinds(try reader(images: images + [0], labels: labels)) == [.sizeMismatch, .sizeMismatch])
    #expect(kinds(try reader(images: gzip(images + [0]), labels: labels))[1] == .sizeMismatch)
    #expect(kinds(try reader(images: images, labels: idx([2], [0, 1]))) == [.sizeMismatch, .sizeMismatch])
    #expect(kinds(try reader(images: idx([0, 2, 2], []), labels: labels)) == [.empty, .empty])
    #expect(kinds(try reader(images: images, labels: labels, classes: 2)) == [.labelOutOfRange, .labelOutOfRange])
    #expect(kinds(try reader(images: images, labels: labels, classes: 3)) == [nil, nil])
    #expect(kinds(IDXReader(images: folder.path + "/absent", labels: folder.path)) == [.missingFile, .missingFile])
    #expect(kinds(IDXReader(images: folder.path, labels: folder.path)) == [.unreadable, .unreadable])
  }

  @Test("a folder is searched for its four files, with or without .gz")
  func folderSearch() throws {
    #expect(throws: DataError.self) { try IDXFolder(path: folder.path) }
    let train = try folder.write("train-images-idx3-ubyte.gz", gzip(images))
    _ = try folder.write("train-labels.idx1-ubyte", labels)
    let error = #expect(throws: DataError.self) { try IDXFolder(path: folder.path) }
    #expect(error?.message.contains("t10k-images") == true && error?.kind == .unreadable)
    _ = try folder.write("t10k-images-idx3-ubyte", images)
    #expect(throws: DataError.self) { try IDXFolder(path: folder.path) }
    _ = try folder.write("t10k-labels-idx1-ubyte", labels)
    let found = try IDXFolder(path: folder.path)
    #expect(found.train.images == train)
    #expect(try found.train.load().count == 3 && found.test.load().count == 3)
  }

  /// MNIST lies beside the checkout where the machine has it.
  private static let sharedMNIST = Repository.root.deletingLastPathComponent().appendingPathComponent("shared/data/mnist").path

  @Test("the real files have their published sizes", arguments: ["/usr/share/datasets/fashion-mnist", Self.sharedMNIST])
  func realFiles(path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else { return print("skipped: \(path) is absent") }
    let folder = try IDXFolder(path: path)
    #expect(try folder.train.header() == DataHeader(examples: 60_000, shape: [1, 28, 28], classes: 10))
    #expect(try folder.test.header() == DataHeader(examples: 10_000, shape: [1, 28, 28], classes: 10))
    let test = try folder.test.load()
    #expect(test.count == 10_000 && test.storage.count == 7_840_000)
  }
}
