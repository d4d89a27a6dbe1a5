import DrnTensorFile
import DrnTestSupport
import DrnTrain
import Foundation
import Testing

@testable import DrnInference

/// Whatever is given to a trained network is used or refused, with a sentence and a kind that has a code.
@Suite("Hostile inputs of trained networks") struct HostileInputTests {
  /// A network for each kind of input, trained once.
  private struct Networks {
    let table: Used
    let values: Used
    let images: Used
    let lines: Used
    let text: Used
    let sound: Used

    init() throws {
      let train = "length: 1 epochs  batch: 4  rate: 0.1  optimizer: sgd  seed: 3"
      let classify = "loss: cross_entropy  " + train
      table = try Used(
        """
        data d { source: csv(train: "@/t.csv", label: "y", categories: one_hot("w"))  row: tensor[3]  label: class }
        network net(row: tensor[3]) -> tensor[2] { return row |> head: linear(2) }
        train net on d { \(classify) }
        """
      ) { try $0.write("t.csv", "v,w,y\n" + (0..<12).map { "\($0),\(["a", "b"][$0 % 2]),\(["no", "yes"][$0 % 2])\n" }.joined()) }
      values = try Used(
        """
        data d { source: npy(features: "@/x.npy", labels: "@/y.npy")  x: tensor[2]  label: tensor[1] }
        network net(x: tensor[2]) -> tensor[1] { return x |> head: linear(1) }
        train net on d { loss: mean_squared_error  \(train) }
        """
      ) {
        try $0.write("x.npy", MadeFiles.npy([8, 2], (0..<16).map { Float($0) }))
        try $0.write("y.npy", MadeFiles.npy([8], (0..<8).map { Float($0) }))
      }
      images = try Used(
        """
        data d { source: idx(train_features: "@/x", train_labels: "@/y")  image: tensor[1, 4, 4]  label: class(2) }
        network net(image: tensor[1, 4, 4]) -> tensor[2] { return image |> flatten |> head: linear(2) }
        train net on d { \(classify) }
        """
      ) {
        try $0.write("x", MadeFiles.idx([8, 4, 4], (0..<128).map { UInt8($0) }))
        try $0.write("y", MadeFiles.idx([8], (0..<8).map { UInt8($0 % 2) }))
      }
      lines = try Used(
        """
        data d { source: lines("@/w")  word: tokens[4]  label: class(2) }
        network net(word: tokens[4]) -> tensor[2] { return word |> embed: embedding(4, 2) |> flatten |> head: linear(2) }
        train net on d { \(classify) }
        """
      ) {
        try FileManager.default.createDirectory(atPath: $0("w"), withIntermediateDirectories: true)
        try $0.write("w/x.txt", "ab\nba\nabc\na\nb\n")
        try $0.write("w/y.txt", "cc\nc\nccc\ncca\ncb\n")
      }
      text = try Used(
        """
        data d { source: text("@/t", test_share: 20%)  text: tokens[4]  label: next_token(3) }
        network net(text: tokens[4]) -> tensor[4, 3] { return text |> embed: embedding(3, 4) |> head: linear(3) }
        train net on d { \(classify) }
        """
      ) { try $0.write("t", String(repeating: "abc", count: 30)) }
      sound = try Used(
        """
        data d {
          source: audio("@/s", name: "{label}_{take}.wav", rate: 8000)
          sound: tensor[3, 2]
          label: class(2)
          prepare: log_mel(window: 128, hop: 64, bands: 2)
        }
        network net(sound: tensor[3, 2]) -> tensor[2] { return sound |> flatten |> head: linear(2) }
        train net on d { \(classify) }
        """
      ) { data in
        try FileManager.default.createDirectory(atPath: data("s"), withIntermediateDirectories: true)
        for take in 0..<10 { try data.write("s/\(["a", "b"][take % 2])_\(take).wav", MadeFiles.wave((0..<300).map { Int16($0) })) }
      }
    }
  }

  nonisolated(unsafe) private static let networks = Result { try Networks() }

  /// A file that is predicted or evaluated, and what is said of it.
  struct Case: CustomStringConvertible, Sendable {
    enum Network: Sendable { case table, values, images, lines, text, sound }
    let description: String
    let network: Network
    let name: String
    /// `nil` for a folder.
    let bytes: [UInt8]?
    /// The labels beside it, where it is evaluated.
    var labels: [UInt8]?
    var evaluates = false
    let says: String

