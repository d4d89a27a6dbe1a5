import DrnJSON
import DrnTestSupport
import Foundation
import Testing

/// A run of a small GPT on a text by characters or bytes, in a folder that has lost everything but the run.
/// Nothing writes to it once it is made but the test that owns it.
private struct TrainedText: @unchecked Sendable {
  let folder: TemporaryFolder
  private static let block = """
    block layer(x: tensor) {
      let q = x |> query: linear(16, bias: false)
      let k = x |> key: linear(16, bias: false)
      return x + (attend(q, k, x |> value: linear(16), heads: 2, causal: true) |> output: linear(16))
    }
    """

  init(by unit: String = "character", classes: Int, body: String = "|> layer: layer", settings: String = "", keepsFiles: Bool = false)
    throws
  {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder("parts"), withIntermediateDirectories: true)
    try folder.write("parts/layer.drn", Self.block)
    try folder.write("text.txt", String(repeating: "the cat sat on the mat; ähnlich\n", count: 40))
    try folder.write(
      "net.drn",
      """
      import "parts/layer.drn"
      data words { source: text("text.txt", by: \(unit))  text: tokens[24]  label: next_token(\(classes))  validation: 10% }
      network net(text: tokens[24]) -> tensor[24, \(classes)] {
        return text |> embed: embedding(\(classes), 16) |> positions: positions \(body) |> head: linear(\(classes))
      }
      train net on words { length: 3 epochs  batch: 4  seed: 1  loss: cross_entropy  optimizer: adamw()  rate: 0.02  \(settings) }
      """)
    let outcome = try Tool.run(["train", "net.drn", "-o", "run", "--quiet", "--threads", "1"], folder: folder.path)
    #expect(outcome.status == 0, "\(outcome)")
    guard !keepsFiles else { return }
    for name in ["net.drn", "text.txt", "parts"] { try FileManager.default.removeItem(atPath: folder(name)) }
  }

  func sample(_ arguments: String...) throws -> Tool.Outcome { try Tool.run(["sample", "run"] + arguments, folder: folder.path) }

  /// The text that follows a prompt.
  func text(_ arguments: String...) throws -> String {
    let outcome = try Tool.run(["sample", "run", "--prompt", "the ", "--length", "60"] + arguments, folder: folder.path)
    #expect(outcome.status == 0 && outcome.output.hasPrefix("the ") && outcome.output.hasSuffix("\n"), "\(outcome)")
    return outcome.output
  }
}

@Suite("drnc sample", .serialized) struct ProcessSampleTests {
  private static let trained = Result { try TrainedText(classes: 15) }

  @Test("a run folder alone goes on with a text; what it has learned is to be seen in it, over several windows")
  func alone() throws {
    let run = try Self.trained.get()
    let text = try run.text("--temperature", "0")
    #expect(text.count == 65 && text.contains("the cat") || text.contains(" mat"), "\(text)")
  }

  @Test("the bytes are the same for one thread and two, and from one process to the next")
  func repeatable() throws {
    let run = try Self.trained.get()
    let texts = try [["1"], ["2"], ["1"]].map { try run.text("--threads", $0[0]) }
    #expect(Set(texts).count == 1)
  }

  @Test("every option does something")
  func options() throws {
    let run = try Self.trained.get()
    let plain = try run.text()
    #expect(try run.text("--seed", "1") == plain && run.text("--seed", "2") != plain)
    #expect(try run.text("--temperature", "1.0") == plain && run.text("--temperature", "3") != plain)
    #expect(try run.text("--top-k", "15") == plain && run.text("--top-k", "2") != plain)
    #expect(try run.text("--top-k", "1") == run.text("--temperature", "0"))
    #expect(try run.sample("--prompt", "a", "--length", "0").output == "a\n")
    let first = try #require(run.folder.names("run/checkpoints").first)
    let text = try run.text("--checkpoint", "run/checkpoints/" + first, "--temperature", "2")
    #expect(try text != run.text("--temperature", "2"))
  }

  @Test("as JSON: the text, its tokens by the vocabulary of the run, and the speed")
  func json() throws {
    let run = try Self.trained.get()
    let outcome = try run.sample("--prompt", "the ", "--length", "60", "--json", "--top-k", "3", "--seed", "9")
    let json = try JSON(reading: Array(outcome.output.utf8))
    let text = try #require(json["text"]?.text)
    #expect("the " + text + "\n" == (try run.text("--top-k", "3", "--seed", "9")))
    let vocabulary = try JSON(reading: Array(try run.folder.bytes("run/model.json")))["input"]?["vocabulary"]?.items ?? []
    let tokens = (json["tokens"]?.items ?? []).compactMap { $0.whole }
    #expect(tokens.count == 60 && tokens.map { vocabulary[$0].text ?? "" }.joined() == text)
    #expect(json["seed"]?.text == "9" && json["top_k"]?.whole == 3 && json["prompt"]?.text == "the ")
  }

