import DrnData
import DrnTestSupport
import Testing

@Suite("CIFAR binary files")
struct CIFARTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func record(_ labels: [UInt8], _ value: UInt8) -> [UInt8] { labels + [UInt8](repeating: value, count: 3072) }

  @Test("records of several files follow each other")
  func load() throws {
    let paths = [try folder.write("1", record([3], 0) + record([9], 255)), try folder.write("2", gzip(record([0], 51)))]
    let reader = CIFARReader(paths: paths)
    #expect(try reader.header() == DataHeader(examples: 3, shape: [3, 32, 32], classes: 10, hasExactClasses: true))
    let data = try reader.load()
    #expect(data.labels == [3, 9, 0])
    #expect(data.features[3072] == 1 && data.features[6144] == 51 * (1 / 255))
  }

  @Test("the fine label of CIFAR-100 is used")
  func fineLabel() throws {
    let reader = CIFARReader(paths: [try folder.write("1", record([19, 99], 0))], variant: .cifar100)
    #expect(try reader.load().labels == [99])
  }

  @Test("a partial record, a label out of range and no records are refused")
  func faults() throws {
    func kind(_ bytes: [UInt8]) throws -> DataError.Kind? {
      let path = try folder.write("x", bytes)
      do throws(DataError) {
        _ = try CIFARReader(paths: [path]).load()
        return nil
      } catch { return error.kind }
    }
    #expect(try kind(record([1], 0) + [1]) == .truncated)
    #expect(try kind(gzip(record([1], 0) + [1])) == .truncated)
    #expect(try kind(record([10], 0)) == .labelOutOfRange)
    #expect(try kind([]) == .empty)
  }

  @Test("an empty file among others is refused by its name") func emptyAmongOthers() throws {
    let paths = [try folder.write("full", record([1], 0)), try folder.write("hollow", [])]
    let reader = CIFARReader(paths: paths)
    let calls: [() throws -> Void] = [{ _ = try reader.header() }, { _ = try reader.load() }]
    for call in calls {
      let error = #expect(throws: DataError.self) { try call() }
      #expect(error?.kind == .empty && error?.path == paths[1])
    }
  }

  @Test("the coarse label of CIFAR-100 is used where it is asked for")
  func coarseLabel() throws {
    let reader = CIFARReader(paths: [try folder.write("1", record([19, 99], 0) + record([0, 1], 0))], variant: .cifar100Coarse)
    #expect(try reader.load().labels == [19, 0])
    #expect(try reader.header() == DataHeader(examples: 2, shape: [3, 32, 32], classes: 20, hasExactClasses: true))
  }

  @Test("more records than one portion of reading come in order")
  func portions() throws {
    let labels = (0..<1100).map { UInt8($0 * 7 % 10) }
    let reader = CIFARReader(paths: [try folder.write("1", labels.flatMap { record([$0], $0) })])
    let data = try reader.load()
    #expect(data.labels == labels.map { Int32($0) } && data.count == 1100)
    guard case .bytes(let bytes, _) = data.storage else { return #expect(Bool(false)) }
    #expect(stride(from: 0, to: bytes.count, by: 1536).map { bytes[$0] } == labels.flatMap { [$0, $0] })
  }

  @Test("a folder is taken for what its files are named; a missing one is named")
  func folders() throws {
    #expect(missing(folder.path + "/absent")?.kind == .missingFile)
    for number in [1, 2, 3, 5] { _ = try folder.write("data_batch_\(number).bin", record([1], 0)) }
    #expect(missing(folder.path)?.message.contains("data_batch_4.bin") == true)
    _ = try folder.write("data_batch_4.bin", record([1], 0))
    #expect(missing(folder.path)?.kind == .unreadable && missing(folder.path)?.message.contains("test_batch.bin") == true)
    _ = try folder.write("test_batch.bin", record([1], 0))
    #expect(try CIFARFolder(path: folder.path).test.load().count == 1)
    #expect(try CIFARFolder(path: folder.path).train.load().count == 5)
    #expect(missing(folder.path, coarse: true)?.kind == .options)
  }

  @Test("CIFAR-100 is found by its own names")
  func hundred() throws {
    _ = try folder.write("train.bin", record([19, 99], 0))
    #expect(missing(folder.path)?.kind == .unreadable && missing(folder.path)?.message.contains("test.bin") == true)
    _ = try folder.write("test.bin", record([19, 99], 0))
    #expect(try CIFARFolder(path: folder.path).train.load().labels == [99])
    #expect(try CIFARFolder(path: folder.path, coarse: true).train.load().labels == [19])
  }

  private func missing(_ path: String, coarse: Bool = false) -> DataError? {
    do throws(DataError) {
      _ = try CIFARFolder(path: path, coarse: coarse)
      return nil
    } catch { return error }
  }
}
