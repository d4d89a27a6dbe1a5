import DrnData
import Testing

@Suite("CIFAR binary files")
struct CIFARTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func record(_ labels: [UInt8], _ value: UInt8) -> [UInt8] { labels + [UInt8](repeating: value, count: 3072) }

  @Test("records of several files follow each other")
  func load() throws {
    let paths = [try folder.file("1", record([3], 0) + record([9], 255)), try folder.file("2", gzip(record([0], 51)))]
    let reader = CIFARReader(paths: paths)
    #expect(try reader.header() == DataHeader(examples: 3, shape: [3, 32, 32], classes: 10))
    let data = try reader.load()
    #expect(data.labels == [3, 9, 0])
    #expect(data.features[3072] == 1 && data.features[6144] == 51 * (1 / 255))
  }

  @Test("the fine label of CIFAR-100 is used")
  func fineLabel() throws {
    let reader = CIFARReader(paths: [try folder.file("1", record([19, 99], 0))], variant: .cifar100)
    #expect(try reader.load().labels == [99])
  }

  @Test("a partial record, a label out of range and no records are refused")
  func faults() throws {
    func kind(_ bytes: [UInt8]) throws -> DataError.Kind? {
      let path = try folder.file("x", bytes)
      do throws(DataError) {
        _ = try CIFARReader(paths: [path]).load()
        return nil
      } catch { return error.kind }
    }
    #expect(try kind(record([1], 0) + [1]) == .sizeMismatch)
    #expect(try kind(gzip(record([1], 0) + [1])) == .truncated)
    #expect(try kind(record([10], 0)) == .labelOutOfRange)
    #expect(try kind([]) == .empty)
  }
}
