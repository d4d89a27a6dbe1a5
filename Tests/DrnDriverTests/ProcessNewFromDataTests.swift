import DrnTestSupport
import Foundation
import Testing

/// Programs that `drnc new --data` writes: each checks without a finding and trains as it is.
@Suite("drnc new --data", .serialized) struct ProcessNewFromDataTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ arguments: [String]) throws -> Tool.Outcome { try Tool.run(arguments, folder: folder.path) }

  /// Writes a program, checks it, trains an epoch, and returns its text.
  @discardableResult
  private func new(_ data: String, _ more: [String] = [], program: String = "mine.drn") throws -> String {
    let written = try run(["new", program, "--data", data] + more)
    #expect(written.status == 0 && written.error.isEmpty && written.output.contains("wrote \(program)"), "\(written)")
    let checked = try run(["check", program, "--deny", "warnings"])
    #expect(checked.status == 0 && checked.error.isEmpty, "\(checked)")
    #expect(try run(["fmt", "--check", program]).status == 0)
    let trained = try run(["train", program, "--stop-after", "1 epochs", "--output", "run", "--threads", "1"])
    #expect(trained.status == 0 && trained.error.contains("epoch 0"), "\(trained)")
    return try folder.text(program)
  }

  private func refused(_ data: String, _ more: [String] = [], _ words: String..., status: Int32 = 65) throws {
    let outcome = try run(["new", "mine.drn", "--data", data] + more)
    #expect(outcome.status == status && outcome.error.contains("DRN0063"), "\(outcome)")
    for word in words { #expect(outcome.error.replacing(#/\s+/#, with: " ").contains(word), "\(word): \(outcome.error)") }
    #expect(outcome.error.contains("help:") && !folder.names().contains("mine.drn"), "\(outcome)")
  }

  /// `count` rows of numbers, a colour, a number of the row, words that differ, and a last column.
  private func table(_ count: Int = 60, header: Bool = true, _ last: (Int) -> String) -> String {
    var text = header ? "id,a,b,colour,note,y\n" : ""
    for row in 0..<count {
      let first = Double(row * 37 % 90) / 7
      let second = row % 9 == 3 ? "" : "\(row * 11 % 70)"
      text += "\(row + 1),\(first),\(second),\(row * row % 3 == 0 ? "red" : "blue"),n\(row)x,\(last(row))\n"
    }
    return text
  }

  private func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: folder(name), withIntermediateDirectories: true)
  }

  @Test("a table of classes: categories, missing values, columns without use, another label, low rank throughout") func classes() throws {
    try folder.write("t.csv", table { $0 % 3 == 0 ? "yes" : "no" })
    let text = try new("t.csv")
    for part in [
      "label: class", "leave_out: [\"id\", \"note\"]", "one_hot([\"colour\"])", "missing: mean", "tensor[4]", "linear(2)",
      "from epoch 0: dense",
      "by svd(error: 95%)", "The last column, \"y\", is learned",
    ] { #expect(text.contains(part), "\(part)\n\(text)") }
    try FileManager.default.removeItem(atPath: folder("run"))
    let other = try new("t.csv", ["--label", "colour", "--rank", "1/4"], program: "other.drn")
    #expect(other.contains("label: \"colour\"") && other.contains("factored(rank: 1/4 of short_side)") && !other.contains("svd"))
  }

  @Test("a table of numbers is a regression in the scale of its targets, with the test and validation tables beside it") func regression()
    throws
  {
    for name in ["house_train.csv", "house_test.csv", "house_val.csv"] {
      try folder.write(name, table { "\(250_000.5 + Double($0 * 977 % 613) * 100)" })
    }
    let text = try new("house_train.csv")
    for part in ["test: \"house_test.csv\"", "validation: \"house_val.csv\"", "mean_squared_error", "label: tensor[1]", "return scaled *"] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
  }

  @Test("whole numbers that repeat are classes; rare ones choose the weights; a first row of numbers and words is settled") func numbers()
    throws
  {
    try folder.write("t.csv", table(header: false) { $0 % 10 == 0 ? "1" : "2" })
    let text = try new("t.csv")
    for part in ["header: false", "label: 5", "select: balanced_accuracy", "different whole numbers"] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
  }

  @Test("a program in another folder names its data from there") func elsewhere() throws {
    try makeFolder("programs")
    try folder.write("t.csv", table { $0 % 2 == 0 ? "yes" : "no" })
    #expect(try new("t.csv", program: "programs/mine.drn").contains("train: \"../t.csv\""))
  }

  @Test("arrays with their labels beside them, or named") func arrays() throws {
    func array(_ type: String, _ shape: String, _ bytes: [UInt8]) -> [UInt8] {
      var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
      header += String(repeating: " ", count: 117 - header.count) + "\n"
      return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8) + bytes
    }
    func floats(_ count: Int) -> [UInt8] {
      var bytes: [UInt8] = []
      for index in 0..<count {
        let value: Float = Float(index * 37 % 91) / 9
        for place in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * place))) }
      }
      return bytes
    }
    try folder.write("x_train.npy", array("<f4", "(40, 6)", floats(240)))
    try folder.write("y_train.npy", array("|u1", "(40,)", (0..<40).map { UInt8($0 % 3) }))
    try folder.write("z.npy", array("<f4", "(40, 2)", floats(80)))
    #expect(try new("x_train.npy").contains("labels: \"y_train.npy\""))
    try FileManager.default.removeItem(atPath: folder("run"))
    #expect(try new("x_train.npy", ["--label", "z.npy"], program: "b.drn").contains("label: tensor[2]"))
    try FileManager.default.removeItem(atPath: folder("mine.drn"))
    try refused("z.npy", [], "nothing says which file holds its labels")
  }

  @Test("a folder of images with a folder for each class") func images() throws {
    for label in ["cat", "dog"] {
      try makeFolder("pets/\(label)")
      for index in 0..<12 { try folder.write("pets/\(label)/\(index).png", SmallPicture.png(UInt8(index * 9), side: 12)) }
    }
    let text = try new("pets")
    for part in ["images(\"pets\")", "tensor[1, 12, 12]", "class(2)", "conv2d", "batch_norm"] {
      #expect(text.contains(part), "\(part)\n\(text)")
    }
    try folder.write("pets/dog/5.png", SmallPicture.png(1, side: 9))
    try FileManager.default.removeItem(atPath: folder("mine.drn"))
    try refused("pets", [], "5.png")
  }

  @Test("a folder of images for validation takes the place of a share") func heldImages() throws {
    for part in ["train", "val"] {
      for (label, value) in [("cat", 1), ("dog", 2)] {
        try makeFolder("pets/\(part)/\(label)")
        for index in 0..<8 { try folder.write("pets/\(part)/\(label)/\(index).png", SmallPicture.png(UInt8(index * value), side: 12)) }
      }
    }
    let text = try new("pets")
    #expect(
      text.contains("images(\"pets\", validation: \"val\")") && !text.contains("validation: 1") && !text.contains("validation: 2"),
      "\(text)")
    #expect(try folder.text("run/log.jsonl").contains("validation_loss"))
  }

  @Test("folders of IDX and CIFAR files") func archives() throws {
    func noise(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 9) } }
    try makeFolder("digits")
    for (part, count) in [("train", 60), ("t10k", 20)] {
      let size: [UInt8] = [0, 0, 0, UInt8(count)]
      try folder.write("digits/\(part)-images-idx3-ubyte", [0, 0, 8, 3] + size + [0, 0, 0, 10, 0, 0, 0, 10] + noise(count * 100))
      try folder.write("digits/\(part)-labels-idx1-ubyte", [0, 0, 8, 1] + size + (0..<count).map { UInt8($0 % 3) })
    }
    #expect(try new("digits").contains("idx(\"digits\")"))
    try makeFolder("cifar")
    for name in (1...5).map({ "data_batch_\($0)" }) + ["test_batch"] {
      try folder.write("cifar/\(name).bin", (0..<20).flatMap { [UInt8($0 % 10)] + noise(3072) })
    }
    try FileManager.default.removeItem(atPath: folder("run"))
    #expect(try new("cifar", program: "cifar.drn").contains("label: class(10)"))
    #expect(try run(["new", "x.drn", "--data", "cifar", "--label", "y"]).error.contains("leave out `--label`"))
  }

  @Test("a text, of characters or of bytes") func text() throws {
    let words = ["the", "rank", "of", "a", "matrix", "is", "low"]
    var text = ""
    for index in 0..<900 {
      text += words[index * index % 7]
      text += index % 9 == 8 ? "\n" : " "
    }
    try folder.write("book.txt", text)
    #expect(try new("book.txt").contains("next_token("))
    try FileManager.default.removeItem(atPath: folder("run"))
    try folder.write("book.txt", Array(text.utf8) + [0xFF])
    #expect(try new("book.txt", program: "bytes.drn").contains("by: byte"))
  }

  @Test("a folder of text files, a class each") func lines() throws {
    try makeFolder("names")
    for (name, letters) in [("dutch", ["aa", "ij"]), ("basque", ["tx", "rre"])] {
      let lines: [String] = (0..<40).map { "\(letters[$0 % 2])en\(letters[$0 / 2 % 2])" }
      try folder.write("names/\(name).txt", lines.joined(separator: "\n"))
    }
    #expect(try new("names").contains("lines(\"names\", test_share: 20%, lengths: true)"))
  }

  @Test("a folder of recordings whose names say their classes") func recordings() throws {
    func little(_ value: Int, _ bytes: Int) -> [UInt8] { (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    try makeFolder("sounds")
    for label in ["yes", "no"] {
      for take in 0..<10 {
        var samples: [UInt8] = []
        let pitch = label == "no" ? 2 : 5
        for index in 0..<1600 { samples += little(Int(9000 * sin(Double(index * pitch + take) / 9)), 2) }
        var bytes = Array("RIFF".utf8) + little(36 + samples.count, 4) + Array("WAVEfmt ".utf8)
        for (value, size) in [(16, 4), (1, 2), (1, 2), (8000, 4), (16000, 4), (2, 2), (16, 2)] { bytes += little(value, size) }
        bytes += Array("data".utf8) + little(samples.count, 4) + samples
        try folder.write("sounds/anna_\(label)_\(take).wav", bytes)
      }
    }
    let text = try new("sounds")
    #expect(text.contains("name: \"{part1}_{label}_{part3}.wav\"") && text.contains("log_mel(window: 200, hop: 80, bands: 40)"), "\(text)")
  }

  @Test("what cannot be understood says so, and nothing is written") func refusals() throws {
    try refused("nowhere", [], "there is no such file", status: 66)
    try folder.write("t.parquet", "PAR1")
    try refused("t.parquet", [], ".parquet")
    try folder.write("t.csv", table { "w\($0)" })
    try refused("t.csv", [], "mostly differ from row to row", "--label")
    try refused("t.csv", ["--label", "z"], "no column \"z\"", "colour")
    try folder.write("t.csv", table(4) { "\($0 % 2)" })
    try refused("t.csv", [], "4 rows")
    try folder.write("t.csv", table { _ in "1" })
    try refused("t.csv", [], "one value")
    try folder.write("t.csv", table { $0 == 7 ? "1,2" : "\($0 % 2)" })
    try refused("t.csv", [], "line 9")
    try folder.write("t.csv", "a;y\n" + (0..<20).map { "1,\($0);\($0 % 2)\n" }.joined())
    try refused("t.csv", [], "decimal comma")
    try makeFolder("empty")
    try refused("empty", [], "holds nothing that tells what it is")
    try folder.write("short.txt", "too short")
    try refused("short.txt", [], "9 bytes")
    #expect(try run(["new", "--data", "t.csv", "--rank", "0"]).status == 64)
    #expect(try run(["new", "mine.drn", "--label", "y"]).status == 64)
    #expect(try run(["new"]).status == 64)
  }

  @Test("the program is named after the data where no file is given, and one that exists is left alone") func names() throws {
    try folder.write("iris.data.csv", table { $0 % 2 == 0 ? "yes" : "no" })
    #expect(try run(["new", "--data", "iris.data.csv"]).output.contains("wrote iris.drn"))
    let before = try folder.text("iris.drn")
    let again = try run(["new", "--data", "iris.data.csv"])
    #expect(again.status == 73 && again.error.contains("exists already"))
    #expect(try folder.text("iris.drn") == before)
  }

  @Test("data given as the file to write is not taken for one: the help has --data") func dataAsFile() throws {
    try folder.write("t.csv", table { $0 % 2 == 0 ? "yes" : "no" })
    try makeFolder("pictures")
    for name in ["t.csv", "pictures"] {
      let outcome = try run(["new", name])
      #expect(outcome.status == 73 && outcome.error.replacing(#/\s+/#, with: " ").contains("drnc new --data \(name)"), "\(outcome)")
    }
    #expect(folder.names() == ["pictures", "t.csv"])
  }
}