    init(
      _ network: Network, _ name: String, _ bytes: [UInt8]?, says: String, evaluates: Bool = false, labels: [UInt8]? = nil, _ what: String
    ) {
      (self.network, self.name, self.bytes, self.says, self.labels) = (network, name, bytes, says, labels)
      self.evaluates = evaluates || labels != nil
      description = "\(network) \(what)"
    }
    init(_ network: Network, _ name: String, _ text: String, says: String, evaluates: Bool = false, _ what: String) {
      self.init(network, name, Array(text.utf8), says: says, evaluates: evaluates, what)
    }
  }

  private static let array = MadeFiles.npy([3, 2], [1, 2, 3, 4, 5, 6])
  private static let picture = MadeFiles.png([UInt8](repeating: 7, count: 16), channels: 1, height: 4, width: 4)
  private static let wave = MadeFiles.wave((0..<300).map { Int16($0) })
  private static let pixels = MadeFiles.idx([3, 4, 4], [UInt8](repeating: 1, count: 48))
  private static let huge = Int(1) << 40

  static let cases: [Case] = [
    Case(.table, "a.csv", "", says: "no rows", "an empty file"),
    Case(.table, "a.csv", "v,w\n", says: "no examples", "names alone"),
    Case(.table, "a.csv", "v\n1\n", says: "no column \"w\"", "a missing column"),
    Case(.table, "a.csv", "v,v,w\n1,2,a\n", says: "more than one column \"v\"", "a column twice"),
    Case(.table, "a.csv", "1,a\n", says: "the names of its columns alone", "values without names, with a word"),
    Case(.table, "a.csv", "1,2\n", says: "no row of names", "values without names"),
    Case(.table, "a.csv", "v,w\n1,c\n", says: "is not a level", "an unknown level"),
    Case(.table, "a.csv", "v,w\n,a\n", says: "a value is missing", "a missing value"),
    Case(.table, "a.csv", "v,w\nNaN,a\n", says: "missing value", "NaN"),
    Case(.table, "a.csv", "v,w\nx,a\n", says: "is not a number", "a word for a number"),
    Case(.table, "a.csv", "v,w\n1e300,a\n", says: "beyond the range", "a number that is too large"),
    Case(.table, "a.csv", "v,w\n1,a,3\n", says: "has 3 fields", "a row that is too long"),
    Case(.table, "a.csv", "v,w\n\"1,a\n", says: "not closed", "an open quote"),
    Case(.table, "a.csv", [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 60), says: "a.csv", "an archive"),
    Case(.table, "a.csv", [0x1F, 0x8B, 8, 0, 0], says: "end too early", "a gzip file cut short"),
    Case(.table, "a.csv", [UInt8](repeating: 0, count: 500), says: "a.csv", "zeros"),
    Case(.table, "a.csv", "v,w\n1,a\n" + String(repeating: "2", count: 1 << 23 + 1), says: "longer than", "a line without end"),
    Case(.table, "a", nil, says: "is a folder", "a folder"),
    Case(.table, "a.png", picture, says: "is not a file of numbers", "a picture"),
    Case(.table, "a.npy", array, says: "shape", "an array of another shape"),
    Case(.table, "a.csv", "v,w\n1,a\n", says: "no column \"y\"", evaluates: true, "no labels"),
    Case(.table, "a.csv", "v,w,y\n1,a,maybe\n", says: "is not a class", evaluates: true, "an unknown class"),
    Case(.table, "a.csv", "v,w,y\n1,a,\n", says: "missing", evaluates: true, "a missing class"),
    Case(.table, "a", nil, says: "is a folder", evaluates: true, "a folder to evaluate"),
    Case(.values, "a.npy", [], says: ".npy", "an empty file"),
    Case(.values, "a.npy", Array(array.prefix(5)), says: "too short", "an array cut in its mark"),
    Case(.values, "a.npy", Array(array.prefix(40)), says: "header", "an array cut in its header"),
    Case(.values, "a.npy", Array(array.dropLast(3)), says: "needs", "an array cut in its data"),
    Case(.values, "a.npy", array + [1], says: "follow the array", "an array with more behind it"),
    Case(.values, "a.npy", MadeFiles.npy("<f4", [huge, huge], []), says: "too large to exist", "an array of a size that overflows"),
    Case(.values, "a.npy", MadeFiles.npy("<f4", [huge, 2], []), says: "needs", "an array of a huge size"),
    Case(.values, "a.npy", MadeFiles.npy("|O", [3, 2], []), says: "Python objects", "Python objects"),
    Case(.values, "a.npy", MadeFiles.npy("<c8", [1, 2], [UInt8](repeating: 0, count: 16)), says: "complex", "complex numbers"),
    Case(.values, "a.npy", MadeFiles.npy([2, 3], [1, 2, 3, 4, 5, 6]), says: "network takes [2]", "another width"),
    Case(.values, "a.npy", MadeFiles.npy([], [1]), says: "single number", "a scalar"),
    Case(.values, "a.npy", MadeFiles.npy([0, 2], []), says: "no values", "no rows"),
    Case(.values, "a.npy", MadeFiles.npy([1, 2], [.nan, 1]), says: "nan", "NaN"),
    Case(.values, "a.npy", MadeFiles.npy([1, 2], [1, .infinity]), says: "inf", "infinity"),
    Case(.values, "a.npy", picture, says: "does not start", "a picture by another name"),
    Case(.values, "a.csv", "1,2,3\n", says: "network takes", "a table of another width"),
    Case(.values, "a.csv", "1,x\n", says: "names or values", "a table with words"),
    Case(.values, "a.bin", [1, 2, 3, 4], says: "IDX", "bytes"),
    Case(.values, "a.npy", array, says: "rows", labels: MadeFiles.npy([2], [1, 2]), "fewer targets than rows"),
    Case(
      .values, "a.npy", array, says: "values for an example", labels: MadeFiles.npy([3, 2], [1, 2, 3, 4, 5, 6]), "targets that are too wide"
    ),
    Case(.values, "a.npy", array, says: "--labels", evaluates: true, "no targets"),
    Case(.images, "a", [], says: "IDX", "an empty file"),
    Case(.images, "a", Array(pixels.prefix(9)), says: "too short", "a header cut short"),
    Case(.images, "a", Array(pixels.dropLast()), says: "a", "data cut short"),
    Case(.images, "a", pixels + [0], says: "bytes follow", "bytes behind the data"),
    Case(.images, "a", [0, 0, 8, 3] + [UInt8](repeating: 0xFF, count: 12), says: "a: announces", "a size that overflows"),
    Case(.images, "a", [0, 0, 13, 3] + [UInt8](repeating: 0, count: 12), says: "unsigned bytes", "floats"),
    Case(.images, "a", MadeFiles.idx([3], [0, 1, 0]), says: "one dimension", "labels for images"),
    Case(.images, "a", MadeFiles.idx([1, 5, 5], [UInt8](repeating: 1, count: 25)), says: "network takes [1, 4, 4]", "another size"),
    Case(.images, "a.png", [], says: "a.png", "an empty picture"),
    Case(.images, "a.png", Array(picture.prefix(40)), says: "damaged", "a picture cut short"),
    Case(.images, "a.png", MadeFiles.png([1, 2, 3, 4], channels: 1, height: 2, width: 2), says: "pixels", "a small picture"),
    Case(
      .images, "a.png", MadeFiles.png([UInt8](repeating: 1, count: 48), channels: 3, height: 4, width: 4), says: "colour",
      "a coloured picture"),
    Case(.images, "a.jpg", Array("GIF89a".utf8), says: "a.jpg", "a GIF"),
    Case(.images, "a", nil, says: "no images", "an empty folder"),
    Case(.images, "a", pixels, says: "there are 2 classes", labels: MadeFiles.idx([3], [0, 1, 9]), "a label that is no class"),
    Case(.images, "a", pixels, says: "labels, but there are 3", labels: MadeFiles.idx([2], [0, 1]), "fewer labels than images"),
    Case(.images, "a", nil, says: "no folder in it", evaluates: true, "an empty folder to evaluate"),
    Case(.lines, "a.txt", "", says: "no line", "an empty file"),
    Case(.lines, "a.txt", "\n\n", says: "no line", "empty lines"),
    Case(.lines, "a.txt", "abcab\n", says: "5 characters", "a line that is too long"),
    Case(.lines, "a.txt", "ab\nz\n", says: "line 2: the character \"z\"", "an unknown character"),
    Case(.lines, "a.txt", [0xFF, 0xFE, 0x41], says: "UTF-8", "another encoding"),
    Case(.lines, "a", nil, says: "is a folder", "a folder"),
    Case(.lines, "z.txt", "ab\n", says: "not named after a class", evaluates: true, "a file of no class"),
    Case(.lines, "a", nil, says: "no text files", evaluates: true, "an empty folder"),
    Case(.text, "a.txt", "", says: "is empty", "an empty file"),
    Case(.text, "a.txt", "ab\u{1F600}", says: "the character", "an unknown character"),
    Case(.text, "a.txt", [0xC0, 0x80], says: "UTF-8", "bytes that are no text"),
    Case(.text, "a.txt", "abc", says: "too few", evaluates: true, "a text that is too short"),
    Case(.text, "a", nil, says: "is a folder", "a folder"),
    Case(.sound, "a.wav", [], says: "a.wav", "an empty file"),
    Case(.sound, "a.wav", Array(wave.prefix(30)), says: "a.wav", "a header cut short"),
    Case(.sound, "a.wav", Array(wave.dropLast(100)), says: "a.wav", "samples cut short"),
    Case(.sound, "a.wav", MadeFiles.wave([1, 2, 3], rate: 16_000), says: "16000 samples a second", "another rate"),
    Case(.sound, "a.wav", picture, says: "a.wav", "a picture by another name"),
    Case(.sound, "a.mp3", [0xFF, 0xFB, 0, 0], says: ".wav", "another format"),
    Case(.sound, "a", nil, says: "no recordings", "an empty folder"),
  ]

