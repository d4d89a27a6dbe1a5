import DrnData
import DrnNumbers
import DrnTestSupport
import Foundation
import Testing

/// The pictures of CIFAR-10 as JPEG files, where this checkout has them beside it.
private let archive: String? = {
  let path = Repository.root.deletingLastPathComponent().appendingPathComponent("shared/data/cifar10-jpeg/cifar10_jpeg.tar.xz").path
  return FileManager.default.fileExists(atPath: path) ? path : nil
}()

@Suite("CIFAR-10 as pictures") struct CIFARImagesTests {
  @Test(
    "the 10,000 test pictures decode to the sums another program finds",
    .enabled(if: archive != nil, "skipped: there is no shared/data/cifar10-jpeg/cifar10_jpeg.tar.xz beside the checkout"))
  func sums() throws {
    let folder = try TemporaryFolder()
    let tar = Process()
    tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    tar.arguments = ["tar", "xJf", try #require(archive), "-C", folder.path, "test"]
    try tar.run()
    tar.waitUntilExit()
    try #require(tar.terminationStatus == 0)
    let reader = ImageFolderReader(path: folder.path + "/test", shape: [3, 32, 32], testShare: 0)
    #expect(try reader.header() == DataHeader(examples: 10_000, shape: [3, 32, 32], classes: 10, hasExactClasses: true))
    let data = try reader.load().train
    #expect((0..<10 as Range<Int32>).allSatisfy { label in data.labels.count { $0 == label } == 1000 })
    guard case .bytes(let bytes, _) = data.storage else { return #expect(Bool(false)) }
    var sums = [0, 0, 0]
    bytes.withUnsafeBufferPointer { bytes in
      for index in 0..<bytes.count { sums[index / 1024 % 3] += Int(bytes[index]) }
    }
    // Decoded by Pillow. Rounding in another version of the library would move a sum by far less than one in ten thousand.
    for (sum, expected) in zip(sums, [1_290_104_439, 1_266_598_065, 1_176_037_503]) {
      #expect(abs(Double(sum) / Double(expected) - 1) < 1e-4)
    }
  }
}