  @Test("by bytes, with characters of several; by factors and in the forms of the end")
  func others() throws {
    let bytes = try TrainedText(by: "byte", classes: 256)
    let outcome = try bytes.sample("--prompt", "ä", "--length", "100", "--temperature", "0")
    #expect(outcome.status == 0 && outcome.output.hasPrefix("ä"), "\(outcome)")
    let formed = try TrainedText(
      classes: 15,
      settings:
        "weights layer.** { from epoch 0: factored(rank: 4)  from epoch 1: dense  from end: factored(rank: 3) by svd(error: 100%) }  state: reset"
    )
    #expect(try formed.text("--temperature", "0").count == 65)
    let averaged = try TrainedText(classes: 15, settings: "average: ema(decay: 0.9)")
    #expect(try averaged.text("--temperature", "0").count == 65)
  }

  @Test("what cannot be done is refused by a code and a sentence")
  func refused() throws {
    let run = try Self.trained.get()
    func expect(_ outcome: Tool.Outcome, _ status: Int32, _ parts: String...) {
      let isRight = outcome.status == status && outcome.output.isEmpty && parts.allSatisfy(outcome.error.contains)
      #expect(isRight, "\(outcome)")
    }
    expect(try run.sample("--prompt", "the Z"), 64, "DRN0822", "`Z` (U+005A), character 5 of the prompt")
    expect(try run.sample("--prompt", ""), 64, "DRN0822")
    for arguments in [["--temperature", "-1"], ["--temperature", "nan"], ["--top-k", "0"], ["--length", "-1"], ["--threads", "0"]] {
      expect(try Tool.run(["sample", "run", "--prompt", "a"] + arguments, folder: run.folder.path), 64, arguments[0])
    }
    expect(try Tool.run(["sample", "absent", "--prompt", "a"], folder: run.folder.path), 66, "DRN0050", "absent")
    expect(try run.sample("--prompt", "a", "--checkpoint", "run/model.json"), 65, "DRN0810", "run/model.json")
    expect(try run.sample("--prompt", "a", "--checkpoint", "run/weights.safetensors"), 65, "DRN0810", "no checkpoint")
    let convolved = try TrainedText(
      classes: 15, body: "|> conv: conv1d(16, kernel: 3)", settings: "allow: [unused_declaration]", keepsFiles: true)
    expect(try convolved.sample("--prompt", "a"), 1, "DRN0821", "`conv` sees positions that are still to come", "conv1d(16, kernel: 3)")
    let points = try TemporaryFolder()
    try points.write("net.drn", trainSource(plainSettings + " length: 1 epochs"))
    #expect(try Tool.run(["train", "net.drn", "-o", "run", "--quiet", "--threads", "1"], folder: points.path).status == 0)
    expect(try Tool.run(["sample", "run", "--prompt", "a"], folder: points.path), 1, "DRN0821", "next token")
  }

  @Test("damaged folders are refused, whatever is damaged")
  func damaged() throws {
    let run = try TrainedText(classes: 15)
    func spoil(_ name: String, _ change: (inout [UInt8]) -> Void, _ parts: String...) throws {
      let bytes = Array(try run.folder.bytes("run/" + name))
      var spoilt = bytes
      change(&spoilt)
      try run.folder.write("run/" + name, spoilt)
      let outcome = try run.sample("--prompt", "a")
      #expect(outcome.status == 65 && outcome.signal == 0 && parts.allSatisfy(outcome.error.contains), "\(name): \(outcome)")
      try run.folder.write("run/" + name, bytes)
    }
    try spoil("run.json", { $0 = [] }, "DRN0810", "run.json")
    try spoil("source.drn", { $0 = Array("data".utf8) }, "DRN0810", "source.drn")
    try spoil("weights.safetensors", { $0.removeLast(5) }, "DRN0810", "weights.safetensors")
    try spoil("weights.safetensors", { $0 = Array($0.suffix(40)) }, "DRN0810")
    // The last four bytes are those of one number.
    try spoil(
      "weights.safetensors", { $0.replaceSubrange($0.count - 4..<$0.count, with: [0, 0, 0xC0, 0x7F]) }, "DRN0810", "that are no numbers")
    let other = try TrainedText(classes: 15, body: "")
    let foreign = Array(try other.folder.bytes("run/weights.safetensors"))
    try spoil("weights.safetensors", { $0 = foreign }, "DRN0810", "run/weights.safetensors")
    let outcome = try run.sample("--prompt", "a")
    #expect(outcome.status == 0)
  }
}