  @Test("a file or folder is refused, by a sentence that says what is wrong with it", arguments: cases)
  func refused(_ hostile: Case) throws {
    let networks = try Self.networks.get()
    let used =
      switch hostile.network {
      case .table: networks.table
      case .values: networks.values
      case .images: networks.images
      case .lines: networks.lines
      case .text: networks.text
      case .sound: networks.sound
      }
    let folder = try TemporaryFolder()
    if let bytes = hostile.bytes {
      try folder.write(hostile.name, bytes)
    } else {
      try FileManager.default.createDirectory(atPath: folder(hostile.name), withIntermediateDirectories: false)
    }
    let labels = try hostile.labels.map { try folder.write("labels" + (hostile.name.hasSuffix(".npy") ? ".npy" : ""), $0) }
    let error = trainError {
      if hostile.evaluates {
        _ = try used.evaluate(folder(hostile.name), labels: labels)
      } else {
        _ = try used.predict([folder(hostile.name)])
      }
    }
    let found = try #require(error, "it was used")
    #expect((found.message + (found.help ?? "")).contains(hostile.says), "\(found.message); \(found.help ?? "")")
    switch found.kind {
    case .inputUnfit, .inputMissing, .files: break
    case let kind: Issue.record("\(kind)")
    }
  }

  @Test("a file that is not there, cannot be read, or is a device")
  func absent() throws {
    let networks = try Self.networks.get()
    for path in ["/nowhere/a.csv", "", "a\0b"] {
      #expect(trainError { _ = try networks.table.predict([path]) }?.kind == .inputMissing, "\(path)")
      #expect(trainError { _ = try networks.table.evaluate(path) }?.kind == .inputMissing, "\(path)")
    }
    #expect(trainError { _ = try networks.table.predict(["/dev/null"]) }?.kind == .inputUnfit)
    #expect(trainError { _ = try networks.images.evaluate("/nowhere", labels: "/nowhere") }?.kind == .inputMissing)
    #expect(trainError { _ = try networks.table.evaluate("/dev/null") } != nil)
  }

