import DrnTestSupport
import Foundation
import Testing

/// Two classes of grey images of 4 x 4 pixels as PNG files, whole unless a test damages them.
@Suite("Images on disk", .serialized) struct ProcessImagesTests {
  private static let program = """
    data images {
      source: images("pictures", test_share: 20%)
      image: tensor[1, 4, 4]
      label: class(2)
      validation: 25%
      prepare: standardize(per: channel)
      augment: [pad_crop(1), flip_horizontal, cutout(2)]
    }
    network net(image: tensor[1, 4, 4]) -> tensor[2] { return image |> flatten |> fc1: linear(16) |> relu |> head: linear(2) }
    train net on images {
      length: 2 epochs
      batch: 8
      seed: 1
      loss: cross_entropy
      optimizer: sgd()
      rate: 0.01
    }

    """

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write("net.drn", Self.program)
    for label in 0..<2 {
      try FileManager.default.createDirectory(atPath: folder.path + "/pictures/\(label)", withIntermediateDirectories: true)
      for index in 0..<20 { try folder.write("pictures/\(label)/\(100 + index).png", SmallPicture.png(UInt8(index * 12), side: 4)) }
    }
    return folder
  }

  @Test("folders of images train, in the same way each time") func whole() throws {
    let folder = try folder()
    for name in ["a", "b"] {
      let outcome = try Tool.run(["train", "net.drn", "-o", name], folder: folder.path)
      #expect(outcome.status == 0 && outcome.error.contains("24 examples, 8 for validation"), "\(outcome)")
    }
    #expect(try folder.text("a/log.jsonl") == folder.text("b/log.jsonl"))
    #expect(try folder.text("a/config.txt").contains("augment: [pad_crop(1), flip_horizontal, cutout(2)]"))
  }

  private func expect(_ code: String, _ name: String, _ folder: TemporaryFolder) throws {
    let outcome = try Tool.run(["train", "net.drn", "-o", "run"], folder: folder.path)
    #expect(outcome.status == 65 && outcome.signal == 0, "\(outcome)")
    #expect(outcome.error.contains("error[\(code)]") && outcome.error.contains(name), "\(outcome)")
    #expect(outcome.error.contains("net.drn:2:") || code == "DRN0402", "\(outcome)")
    #expect(!folder.names().contains("run"))
  }

  @Test("a cut image") func cut() throws {
    let folder = try folder()
    try folder.write("pictures/1/113.png", Array(SmallPicture.png(7, side: 4).dropLast(20)))
    try expect("DRN0411", "pictures/1/113.png", folder)
  }

  @Test("an image of another size, at the first of a class and within one", arguments: ["pictures/1/100.png", "pictures/0/107.png"])
  func mixed(_ name: String) throws {
    let folder = try folder()
    try folder.write(name, SmallPicture.png(7, side: 5))
    try expect("DRN0412", name, folder)
  }

  @Test("check reads the first header of each class; what is wrong within one, train finds before its first step")
  func withinAClass() throws {
    let damages: [(String, [UInt8])] = [
      ("DRN0411", Array(SmallPicture.png(7, side: 4).dropLast(20))), ("DRN0412", SmallPicture.png(7, side: 5)),
    ]
    for (code, bytes) in damages {
      let folder = try folder()
      try folder.write("pictures/1/110.png", bytes)
      let check = try Tool.run(["check", "net.drn"], folder: folder.path)
      #expect(check.status == 0, "\(check)")
      try expect(code, "pictures/1/110.png", folder)
      try folder.write("pictures/1/110.png", SmallPicture.png(7, side: 4))
      try folder.write("pictures/1/100.png", bytes)
      let first = try Tool.run(["check", "net.drn"], folder: folder.path)
      // The header of a cut image may be whole.
      #expect(code == "DRN0411" || first.status == 65 && first.error.contains("pictures/1/100.png"), "\(first)")
    }
  }

  @Test("a class without an image, and a folder without a class") func empty() throws {
    let folder = try folder()
    try FileManager.default.createDirectory(atPath: folder.path + "/pictures/2", withIntermediateDirectories: true)
    try expect("DRN0413", "pictures/2", folder)
    try FileManager.default.removeItem(atPath: folder.path + "/pictures")
    try FileManager.default.createDirectory(atPath: folder.path + "/pictures", withIntermediateDirectories: true)
    try expect("DRN0413", "pictures", folder)
  }

  @Test("another number of classes than declared, more or fewer") func classes() throws {
    let folder = try folder()
    try FileManager.default.moveItem(atPath: folder.path + "/pictures/1", toPath: folder.path + "/other")
    try expect("DRN0402", "hold 1", folder)
    for name in ["1", "2"] { try FileManager.default.copyItem(atPath: folder.path + "/other", toPath: folder.path + "/pictures/" + name) }
    try expect("DRN0402", "hold 3", folder)
  }

  @Test("an unreadable file, and one that is no image") func unreadable() throws {
    let folder = try folder()
    try folder.write("pictures/1/105.png", "GIF89a, by its contents")
    try expect("DRN0706", "pictures/1/105.png", folder)
    try FileManager.default.removeItem(atPath: folder.path + "/pictures/1/105.png")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/pictures/1/105.png", withDestinationPath: "/dev/null")
    try expect("DRN0706", "pictures/1/105.png", folder)
  }

  private static let cifar = program.replacingOccurrences(of: "images(\"pictures\", test_share: 20%)", with: "cifar(\"cifar\")")
    .replacingOccurrences(of: "[1, 4, 4]", with: "[3, 32, 32]").replacingOccurrences(of: "class(2)", with: "class(10)")
    .replacingOccurrences(of: "tensor[2]", with: "tensor[10]").replacingOccurrences(of: "linear(2)", with: "linear(10)")

  @Test("CIFAR files train; cut short, with a strange label or with one missing they are refused") func cifar() throws {
    let folder = try TemporaryFolder()
    try folder.write("net.drn", Self.cifar)
    try FileManager.default.createDirectory(atPath: folder.path + "/cifar", withIntermediateDirectories: true)
    func records(_ count: Int) -> [UInt8] { (0..<count).flatMap { [UInt8($0 % 10)] + [UInt8](repeating: UInt8($0 * 5), count: 3072) } }
    for number in 1...5 { try folder.write("cifar/data_batch_\(number).bin", records(20)) }
    try folder.write("cifar/test_batch.bin", records(10))
    let outcome = try Tool.run(["train", "net.drn", "-o", "whole"], folder: folder.path)
    #expect(outcome.status == 0 && outcome.error.contains("75 examples, 25 for validation"), "\(outcome)")
    try folder.write("cifar/data_batch_4.bin", Array(records(20).dropLast(5)))
    try expect("DRN0411", "data_batch_4.bin", folder)
    try folder.write("cifar/data_batch_4.bin", [10] + [UInt8](repeating: 0, count: 3072))
    try expect("DRN0414", "data_batch_4.bin", folder)
    try FileManager.default.removeItem(atPath: folder.path + "/cifar/test_batch.bin")
    try folder.write("cifar/data_batch_4.bin", records(20))
    try expect("DRN0406", "test_batch.bin", folder)
    try FileManager.default.removeItem(atPath: folder.path + "/cifar/data_batch_4.bin")
    try expect("DRN0706", "data_batch_4.bin", folder)
  }
}
