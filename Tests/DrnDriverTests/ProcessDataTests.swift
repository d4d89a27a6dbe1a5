import DrnTestSupport
import Foundation
import Testing

/// A data set of 4 x 4 images in IDX form, whole unless a test damages it.
private struct Images {
  var train: [UInt8]
  var labels: [UInt8]

  init(count: Int = 40, classes: Int = 4, side: Int = 4) {
    let pixels = (0..<count * side * side).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    train = Self.header(0x0803, [count, side, side]) + pixels
    labels = Self.header(0x0801, [count]) + (0..<count).map { UInt8($0 % classes) }
  }

  private static func header(_ magic: Int, _ sizes: [Int]) -> [UInt8] {
    ([magic] + sizes).flatMap { size in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } }
  }
}

@Suite("Data on disk", .serialized) struct ProcessDataTests {
  private static let program = """
    data images {
      source: idx("images")
      image: tensor[1, 4, 4]
      label: class(4)
      validation: 20%
    }
    network net(image: tensor[1, 4, 4]) -> tensor[4] { return image |> flatten |> fc1: linear(16) |> relu |> head: linear(4) }
    train net on images {
      length: 2 epochs
      batch: 8
      seed: 1
      loss: cross_entropy
      optimizer: sgd()
      rate: 0.01
    }

    """

  private func folder(_ images: Images?) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("net.drn", Self.program)
    guard let images else { return folder }
    try FileManager.default.createDirectory(atPath: folder.path + "/images", withIntermediateDirectories: true)
    try folder.write("images/train-images-idx3-ubyte", images.train)
    try folder.write("images/train-labels-idx1-ubyte", images.labels)
    try folder.write("images/t10k-images-idx3-ubyte", Images().train)
    try folder.write("images/t10k-labels-idx1-ubyte", Images().labels)
    return folder
  }

  @Test("whole files train")
  func whole() throws {
    let folder = try folder(Images())
    let outcome = try Tool.run(["train", "net.drn", "-o", "run"], folder: folder.path)
    #expect(outcome.status == 0, "\(outcome.error)")
  }

  static let damages: [String] = [
    "images cut short", "labels cut short", "images empty", "wrong magic", "fewer labels than images", "another shape", "more classes",
    "a header that promises too much", "a damaged archive",
  ]

  private func damaged(_ damage: String) -> Images {
    var images = Images()
    switch damage {
    case "images cut short": images.train.removeLast(100)
    case "labels cut short": images.labels.removeLast(1)
    case "images empty": images.train = []
    case "wrong magic": images.train[2] = 9
    case "fewer labels than images": images.labels = Images(count: 39).labels
    case "another shape": images = Images(side: 5)
    case "more classes": images = Images(classes: 5)
    case "a header that promises too much": images.train.replaceSubrange(4..<8, with: [255, 255, 255, 255])
    case _: images.train = [0x1F, 0x8B, 8, 0] + images.train
    }
    return images
  }

  @Test("unfit files are refused with a code before anything is written", arguments: damages)
  func damage(_ damage: String) throws {
    let folder = try folder(damaged(damage))
    let outcome = try Tool.run(["train", "net.drn", "-o", "run"], folder: folder.path)
    // Whether the checker sees it from the headers or it shows on reading.
    #expect(outcome.status == 65 && outcome.signal == 0, "\(outcome)")
    #expect(outcome.error.contains("error[DRN"), "\(outcome.error)")
    #expect(folder.names() == ["images", "net.drn"])
  }

  @Test("a folder that has its training files alone is refused by check and train")
  func withoutTest() throws {
    let folder = try folder(Images())
    try FileManager.default.removeItem(atPath: folder.path + "/images/t10k-images-idx3-ubyte")
    for command in [["check", "net.drn"], ["train", "net.drn", "-o", "run"]] {
      let outcome = try Tool.run(command, folder: folder.path)
      #expect(outcome.status == 65 && outcome.error.contains("DRN0406") && outcome.error.contains("t10k-images"), "\(outcome)")
    }
    #expect(folder.names() == ["images", "net.drn"])
  }

  @Test("check passes while the data are absent, with a hint; train says what is missing")
  func absent() throws {
    let folder = try folder(nil)
    let check = try Tool.run(["check", "net.drn", "--cost"], folder: folder.path)
    #expect(check.status == 0 && check.error.contains("DRN0514") && check.output.contains("dense network"), "\(check)")
    let train = try Tool.run(["train", "net.drn", "-o", "run"], folder: folder.path)
    #expect(train.status == 65 && train.error.contains("images"), "\(train)")
    #expect(folder.names() == ["net.drn"])
  }
}
