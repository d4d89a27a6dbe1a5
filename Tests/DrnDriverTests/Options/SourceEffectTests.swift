import DrnMethods
import DrnSema
import DrnTestSupport
import Foundation
import Testing

/// The sources of data that name files: another file, column or array under an option is other data.
@Suite("Every option of a source has an effect") struct SourceEffectTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Two values of each option, and what has to stand beside it.
  private static let values: [String: [String: (values: [String], beside: String)]] = [
    "csv": [
      "train": (["a.csv", "b.csv"], "label: \"y\""), "test": (["a.csv", "b.csv"], "train: \"a.csv\", label: \"y\""),
      "validation": (["a.csv", "b.csv"], "train: \"a.csv\", label: \"y\""), "label": (["\"y\"", "\"z\""], "train: \"c.csv\""),
      "separator": (["\",\"", "\";\""], "train: \"s.csv\", label: 3, columns: [1, 2]"),
      "header": (["true", "false"], "train: \"n.csv\", label: 2"),
      "columns": (["[\"p\", \"y\"]", "[\"y\", \"p\"]"], "train: \"c.csv\", label: \"z\""),
      "leave_out": (["\"p\"", "\"q\""], "train: \"w.csv\", label: \"y\""),
      "categories": (["one_hot(\"p\")", "one_hot(\"q\")"], "train: \"k.csv\", label: \"y\""),
      "missing": (["mean", "drop"], "train: \"m.csv\", label: \"y\""),
    ],
    "npy": [
      "features": (["a.npy", "b.npy"], "labels: \"y.npy\""), "labels": (["y.npy", "z.npy"], "features: \"a.npy\""),
      "test_features": (["a.npy", "b.npy"], "features: \"a.npy\", labels: \"y.npy\", test_labels: \"y.npy\""),
      "test_labels": (["y.npy", "z.npy"], "features: \"a.npy\", labels: \"y.npy\", test_features: \"a.npy\""),
    ],
    "idx": [
      "train_features": (["a.idx", "b.idx"], "train_labels: \"y.idx\""), "train_labels": (["y.idx", "z.idx"], "train_features: \"a.idx\""),
      "test_features": (["a.idx", "b.idx"], "train_features: \"a.idx\", train_labels: \"y.idx\", test_labels: \"y.idx\""),
      "test_labels": (["y.idx", "z.idx"], "train_features: \"a.idx\", train_labels: \"y.idx\", test_features: \"a.idx\""),
      "folder": (["one", "two"], ""),
    ],
  ]

  /// Archives, pictures, texts and CIFAR's files, which the tests of their readers read; of texts in `TextEffectTests` as well; `synthetic` is in `OptionEffectTests`, and `audio` in
  /// `RecordingEffectTests`.
  private static let elsewhere: Set<String> = ["npz", "cifar", "images", "synthetic", "text", "tokens", "lines", "audio"]

  private func write(_ name: String, _ bytes: [UInt8]) throws {
    let url = URL(fileURLWithPath: folder(name))
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  /// Twelve examples of two bytes in every format: features `a` and `b`, labels `y` and `z`.
  private func writeFiles() throws {
    let (a, b) = ((0..<24).map { UInt8($0 * 7 % 5) }, (0..<24).map { UInt8($0 * 3 % 4) })
    let (y, z) = ((0..<12).map { UInt8($0 % 3) }, (0..<12).map { UInt8($0 * $0 % 3) })
    func numpy(_ shape: String, _ bytes: [UInt8]) -> [UInt8] {
      let text = Array("{'descr': '|u1', 'fortran_order': False, 'shape': \(shape), }".utf8)
      let header = text + [UInt8](repeating: 0x20, count: 117 - text.count) + [0x0A]
      return [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0] + header + bytes
    }
    func idx(_ sizes: [UInt8], _ bytes: [UInt8]) -> [UInt8] { [0, 0, 8, UInt8(sizes.count)] + sizes.flatMap { [0, 0, 0, $0] } + bytes }
    for (name, features) in [("a", a), ("b", b)] {
      let rows = (0..<12).map { "\(features[2 * $0]),\(features[2 * $0 + 1])," }
      try write("\(name).csv", Array(("p,q,y\n" + rows.enumerated().map { "\($1)\(y[$0])\n" }.joined()).utf8))
      try write("\(name).npy", numpy("(12, 2)", features))
      try write("\(name).idx", idx([12, 2], features))
    }
    for (name, labels) in [("y", y), ("z", z)] {
      try write("\(name).npy", numpy("(12,)", labels))
      try write("\(name).idx", idx([12], labels))
    }
    // A table in which two columns can be the label.
    let rows = (0..<12).map { "\(a[2 * $0]),\(y[$0]),\(z[$0])\n" }
    try write("c.csv", Array(("p,y,z\n" + rows.joined()).utf8))
    func table(_ name: String, _ first: String, _ row: (Int) -> String) throws {
      try write(name, Array((first + "\n" + (0..<12).map { row($0) + "\n" }.joined()).utf8))
    }
    // Columns under two separators, names that are numbers, a column too many, two categories of two levels, and a value missing.
    try table("s.csv", "x,p,q,y,;p;q;y;") { "x,\(a[$0]),\(b[$0]),\(y[$0]),;\(b[$0]);\(a[$0]);\(z[$0]);" }
    try table("n.csv", "0,1,2") { "\(a[$0]),\(b[$0]),\(y[$0])" }
    try table("w.csv", "p,q,r,y") { "\(a[$0]),\(b[$0]),\(z[$0]),\(y[$0])" }
    try table("k.csv", "p,q,y") { "\($0 % 2),\($0 / 6),\(y[$0])" }
    try table("m.csv", "p,q,y") { "\($0 == 5 ? "" : "\(a[$0])"),\(b[$0]),\(y[$0])" }
    for (name, features) in [("one", a), ("two", b)] {
      for part in ["train", "t10k"] {
        try write("\(name)/\(part)-images-idx3-ubyte", idx([12, 1, 2], features))
        try write("\(name)/\(part)-labels-idx1-ubyte", idx([12], y))
      }
    }
  }

  @Test("of files", arguments: EditorVocabulary.sources.map(\.name)) func files(_ source: String) throws {
    let spec = try #require(EditorVocabulary.sources.first { $0.name == source })
    guard !Self.elsewhere.contains(source) else { return }
    try writeFiles()
    for option in spec.options {
      let entry = try #require(Self.values[source]?[option.name], "\(source)(\(option.name)) is new: give it two values that differ")
      let sights = entry.values.map { value in
        OptionProgram().with {
          let isFile = if case .text = option.kind, option.name != "separator" { true } else { false }
          var text = "\(option.name): \(isFile ? "\"\(value)\"" : value)" + (entry.beside.isEmpty ? "" : ", ") + entry.beside
          for name in ["a", "b", "c", "k", "m", "n", "s", "w", "y", "z"] {
            for ending in ["csv", "npy", "idx"] {
              text = text.replacing("\"\(name).\(ending)\"", with: "\"\(folder("\(name).\(ending)"))\"")
            }
          }
          if option.name == "folder" { text = text.replacing("\"\(value)\"", with: "\"\(folder(value))\"") }
          $0.source = "\(source)(\(text))"
          $0.input = ["folder": "tensor[1, 1, 2]", "categories": "tensor[3]"][option.name] ?? "tensor[2]"
          $0.data = []
          $0.network = "return x |> \(option.name == "folder" ? "flatten |> " : "")l1: linear(4) |> relu |> head: linear(3)"
        }.sight
      }
      #expect(Set(sights).count == 2, "\(source)(\(option.name)): \(entry.values) give the same run")
      #expect(!sights.contains(.refused), "\(source)(\(option.name)): one of \(entry.values) is refused")
    }
  }
}