  // MARK: Run folders

  /// A change to a run folder after which it cannot be used.
  struct Damage: CustomStringConvertible, Sendable {
    let description: String
    let says: String
    let apply: @Sendable (TemporaryFolder) throws -> Void
    init(_ description: String, says: String, _ apply: @escaping @Sendable (TemporaryFolder) throws -> Void) {
      (self.description, self.says, self.apply) = (description, says, apply)
    }

    /// Another value in the metadata of the weights.
    static func metadata(_ description: String, says: String, _ change: @escaping @Sendable (inout [(String, String)]) -> Void) -> Damage {
      Damage(description, says: says) { folder in
        var file = try TensorFile.read(path: folder("run/weights.safetensors"))
        change(&file.metadata)
        try file.write(path: folder("run/weights.safetensors"))
      }
    }

    /// Another value under a key.
    static func value(_ key: String, _ value: String?, says: String) -> Damage {
      metadata("\(key) = \(value.map { String($0.prefix(40)) } ?? "nothing")", says: says) { metadata in
        metadata.removeAll { $0.0 == key }
        if let value { metadata.append((key, value)) }
      }
    }

    /// Another text in the description of inputs and outputs.
    static func description(_ text: String, _ other: String, says: String) -> Damage {
      metadata("\(text) becomes \(other)", says: says) { metadata in
        for index in metadata.indices where metadata[index].0 == "drnc.model" {
          metadata[index].1 = metadata[index].1.replacingOccurrences(of: text, with: other)
        }
      }
    }

