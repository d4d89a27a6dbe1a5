import DrnTestSupport
import Foundation
import Testing

/// Files of texts, vocabularies, tokens and recordings with something at fault, from the file to the message.
@Suite("Broken texts, vocabularies, tokens and recordings", .serialized) struct ProcessBrokenTextTests {
  /// A file that cannot be used: what is said of it, with which code, and which command finds it.
  struct Broken: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let program: String
    let files: [String: [UInt8]]
    let code: String
    let parts: [String]
    let isFoundByCheck: Bool
  }

  // MARK: Programs

  private static func text(_ source: String, label: String = "next_token(8)") -> String {
    """
    data d { source: \(source)  x: tokens[4]  label: \(label) }
    network n(x: tokens[4]) -> tensor[4, 8] { return x |> e: embedding(8, 4) |> head: linear(8) }
    train n on d { length: 1 epoch  batch: 2  loss: cross_entropy  optimizer: sgd(momentum: 0.9)  rate: 0.01 }

    """
  }

  private static let lines = """
    data d { source: lines("l", test_share: 0%)  x: tokens[4]  label: class(2) }
    network n(x: tokens[4]) -> tensor[2] { return x |> e: embedding(9, 4) |> select(last) |> head: linear(2) }
    train n on d { length: 1 epoch  batch: 2  loss: cross_entropy  optimizer: sgd(momentum: 0.9)  rate: 0.01 }

    """

  private static let audio = """
    data d {
      source: audio("w", name: "{label}_{take}.wav", rate: 8000, test_share: 0%)  x: tensor[2, 1]  label: class(2)
      prepare: log_mel(window: 4, hop: 2, bands: 1)
    }
    network n(x: tensor[2, 1]) -> tensor[2] { return x |> flatten |> head: linear(2) }
    train n on d { length: 1 epoch  batch: 2  loss: cross_entropy  optimizer: sgd(momentum: 0.9)  rate: 0.01 }

    """

  // MARK: Texts

  private static func text(
    _ name: String, _ code: String, _ parts: String..., options: String = "", label: String = "next_token(8)", bytes: [UInt8]
  ) -> Broken {
    Broken(
      testDescription: "text: " + name, program: text("text(\"t.txt\", test_share: 0%\(options))", label: label), files: ["t.txt": bytes],
      code: code, parts: ["t.txt"] + parts, isFoundByCheck: true)
  }

  private static let good = Array("abcdefgh\nabcdefgh".utf8)
  private static let pointer = Array("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n".utf8)

  private static let texts: [Broken] = [
    text("a byte that is no UTF-8", "0411", "line 2: is no UTF-8 text", bytes: Array("abc\nde".utf8) + [0xFF] + good),
    text("a surrogate", "0411", "line 1: is no UTF-8 text", bytes: [0xED, 0xA0, 0x80] + good),
    text("a character spelt too long", "0411", "line 1: is no UTF-8 text", bytes: [0xC0, 0xAF] + good),
    text("cut within a character", "0411", "line 2: is no UTF-8 text", bytes: good + [0xE2, 0x82]),
    text("UTF-16", "0411", "line 1: is no UTF-8 text", bytes: [0xFF, 0xFE, 0x61, 0]),
    text("empty", "0413", "is empty", bytes: []),
    text("one character", "0413", "the training part has 1 character, too few for an example of 4", bytes: [0x61]),
    text("one byte", "0413", "has 1 byte, too few", options: ", by: byte", label: "next_token(256)", bytes: [0xFF]),
    text("as long as an example", "0413", "has 4 characters, too few", bytes: Array("abcd".utf8)),
    text("too short a test", "0413", "the test part has 2 characters, too few", bytes: good).with { $0.replacing("0%", with: "10%") },
    text("gzip cut short", "0411", "compressed data end too early", bytes: Array(gzip(good).dropLast(9))),
    text("gzip of another checksum", "0411", "compressed data are damaged", bytes: gzip(good).dropLast(5) + [1, 2, 3, 4, 5]),
    text("a pointer of Git LFS", "0406", "Git LFS pointer", bytes: pointer),
    text("other characters than declared", "0402", bytes: Array("abcabcabc".utf8)).with(
      parts: ["declared with 8 tokens, but the files hold 3"]) { $0 },
  ]

  private static func lines(_ name: String, _ code: String, _ parts: String..., files: [String: [UInt8]]) -> Broken {
    Broken(
      testDescription: "lines: " + name, program: lines, files: Dictionary(uniqueKeysWithValues: files.map { ("l/" + $0, $1) }), code: code,
      parts: parts, isFoundByCheck: true)
  }

  private static let folders: [Broken] = [
    lines("one file", "0413", "l: holds 1 file", files: ["a.txt": good]),
    lines("a file without a line", "0413", "l/b.txt: has no line", files: ["a.txt": [0x61], "b.txt": [0x0A, 0x0D, 0x0A]]),
    lines("an empty file", "0413", "l/a.txt: has no line", files: ["a.txt": [], "b.txt": [0x61]]),
    lines("a line too long", "0406", "l/b.txt: line 3: has 5 characters", files: ["a.txt": [0x61], "b.txt": Array("a\n\nabcde".utf8)]),
    lines("no UTF-8", "0411", "l/b.txt: line 2: is no UTF-8 text", files: ["a.txt": [0x61], "b.txt": [0x61, 0x0A, 0xFE]]),
  ]

  // MARK: Vocabularies

  /// A sound file of eight tokens, in pieces.
  private static let vocabulary = #""a":0,"b":1,"c":2,"ab":3,"abc":4,"\n":5,"d":6"#
  private static let merges = #""a b","ab c""#
  private static let added = #"{"id":7,"content":"<end>","normalized":false}"#

  private static func file(
    vocabulary: String = vocabulary, merges: String = "[\(merges)]", added: String = added, model: String = "", more: String = ""
  ) -> String {
    #"{"version":"1.0","added_tokens":[\#(added)],\#(more)"model":{"type":"BPE",\#(model)"vocab":{\#(vocabulary)},"merges":\#(merges)}}"#
  }

  /// What is said of the file, and the file itself at last.
  private static func tokenizer(
    _ name: String, _ code: String, _ partsAndFile: String..., text: String = "abcabcdd\nabcabcdd"
  ) -> Broken {
    tokenizer(name, code, Array(partsAndFile.dropLast()), text: text, bytes: Array((partsAndFile.last ?? "").utf8))
  }

  private static func tokenizer(_ name: String, _ code: String, _ parts: [String], text: String, bytes: [UInt8]) -> Broken {
    Broken(
      testDescription: "tokenizer: " + name, program: self.text("text(\"t.txt\", test_share: 0%, tokenizer: \"v.json\")"),
      files: ["t.txt": Array(text.utf8), "v.json": bytes], code: code, parts: parts + (code == "0402" ? [] : ["v.json"]),
      isFoundByCheck: true)
  }

  private static let sound = file()

  private static let tokenizers: [Broken] =
    [
      tokenizer("empty", "0411", "line 1, column 1: is no JSON: a value is missing", ""),
      tokenizer("cut short", "0411", "is no JSON", String(sound.dropLast(20))),
      tokenizer("something behind it", "0411", "something follows the value", sound + "}"),
      tokenizer("a trailing comma", "0411", "line 2, column 1: is no JSON", "{\"model\": {},\n}"),
      tokenizer("no UTF-8", "0411", ["is no JSON"], text: "abcabc", bytes: Array("{\"a\":\"".utf8) + [0xFF] + Array("\"}".utf8)),
      tokenizer("half a surrogate pair", "0411", "is no JSON", file(vocabulary: #""\ud800":0"#)),
      tokenizer("nested without end", "0411", "nested more than", String(repeating: "[", count: 100_000)),
      tokenizer("a list", "0411", "the file is a list, not an object", "[]"),
      tokenizer("no model", "0411", "has no `model`", "{\"version\":\"1.0\"}"),
      tokenizer("a model that is a text", "0411", "the model is \"BPE\", not an object", "{\"model\":\"BPE\"}"),
      tokenizer("two models", "0411", "has `model` twice", "{\"model\":{},\"model\":{}}"),
      tokenizer("another version", "0406", "is of version \"2.0\"", sound.replacing("1.0", with: "2.0")),
      tokenizer("an unknown part", "0406", "has the part `extra`", file(more: "\"extra\":1,")),
      tokenizer("a normalizer", "0406", "has the normalizer `NFC`", file(more: "\"normalizer\":{\"type\":\"NFC\"},")),
      tokenizer("truncation", "0406", "has truncation", file(more: "\"truncation\":{\"max_length\":4},")),
      tokenizer("padding", "0406", "has padding", file(more: "\"padding\":{\"pad_id\":0},")),
      tokenizer("a post-processor", "0406", "`TemplateProcessing`", file(more: "\"post_processor\":{\"type\":\"TemplateProcessing\"},")),
      tokenizer("a decoder", "0406", "has the decoder `WordPiece`", file(more: "\"decoder\":{\"type\":\"WordPiece\"},")),
      tokenizer("a pre-tokenizer of no type", "0406", "pre-tokenizer an object", file(more: "\"pre_tokenizer\":{},")),
      tokenizer(
        "a pre-tokenizer without its field", "0411", "no `add_prefix_space`", file(more: "\"pre_tokenizer\":{\"type\":\"ByteLevel\"},")),
      tokenizer(
        "a pre-tokenizer whose field is no flag", "0411", "`add_prefix_space` of the pre-tokenizer is 1",
        file(more: "\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":1},")),
      tokenizer("byte fallback", "0406", "`byte_fallback`", file(model: "\"byte_fallback\":true,")),
      tokenizer("merges that are ignored", "0406", "`ignore_merges`", file(model: "\"ignore_merges\":true,")),
      tokenizer("dropout", "0406", "`dropout` of 0.1", file(model: "\"dropout\":0.1,")),
      tokenizer("a suffix of words", "0406", "`end_of_word_suffix`", file(model: "\"end_of_word_suffix\":\"</w>\",")),
      tokenizer("an unknown field of the model", "0406", "the field `speed`", file(model: "\"speed\":1,")),
      tokenizer("a flag that is a text", "0411", "`fuse_unk` of the model is \"yes\"", file(model: "\"fuse_unk\":\"yes\",")),
      tokenizer("an unknown token that is a number", "0411", "`unk_token` of the model is 3", file(model: "\"unk_token\":3,")),
      tokenizer("an unknown token not there", "0411", "`unk_token` \"?\" is not in `vocab`", file(model: "\"unk_token\":\"?\",")),
      tokenizer("no vocabulary", "0411", "the model has no `vocab`", "{\"model\":{\"type\":\"BPE\",\"merges\":[]}}"),
      tokenizer("a vocabulary that is a list", "0411", "`vocab` of the model is a list", "{\"model\":{\"vocab\":[],\"merges\":[]}}"),
      tokenizer("no token", "0413", "no token in its `vocab`", file(vocabulary: "", merges: "[]", added: "")),
      tokenizer("a number below 0", "0411", "\"d\" has the number -1", file(vocabulary: vocabulary.replacing("\"d\":6", with: "\"d\":-1"))),
      tokenizer("a gap", "0411", "\"d\" has the number 8; 8 tokens", file(vocabulary: vocabulary.replacing("\"d\":6", with: "\"d\":8"))),
      tokenizer(
        "a number above 2^31", "0411", "\"d\" has the number 2147483648",
        file(vocabulary: vocabulary.replacing("\"d\":6", with: "\"d\":2147483648"))),
      tokenizer(
        "a number above 2^63", "0411", "\"d\" has the number 9.3",
        file(vocabulary: vocabulary.replacing("\"d\":6", with: "\"d\":9300000000000000000"))),
      tokenizer("half a number", "0411", "\"d\" has the number 6.5", file(vocabulary: vocabulary.replacing("\"d\":6", with: "\"d\":6.5"))),
      tokenizer(
        "a number that is a text", "0411", "\"d\" has the number \"6\"",
        file(vocabulary: vocabulary.replacing("\"d\":6", with: "\"d\":\"6\""))),
      tokenizer(
        "two tokens of a number", "0411", "\"\u{FFFD}\" and \"d\" have the number 5",
        file(vocabulary: vocabulary.replacing("\"d\":6", with: "\"d\":5"))),
      tokenizer("a token twice", "0411", "\"d\" is twice", file(vocabulary: vocabulary + ",\"d\":7")),
      tokenizer("no merges", "0411", "the model has no `merges`", "{\"model\":{\"vocab\":{\"a\":0}}}"),
      tokenizer("merges that are a text", "0411", "`merges` of the model is \"a b\"", file(merges: "\"a b\"")),
      tokenizer("a merge of three", "0411", "the merge 1, counted from 0, is not a pair", file(merges: "[\"a b\",\"a b c\"]")),
      tokenizer("a merge of one", "0411", "the merge 0, counted from 0, is not a pair", file(merges: "[[\"a\"]]")),
      tokenizer("a merge of numbers", "0411", "is not a pair", file(merges: "[[0,1]]")),
      tokenizer("a merge that is a number", "0411", "the merge 0, counted from 0, is 7", file(merges: "[7]")),
      tokenizer("a merge of nothing", "0411", "is not a pair", file(merges: "[\" b\"]")),
      tokenizer("a merge of an unknown token", "0411", "names \"x\", which is not in", file(merges: "[\"a b\",\"x b\"]")),
      tokenizer("a merge to an unknown token", "0411", "names \"ba\", which is not in", file(merges: "[[\"b\",\"a\"]]")),
      tokenizer("a merge twice", "0411", "the merge 1, counted from 0, is there before", file(merges: "[\"a b\",[\"a\",\"b\"]]")),
      tokenizer("added tokens that are no list", "0411", "`added_tokens` is 3", sound.replacing("[\(added)]", with: "3")),
      tokenizer("an added token that is a text", "0411", "the added token 0, counted from 0, is \"x\"", file(added: "\"x\"")),
      tokenizer("an added token of nothing", "0411", "has no `content`", file(added: "{\"id\":7,\"content\":\"\"}")),
      tokenizer("an added token without a number", "0411", "no whole number as its `id`", file(added: "{\"content\":\"x\"}")),
      tokenizer("an added token of another number", "0411", "\"d\" has the number 6", file(added: "{\"id\":7,\"content\":\"d\"}")),
      tokenizer("an added token beyond", "0411", "has the number 4294967303", file(added: "{\"id\":4294967303,\"content\":\"x\"}")),
      tokenizer("an added token twice", "0411", "is there before", file(added: added + "," + added)),
      tokenizer("an added token that takes spaces", "0406", "`lstrip`", file(added: "{\"id\":7,\"content\":\"x\",\"lstrip\":true}")),
      tokenizer("a pointer of Git LFS", "0406", "Git LFS pointer", String(decoding: pointer, as: UTF8.self)),
      tokenizer("more tokens than declared", "0402", "but the files hold 9", file(added: added + ",{\"id\":8,\"content\":\"x\"}")),
      tokenizer("a character without a token", "0411", "t.txt: line 2", "no token", "\"é\"", sound, text: "abcabcabc\nabé"),
      tokenizer(
        "a byte without a token", "0411", "t.txt: line 2", "\"0x63\"",
        file(
          vocabulary: #""a":0,"b":1,"Ċ":2"#, merges: "[]", added: "",
          more: #""pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false},"#), text: "ababababab\nc"),
      tokenizer("too short a text", "0413", "t.txt: the training part has 2 tokens, too few", sound, text: "abcabc").with(parts: ["t.txt"])
      { $0 },
      Broken(
        testDescription: "tokenizer: absent", program: text("text(\"t.txt\", test_share: 0%, tokenizer: \"none.json\")"),
        files: ["t.txt": good],
        code: "0406", parts: ["none.json: there is no such file"], isFoundByCheck: true),
    ]
    + ["WordPiece", "Unigram", "WordLevel"].map {
      tokenizer("a model \($0)", "0406", "a model of the type \"\($0)\"", sound.replacing("BPE", with: $0))
    }
    + ["Whitespace", "Metaspace", "Sequence", "Split", "BertPreTokenizer", "Digits"].map {
      tokenizer("a pre-tokenizer \($0)", "0406", "the pre-tokenizer `\($0)`", file(more: "\"pre_tokenizer\":{\"type\":\"\($0)\"},"))
    }

  // MARK: Tokens

  private static func tokens(
    _ name: String, _ code: String, _ part: String, file: String = "t.npy", type: String? = nil, isFoundByCheck: Bool = true,
    _ bytes: [UInt8]
  ) -> Broken {
    let type = type ?? (file.hasSuffix(".npy") ? "" : ", type: uint16")
    return Broken(
      testDescription: "tokens: " + name, program: text("tokens(\"\(file)\", test_share: 0%\(type))"), files: [file: bytes], code: code,
      parts: [file, part], isFoundByCheck: isFoundByCheck)
  }

  private static func array(_ type: String, _ shape: String, _ data: [UInt8]) -> [UInt8] {
    let text = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }".utf8)
    let header = text + [UInt8](repeating: 0x20, count: 117 - text.count) + [0x0A]
    return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + header + data
  }

  private static let shorts = (0..<10).flatMap { littleEndian(UInt16($0 % 8)) }

  private static let arrays: [Broken] = [
    tokens("an odd length", "0411", "7 bytes long, not a multiple of the 2 of a uint16", file: "t.bin", Array(shorts.prefix(7))),
    tokens(
      "not whole numbers of four bytes", "0411", "not a multiple of the 4", file: "t.bin", type: ", type: uint32", Array(shorts.prefix(18))),
    tokens("no number", "0413", "is empty", file: "t.bin", []),
    tokens("too few", "0413", "has 4 tokens, too few", file: "t.bin", Array(shorts.prefix(8))),
    tokens("an array by its bytes", "0406", "is a .npy file by its first bytes", file: "t.bin", array("<u2", "(10,)", shorts)),
    tokens("a pointer of Git LFS", "0406", "Git LFS pointer", file: "t.bin", pointer),
    tokens(
      "a token beyond the vocabulary", "0414", "its token 10, counted from 0, is 8, at byte 20; tokens go from 0 to 7", file: "t.bin",
      isFoundByCheck: false, shorts + littleEndian(UInt16(8))),
    tokens(
      "tokens above 2^31", "0414", "its token 0, counted from 0, is 4294967295, at byte 0", file: "t.bin", type: ", type: uint32",
      isFoundByCheck: false, [UInt8](repeating: 0xFF, count: 40)),
    tokens(
      "two bytes read as four", "0414", "its token 0", file: "t.bin", type: ", type: uint32", isFoundByCheck: false, shorts + shorts),
    tokens(
      "a token beyond, behind a header", "0414", "at byte 146", isFoundByCheck: false,
      array("<u2", "(10,)", Array(shorts.dropLast(2)) + [9, 0])),
    tokens("compressed", "0406", "is compressed", file: "t.bin.gz", gzip(shorts)),
    tokens("floating point", "0406", "of type F32", array("<f4", "(5,)", shorts)),
    tokens("numbers with a sign", "0406", "of type I64", array("<i8", "(2,)", Array(shorts.prefix(16)))),
    tokens("bytes", "0406", "of type U8", array("|u1", "(20,)", shorts)),
    tokens("texts", "0406", "'<U5'", array("<U5", "(1,)", shorts)),
    tokens("two dimensions", "0406", "has the shape [2, 5]", array("<u2", "(2, 5)", shorts)),
    tokens("a single number", "0406", "has the shape []", array("<u2", "()", Array(shorts.prefix(2)))),
    tokens("an array of nothing", "0413", "holds no token", array("<u2", "(0,)", [])),
    tokens("an array cut short", "0411", "holds 18 bytes of data", array("<u2", "(10,)", Array(shorts.dropLast(2)))),
    tokens("an array with more behind", "0411", "2 bytes follow the array", array("<u2", "(10,)", shorts + [0, 0])),
    tokens("a size beyond all files", "0411", "too large to exist", array("<u2", "(9223372036854775807,)", shorts)),
    tokens("a size below 0", "0411", "the shape is not a tuple of sizes", array("<u2", "(-1,)", shorts)),
    tokens("a header cut short", "0411", "ends within its header", Array(array("<u2", "(10,)", shorts).prefix(50))),
    tokens("a version to come", "0406", "version 9.0", [0x93] + Array("NUMPY".utf8) + [9, 0] + array("<u2", "(10,)", shorts).dropFirst(8)),
    tokens("no array", "0411", "does not start as a .npy file does", shorts),
    tokens("an archive", "0411", "does not start as a .npy file does", [0x50, 0x4B, 3, 4] + shorts),
  ]

  // MARK: Recordings

  private static func wave(_ name: String, _ code: String, _ part: String, isFoundByCheck: Bool = true, _ bytes: [UInt8]) -> Broken {
    Broken(
      testDescription: "recording: " + name, program: audio, files: ["w/a_1.wav": recording(), "w/b_1.wav": bytes], code: code,
      parts: ["w/b_1.wav", part], isFoundByCheck: isFoundByCheck)
  }

  private static func recording(
    tag: UInt16 = 1, channels: UInt16 = 1, rate: UInt32 = 8000, bits: UInt16 = 16, announced: UInt32? = nil,
    samples: [UInt8] = [0, 0, 0, 0x40, 0, 0x80]
  ) -> [UInt8] {
    let format =
      littleEndian(tag) + littleEndian(channels) + littleEndian(rate) + littleEndian(rate) + littleEndian(bits / 8) + littleEndian(bits)
    let data = Array("data".utf8) + littleEndian(announced ?? UInt32(samples.count)) + samples
    return Array("RIFF".utf8) + littleEndian(UInt32(28 + data.count)) + Array("WAVEfmt ".utf8) + littleEndian(UInt32(16)) + format + data
  }

  private static let recordings: [Broken] = [
    wave("a header cut short", "0411", "announces", Array(recording().prefix(30))),
    wave("an odd size of samples", "0411", "5 bytes of samples", recording(samples: [0, 0, 0, 0, 0]) + [0]),
    wave("a chunk longer than the file", "0411", "announces 4294967295 bytes", recording(announced: .max)),
    wave("stereo", "0406", "2 channels", recording(channels: 2)),
    wave("compressed", "0406", "A-law", recording(tag: 6, bits: 8)),
    wave("another rate", "0406", "16000 samples a second, not 8000", recording(rate: 16_000)),
    wave(
      "no number", "0411", "not a finite number", isFoundByCheck: false,
      recording(tag: 3, bits: 32, samples: littleEndian(Float.nan.bitPattern))),
  ]

  // MARK: Tests

  static let all = texts + folders + tokenizers + arrays + recordings

  @Test("is an error with code, file and place; nothing is made", arguments: all) func broken(_ broken: Broken) throws {
    let folder = try TemporaryFolder()
    for (name, bytes) in broken.files {
      let path = URL(fileURLWithPath: folder(name))
      try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: path)
    }
    try folder.write("n.drn", broken.program)
    let before = folder.names()
    for command in ["check", "train"] {
      let outcome = try Tool.run(
        [command, "n.drn", "--diagnostics", "plain"] + (command == "train" ? ["-o", "run"] : []), folder: folder.path)
      guard command == "train" || broken.isFoundByCheck else {
        #expect(outcome.status == 0, "\(outcome)")
        continue
      }
      #expect(outcome.status == 65 && outcome.signal == 0, "\(outcome)")
      #expect(outcome.error.hasPrefix("n.drn:1:") || outcome.error.hasPrefix("n.drn:2:"), "\(outcome.error)")
      for part in broken.parts + ["[DRN\(broken.code)]"] { #expect(outcome.error.contains(part), "\(part): \(outcome.error)") }
      // What is declared may be at odds with several places of a program.
      let errors = outcome.error.split(separator: "\n").filter { $0.contains(" error: ") }
      #expect(errors.count == 1 || broken.code == "0402", "\(outcome.error)")
    }
    #expect(folder.names() == before)
  }

  @Test("there are as many kinds as there were") func kinds() {
    #expect(Set(Self.all.map(\.testDescription)).count == Self.all.count && Self.all.count > 100)
  }

  @Test("what they are damaged from trains") func sound() throws {
    let programs = [
      (
        Self.text("text(\"t.txt\", test_share: 0%, tokenizer: \"v.json\")"),
        ["t.txt": Array("abcabcdd\nabcabcdd".utf8), "v.json": Array(Self.sound.utf8)]
      ),
      (Self.text("tokens(\"t.bin\", test_share: 0%, type: uint16)"), ["t.bin": Self.shorts]),
      (Self.text("tokens(\"t.npy\", test_share: 0%)"), ["t.npy": Self.array("<u2", "(10,)", Self.shorts)]),
    ]
    for (program, files) in programs {
      let folder = try TemporaryFolder()
      for (name, bytes) in files { try folder.write(name, bytes) }
      try folder.write("n.drn", program)
      let outcome = try Tool.run(["train", "n.drn", "-o", "run"], folder: folder.path)
      #expect(outcome.status == 0, "\(program): \(outcome.error)")
    }
  }
}

extension ProcessBrokenTextTests.Broken {
  /// The same by another program, or with other parts of the message.
  fileprivate func with(parts: [String]? = nil, _ change: (String) -> String) -> Self {
    Self(
      testDescription: testDescription, program: change(program), files: files, code: code, parts: parts ?? self.parts,
      isFoundByCheck: isFoundByCheck)
  }
}
