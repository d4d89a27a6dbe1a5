import DrnTestSupport
import Foundation
import Testing

/// Texts and lines as examples: every option changes the run.
@Suite("Texts in a run") struct TextEffectTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let letters = (0..<400).map { ["a", "b", "c", " "][($0 * $0 + $0 / 7) % 4] }
    try folder.write("one.txt", letters.joined())
    try folder.write("two.txt", letters.reversed().joined())
    for (name, shift) in [("first", 0), ("second", 1)] {
      try FileManager.default.createDirectory(atPath: folder(name), withIntermediateDirectories: true)
      for file in 0..<3 {
        try folder.write(
          "\(name)/\(file).txt", (0..<12).map { String(letters[(30 * file + $0 + shift)...].prefix(4).joined()) }.joined(separator: "\n"))
      }
    }
  }

  private func text(_ options: String, _ label: String = "next_token(4)", length: Int = 8) -> OptionProgram {
    let count = Int(label.filter(\.isNumber)) ?? 0
    return OptionProgram().with {
      ($0.source, $0.input, $0.label) = ("text(\(options))", "tokens[\(length)]", label)
      $0.network = "return x |> e: embedding(\(count), 6) |> l1: linear(5) |> tanh |> head: linear(\(count))"
      $0.output = "tensor[\(length), \(count)]"
    }
  }

  private func sights(_ programs: [OptionProgram]) -> Set<OptionProgram.Sight> { Set(programs.map(\.sight)) }

  @Test("of a text: the file, the share held back and what a token is") func texts() throws {
    let (one, two) = (folder("one.txt"), folder("two.txt"))
    let found = sights([
      text("\"\(one)\""), text("\"\(two)\""), text("\"\(one)\", test_share: 20%"), text("\"\(one)\"", length: 16),
      text("\"\(one)\", by: byte", "next_token(256)"),
    ])
    #expect(found.count == 5 && !found.contains(.refused))
    #expect(text("\"\(one)\"", "next_token(5)").sight == .refused, "there are four characters")
    #expect(text("\"\(one)\"").with { $0.network = $0.network.replacing("embedding(4", with: "embedding(3") }.sight == .refused)
  }

  @Test("of a text: the vocabulary of byte pairs, in place of characters") func vocabularies() throws {
    let file = #"{"model":{"vocab":{"a":0,"b":1,"c":2," ":3,"ab":4},"merges":["a b"]}}"#
    let (first, second) = (folder("first.json"), folder("second.json"))
    try folder.write("first.json", file)
    try folder.write("second.json", file.replacing("\"ab\"", with: "\"ba\"").replacing("a b", with: "b a"))
    let one = folder("one.txt")
    let found = sights([
      text("\"\(one)\"", "next_token(4)"), text("\"\(one)\", tokenizer: \"\(first)\"", "next_token(5)"),
      text("\"\(one)\", tokenizer: \"\(second)\"", "next_token(5)"), text("\"\(one)\", tokenizer: \"\(first)\"", "next_token(6)"),
    ])
    #expect(found.count == 4 && !found.contains(.refused))
    #expect(text("\"\(one)\", tokenizer: \"\(first)\"", "next_token(4)").sight == .refused, "there are five tokens")
    for unit in ["byte", "character"] {
      #expect(text("\"\(one)\", tokenizer: \"\(first)\", by: \(unit)", "next_token(5)").sight == .refused)
    }
  }

  @Test("of tokens: the file, what a number is, the share held back and the vocabulary") func tokens() throws {
    let numbers: [UInt16] = (0..<400).map { (number: Int) in UInt16((number * number + number / 7) % 4) }
    let narrow: [UInt8] = numbers.flatMap { littleEndian($0) }
    try folder.write("one.bin", narrow)
    try folder.write("two.bin", numbers.reversed().flatMap { littleEndian($0) })
    // Read as numbers of two bytes, a token and a 0 by turns.
    try folder.write("wide.bin", numbers.flatMap { littleEndian(UInt32($0)) })
    let header = Array("{'descr': '<u2', 'fortran_order': False, 'shape': (400,), }".utf8)
    var array: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]
    array += header + [UInt8](repeating: 0x20, count: 117 - header.count) + [0x0A]
    try folder.write("one.npy", array + narrow)
    try folder.write("v.json", #"{"model":{"vocab":{"a":0,"b":1,"c":2," ":3},"merges":[]}}"#)
    func source(_ name: String, _ options: String = ", type: uint16") -> OptionProgram {
      var program = text("")
      program.source = "tokens(\"\(folder(name))\"\(options))"
      return program
    }
    let found = sights([
      source("one.bin"), source("two.bin"), source("wide.bin"), source("one.bin", ", type: uint16, test_share: 20%"),
    ])
    #expect(found.count == 4 && !found.contains(.refused))
    #expect(source("one.npy", "").sight == source("one.bin").sight)
    #expect(source("wide.bin", ", type: uint32").sight == source("one.bin").sight)
    // It is kept beside the run and changes no number that is trained; the weights say what their tokens are.
    #expect(source("one.bin", ", type: uint16, tokenizer: \"\(folder("v.json"))\"").sight != source("one.bin").sight)
    #expect(source("one.bin", "").sight == .refused && source("one.npy", ", type: uint16").sight == .refused)
  }

  @Test("of lines: the folder, the share held back and whether lengths are kept") func lines() throws {
    func program(_ options: String) -> OptionProgram {
      OptionProgram().with {
        ($0.source, $0.input, $0.label) = ("lines(\(options))", "tokens[6]", "class(3)")
        $0.network = "return x |> e: embedding(5, 6) |> m: lstm(4) |> select(last) |> head: linear(3)"
      }
    }
    let found = sights([
      program("\"\(folder("first"))\""), program("\"\(folder("second"))\""), program("\"\(folder("first"))\", test_share: 50%"),
      program("\"\(folder("first"))\", lengths: true"),
    ])
    #expect(found.count == 4 && !found.contains(.refused))
  }

  @Test("what a text has no use for is refused") func refusals() throws {
    let plain = text("\"\(folder("one.txt"))\"")
    #expect(plain.with { $0.settings["mix"] = "mixup" }.sight == .refused)
    #expect(plain.with { $0.data.append("prepare: standardize(per: all)") }.sight == .refused)
    #expect(plain.with { $0.data.append("augment: flip_horizontal") }.sight == .refused)
    #expect(plain.with { $0.data.append("examples_used: long_tail(ratio: 2)") }.sight == .refused)
    #expect(plain.with { $0.train.append("at epoch 1: sieve(25%)") }.sight == .refused)
    #expect(plain.with { $0.label = "class(4)" }.sight == .refused)
  }
}