    static func tensor(_ description: String, says: String, _ change: @escaping @Sendable (inout [NamedTensor]) -> Void) -> Damage {
      Damage(description, says: says) { folder in
        var file = try TensorFile.read(path: folder("run/weights.safetensors"))
        change(&file.tensors)
        try file.write(path: folder("run/weights.safetensors"))
      }
    }
  }

  static let damages: [Damage] =
    [
      Damage("no folder", says: "there is no folder") { try FileManager.default.removeItem(atPath: $0("run")) },
      Damage("a file", says: "is a file") {
        try FileManager.default.removeItem(atPath: $0("run"))
        try $0.write("run", "a")
      },
      Damage("an empty folder", says: "holds no run") {
        try FileManager.default.removeItem(atPath: $0("run"))
        try FileManager.default.createDirectory(atPath: $0("run"), withIntermediateDirectories: true)
      },
      Damage("a run that has not ended", says: "has not come to an end") {
        try FileManager.default.removeItem(atPath: $0("run/weights.safetensors"))
      },
      Damage("no run.json", says: "run.json` is missing") { try FileManager.default.removeItem(atPath: $0("run/run.json")) },
      Damage("an empty run.json", says: "run.json` cannot be read") { try $0.write("run/run.json", "") },
      Damage("a run.json of something else", says: "run.json` cannot be read") { try $0.write("run/run.json", "[1]") },
      Damage("no source.drn", says: "source.drn` is missing") { try FileManager.default.removeItem(atPath: $0("run/source.drn")) },
      Damage("an empty source.drn", says: "no program") { try $0.write("run/source.drn", "") },
      Damage("a source.drn that is no program", says: "no program") { try $0.write("run/source.drn", "network {") },
      Damage("a source.drn of another network", says: "is not the program of the weights") {
        try $0.write(
          "run/source.drn",
          try $0.text("run/source.drn").replacingOccurrences(of: "net", with: "work").replacingOccurrences(of: "workwork", with: "network"))
      },
      Damage("a source.drn of other sizes", says: "source.drn`") {
        try $0.write("run/source.drn", try $0.text("run/source.drn").replacingOccurrences(of: "[3]", with: "[4]"))
      },
      Damage("weights that are a folder", says: "not a regular file") {
        try FileManager.default.removeItem(atPath: $0("run/weights.safetensors"))
        try FileManager.default.createDirectory(atPath: $0("run/weights.safetensors"), withIntermediateDirectories: true)
      },
      Damage("no weights in the file", says: "at least 8") { try $0.write("run/weights.safetensors", "") },
      Damage("a huge header", says: "announces a header") {
        try $0.write("run/weights.safetensors", [UInt8](repeating: 0xFF, count: 7) + [0x7F] + [UInt8](repeating: 0x20, count: 90))
      },
      Damage("a pickle", says: "weights.safetensors`") {
        try $0.write("run/weights.safetensors", [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 60))
      },
      .value("drnc.phase", nil, says: "which phase and ranks"), .value("drnc.phase", "7", says: "which phase and ranks"),
      .value("drnc.phase", "-1", says: "which phase and ranks"), .value("drnc.ranks", "", says: "which phase and ranks"),
      .value("drnc.ranks", "9223372036854775807", says: "which phase and ranks"), .value("drnc.ranks", "x", says: "which phase and ranks"),
      .value("drnc.model", nil, says: "nothing of inputs and outputs"), .value("drnc.model", "{", says: "not JSON"),
      .value("drnc.model", "{\"format\": 2}", says: "format"), .value("drnc.model", "{\"format\": 1}", says: "lacks"),
      .description("\"shape\":[3]", "\"shape\":[4611686018427387904, 8]", says: "input.shape"),
      .description("\"shape\":[3]", "\"shape\":[-3]", says: "input.shape"),
      .description("[\"no\",\"yes\"]", "[\"no\",\"yes\",\"maybe\"]", says: "is not the program of the weights"),
      .description("[\"no\",\"yes\"]", "[1, 2]", says: "`classes`"), .description("\"data\":{", "\"other\":{", says: "data"),
      .description("\"levels\":[", "\"levels\":[3,", says: "`levels`"),
      .tensor("a tensor is missing", says: "lacks the tensor") { $0.removeLast() },
      .tensor("a tensor of another shape", says: "in the shape") { tensors in
        for index in tensors.indices where tensors[index].name == "head.bias" {
          tensors[index] = NamedTensor(name: "head.bias", shape: [1], floats: [0])
        }
      },
      .tensor("NaN in a tensor", says: "no numbers") { tensors in
        for index in tensors.indices where tensors[index].name == "head.bias" {
          tensors[index] = NamedTensor(name: "head.bias", shape: [2], floats: [.nan, 0])
        }
      },
      .tensor("a tensor of bytes that have no value", says: "type") { tensors in
        for index in tensors.indices where tensors[index].name == "head.bias" {
          tensors[index] = NamedTensor(name: "head.bias", elementType: .f8e4m3, shape: [2], bytes: [1, 2])
        }
      },
    ]

