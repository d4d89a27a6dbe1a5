import DrnData
import DrnJSON
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

/// Texts by byte pairs, and files of tokens, from the file to the run folder.
@Suite("Byte pairs and files of tokens in a run", .serialized) struct ProcessTokensTests {
  private let folder: TemporaryFolder

  /// A text, a vocabulary, and the text's tokens in a file.
  init() throws {
    folder = try TemporaryFolder()
    let fixture = try JSON(reading: Array(try Repository.text("Tests/Oracle/fixtures/byte_pairs.json").utf8))
    let tokenizer = try #require(fixture.items?.first?["tokenizer"]?.text)
    let path = try folder.write("tokenizer.json", tokenizer)
    let text = Array(try Repository.text("docs/sequences.md").utf8)
    try folder.write("text.txt", text)
    let tokens = try BytePairVocabulary(path: path).encode(text)
    try folder.write("tokens.bin", tokens.flatMap { littleEndian(UInt16($0)) })
    for (name, source) in [
      ("text", "text(\"text.txt\", tokenizer: \"tokenizer.json\")"),
      ("tokens", "tokens(\"tokens.bin\", type: uint16, tokenizer: \"tokenizer.json\")"),
      ("bare", "tokens(\"tokens.bin\", type: uint16)"),
    ] {
      try folder.write(
        name + ".drn",
        """
        data d { source: \(source)  x: tokens[16]  label: next_token(701)  validation: 10% }
        network n(x: tokens[16]) -> tensor[16, 701] { return x |> e: embedding(701, 8) |> lstm(8) |> head: linear(701) }
        train n on d { length: 2 epochs  batch: 8  seed: 1  loss: cross_entropy  optimizer: sgd(momentum: 0.9)  rate: 0.1 }

        """)
    }
  }

  private func train(_ arguments: String...) throws -> Tool.Outcome {
    try Tool.run(["train"] + arguments + ["--threads", "1", "--quiet"], folder: folder.path)
  }

  @Test("a file of the tokens of a text gives the same run as the text") func agreement() throws {
    for name in ["text", "tokens"] {
      let outcome = try train(name + ".drn", "-o", name)
      #expect(outcome.status == 0, "\(outcome)")
    }
    for file in ["log.jsonl", "tokenizer.json"] {
      #expect(try folder.bytes("text/" + file) == folder.bytes("tokens/" + file), "\(file)")
    }
    // What else the weights and `model.json` say is where the examples came from.
    let weights = try ["text", "tokens"].map { try TensorFile.read(path: folder("\($0)/weights.safetensors")).tensors }
    #expect(weights[0] == weights[1] && !weights[0].isEmpty)
    let models = try ["text", "tokens"].map { try JSON(reading: Array(try folder.bytes("\($0)/model.json"))) }
    #expect(models[0]["input"] == models[1]["input"] && models[0]["output"] == models[1]["output"])
  }

  @Test("the run has the vocabulary, and it alone encodes and decodes") func vocabulary() throws {
    #expect(try train("text.drn", "-o", "run").status == 0)
    #expect(try folder.bytes("run/tokenizer.json") == folder.bytes("tokenizer.json"))
    let input = try #require(try JSON(reading: Array(try folder.bytes("run/model.json")))["input"])
    #expect(input["tokenizer"]?.text == "tokenizer.json")
    let read = try BytePairVocabulary(path: folder("run/tokenizer.json"))
    #expect(input["vocabulary"]?.items?.map(\.text) == read.names && read.names.count == 701)
    let text = Array("A text, of tokens<|endoftext|>\n".utf8)
    #expect(read.decode(try read.encode(text)) == text)
    // Without one, nothing says what tokens are.
    #expect(try train("bare.drn", "-o", "bare").status == 0)
    let bare = try #require(try JSON(reading: Array(try folder.bytes("bare/model.json")))["input"])
    #expect(bare["tokenizer"] == nil && bare["vocabulary"] == nil && !folder.names("bare").contains("tokenizer.json"))
  }

  @Test("a run that was stopped goes on with the same bytes, and with no other tokens or vocabulary") func resume() throws {
    #expect(try train("tokens.drn", "-o", "whole").status == 0)
    #expect(try train("tokens.drn", "-o", "part", "--stop-after", "9 steps").status == 0)
    let (tokens, tokenizer) = (try folder.bytes("tokens.bin"), try folder.text("tokenizer.json"))
    var changed = tokens
    changed[changed.count / 2] ^= 1
    try folder.write("tokens.bin", [UInt8](changed))
    let other = try train("--resume", "part")
    #expect(other.status == 65 && other.error.contains("DRN0804"), "\(other)")
    try folder.write("tokens.bin", [UInt8](tokens))
    try folder.write("tokenizer.json", tokenizer + "\n")
    let renamed = try train("--resume", "part")
    #expect(renamed.status == 65 && renamed.error.contains("DRN0804"), "\(renamed)")
    try folder.write("tokenizer.json", tokenizer)
    let resumed = try train("--resume", "part")
    #expect(resumed.status == 0, "\(resumed)")
    for file in ["weights.safetensors", "log.jsonl", "summary.json", "tokenizer.json"] {
      #expect(try folder.bytes("whole/" + file) == folder.bytes("part/" + file), "\(file)")
    }
  }

  @Test("a file that changes under a run ends it with an error, and the run goes on once it is back") func changedMeanwhile() throws {
    let tokens = try folder.bytes("tokens.bin")
    let program = try folder.text("tokens.drn").replacing("length: 2 epochs", with: "length: 400 epochs")
    try folder.write("long.drn", program)
    let running = try Tool.start(["train", "long.drn", "-o", "run", "--threads", "1", "--quiet"], folder: folder.path)
    #expect(running.waits { folder.names("run/checkpoints").contains { $0.hasPrefix("epoch-") } }, "\(running.errorText)")
    let file = try #require(FileHandle(forWritingAtPath: folder("tokens.bin")))
    try file.truncate(atOffset: 100)
    let ended = try running.finish()
    #expect(ended.status == 65 && ended.signal == 0 && ended.error.contains("tokens.bin: ends"), "\(ended)")
    #expect(ended.error.contains("DRN0411") && ended.error.contains("--resume"), "\(ended)")
    try folder.write("tokens.bin", [UInt8](tokens))
    let epochs = folder.names("run/checkpoints").compactMap { Int($0.filter(\.isNumber)) }.max() ?? 0
    let resumed = try train("--resume", "run", "--stop-after", "\(epochs + 1) epochs")
    #expect(resumed.status == 0, "\(resumed)")
  }
}
