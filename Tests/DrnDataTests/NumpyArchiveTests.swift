import DrnData
import DrnTestSupport
import Foundation
import Testing

/// Archives written by NumPy 2.4: `savez_compressed(x=tile of arange(12) as [5, 3, 4] u1, y=[0, 1, 2, 1, 0] i8)` and
/// `savez(x=arange(6) as [2, 3] f4, y=[[1], [0]] u1)`.
private let compressed = """
  UEsDBC0AAAAIAAAAIQDvHqiA//////////8FABQAeC5ucHkBABAAvAAAAAAAAABXAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF5Taqiuo6Cell9UUpSYF59flJIKEndL\
  zClOBYoXZyQWpAL5GqY6CsY6CiaaOgq1CuQBLgZGJmYWVjZ2Dk4ublLZAFBLAwQtAAAACAAAACEAUlx3qv//////////BQAUAHkubnB5AQAQAKgAAAAAAAAATgAAAAAAAACb\
  7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RqmOpo6CrUKFAAuBihghNJMaHwYAABQSwECLQMtAAAACAAAACEA7x6ogFcA\
  AAC8AAAABQAAAAAAAAAAAAAAgAEAAAAAeC5ucHlQSwECLQMtAAAACAAAACEAUlx3qk4AAACoAAAABQAAAAAAAAAAAAAAgAGOAAAAeS5ucHlQSwUGAAAAAAIAAgBmAAAAEwEA\
  AAAA
  """
private let stored = """
  UEsDBC0AAAAAAAAAIQBP6QAq//////////8FABQAeC5ucHkBABAAmAAAAAAAAACYAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxmNCcsICdmb3J0cmFuX29yZGVyJzog\
  RmFsc2UsICdzaGFwZSc6ICgyLCAzKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAAgD8AAABAAABA\
  QAAAgEAAAKBAUEsDBC0AAAAAAAAAIQBUFq6L//////////8FABQAeS5ucHkBABAAggAAAAAAAACCAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJ3x1MScsICdmb3J0cmFu\
  X29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCAxKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAQBQSwEC\
  LQMtAAAAAAAAACEAT+kAKpgAAACYAAAABQAAAAAAAAAAAAAAgAEAAAAAeC5ucHlQSwECLQMtAAAAAAAAACEAVBaui4IAAACCAAAABQAAAAAAAAAAAAAAgAHPAAAAeS5ucHlQ\
  SwUGAAAAAAIAAgBmAAAAiAEAAAAA
  """

@Suite("npz archives") struct NumpyArchiveTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func bytes(_ text: String) throws -> [UInt8] { [UInt8](try #require(Data(base64Encoded: text))) }

  private func reader(_ path: String, x: String = "x", y: String = "y", shape: [Int]? = nil) -> NumpyReader {
    NumpyReader(features: .entry(x, in: path), targets: .entry(y, in: path), task: .classification, shape: shape)
  }

  private func error(_ bytes: [UInt8], x: String = "x") throws -> DataError? {
    let reader = reader(try folder.write("t.npz", bytes), x: x)
    do throws(DataError) {
      _ = try reader.header()
      _ = try reader.load()
      return nil
    } catch { return error }
  }

  @Test("deflated arrays are read; a declared channel of 1 may be missing in the file") func deflated() throws {
    let path = try folder.write("t.npz", bytes(compressed))
    #expect(try reader(path).header() == DataHeader(examples: 5, shape: [3, 4]))
    let data = try reader(path, shape: [1, 3, 4]).load()
    #expect(data.shape == [1, 3, 4] && data.labels == [0, 1, 2, 1, 0])
    #expect(data.features == (0..<60).map { Float($0 % 12) })
    #expect(try reader(path, shape: [4, 3]).load().shape == [3, 4])
  }

  @Test("stored arrays are read, labels as a column too") func plain() throws {
    let data = try reader(try folder.write("t.npz", bytes(stored))).load()
    #expect(data.features == [0, 1, 2, 3, 4, 5] && data.labels == [1, 0])
  }

  @Test("a name that is not there is told with those that are") func names() throws {
    let found = try #require(try error(bytes(stored), x: "images"))
    #expect(found.message.contains("`images`") && found.help == "it holds x, y")
  }

  @Test("every cut is refused", arguments: [compressed, stored]) func cut(_ text: String) throws {
    let whole = try bytes(text)
    for count in 0..<whole.count { #expect(try error(Array(whole[..<count])) != nil, "\(count) of \(whole.count) bytes") }
    #expect(try error(Array("plain text of some length, not an archive".utf8))?.kind == .wrongMagic)
  }

  @Test("a flipped byte of the contents is refused by the checksum", arguments: [compressed, stored]) func flipped(_ text: String) throws {
    let whole = try bytes(text)
    let expected = try reader(folder.write("whole.npz", whole)).load().features
    // The contents of the first array; its local header is 55 bytes long.
    for position in 55..<55 + 87 {
      var damaged = whole
      damaged[position] ^= 0x04
      // The last byte of a deflated stream may have bits that mean nothing.
      let isIntact = try error(damaged) == nil && reader(folder.path + "/t.npz").load().features == expected
      #expect(try isIntact ? position == 55 + 86 && text == compressed : error(damaged) != nil, "byte \(position)")
    }
  }

  @Test("bytes at random end in an error or in data, never in a trap", arguments: [compressed, stored]) func noise(_ text: String) throws {
    let whole = try bytes(text)
    var generator = SystemRandomNumberGenerator()
    for round in 0..<400 {
      var damaged = whole
      // Half of the rounds aim at the list of entries at the end, where the sizes are.
      let low = round % 2 == 0 ? whole.count - 124 : 0
      for _ in 0..<1 + round % 4 { damaged[Int.random(in: low..<whole.count, using: &generator)] = [0, 1, 0x7F, 0xFF][round % 4] }
      _ = try error(damaged)
    }
  }
}