  @Test("a damaged run folder is refused, by the file that is at fault", arguments: damages)
  func damaged(_ damage: Damage) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: try Self.networks.get().table.run, toPath: folder("run"))
    _ = try TrainedModel(folder: folder("run"))
    try damage.apply(folder)
    let error = try #require(trainError { _ = try TrainedModel(folder: folder("run")) }, "it was used")
    #expect(error.message.contains(damage.says), "\(error.message)")
    #expect(error.kind == .runUnusable || error.kind == .inputMissing)
  }

  @Test("weights cut at any length, or with any byte changed, are used or refused")
  func bytes() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: try Self.networks.get().table.run, toPath: folder("run"))
    let whole = [UInt8](try folder.bytes("run/weights.safetensors"))
    for count in stride(from: 0, to: whole.count, by: 37) {
      try folder.write("run/weights.safetensors", Array(whole.prefix(count)))
      #expect(trainError { _ = try TrainedModel(folder: folder("run")) }?.kind == .runUnusable, "\(count) bytes")
      #expect(
        trainError { _ = try TensorInspection(folder("run/weights.safetensors"), withSpectra: true, threads: 1) }?.kind == .tensorFile)
    }
    var random = SplitMix64(seed: 9)
    var refused = 0
    for _ in 0..<150 {
      var changed = whole
      changed[Int(random.next() % UInt64(whole.count))] = UInt8(truncatingIfNeeded: random.next())
      try folder.write("run/weights.safetensors", changed)
      if let error = trainError({ _ = try TrainedModel(folder: folder("run")) }) {
        refused += 1
        #expect(error.kind == .runUnusable)
      }
    }
    #expect(refused > 20)
  }

  @Test("files that are looked into: missing, foreign, huge and damaged")
  func inspected() throws {
    let folder = try TemporaryFolder()
    func error(_ path: String) -> TrainError.Kind? { trainError { _ = try TensorInspection(path, withSpectra: true, threads: 1) }?.kind }
    #expect(error(folder("none")) == .inputMissing)
    #expect(error(folder.path) == .runUnusable)
    for (name, bytes) in [
      ("empty", []), ("text", Array("hello, world".utf8)), ("zip", [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 40)),
      ("huge", [UInt8](repeating: 0xFF, count: 16)), ("gguf", Array("GGUF".utf8) + [UInt8](repeating: 0, count: 40)),
      ("npy", Self.array), ("picture", Self.picture),
    ] {
      #expect(error(try folder.write(name, bytes)) == .tensorFile, "\(name)")
    }
    let header = Array(#"{"a": {"dtype": "F32", "shape": [4611686018427387904, 4], "data_offsets": [0, 4]}}"#.utf8)
    #expect(error(try folder.write("overflow", littleEndian(UInt64(header.count)) + header + [0, 0, 0, 0])) == .tensorFile)
    // Nothing is wrong with a matrix of infinities or without a number, but it has no singular values.
    let odd = TensorFile(tensors: [
      NamedTensor(name: "i", shape: [2, 2], floats: [.infinity, 0, 0, .nan]), NamedTensor(name: "z", shape: [0, 5], floats: []),
    ])
    try odd.write(path: folder("odd"))
    #expect(try TensorInspection(folder("odd"), withSpectra: true, threads: 1).tensors.allSatisfy { $0.spectrum == nil })
  }
}
