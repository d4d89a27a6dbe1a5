import DrnData
import DrnNumbers
import DrnSystem

extension DataSketcher {
  /// A program that learns the next token of a text: a small GPT.
  func text() throws(DataError) -> ProgramSketch {
    try refuseLabel("itself: the token that follows")
    let bytes = Files.size(path) ?? 0
    let context = bytes >= 20_000 ? 64 : bytes >= 4000 ? 32 : 16
    func header(_ unit: TextReader.Unit) throws(DataError) -> DataHeader {
      try TextReader(path: path, length: context, testShare: 0.1, unit: unit).header()
    }
    guard bytes >= 1000 else {
      throw DataError(
        kind: .empty, path: path, message: "is \(bytes) bytes long; a text of 1000 is the least to learn from",
        help: "a table of so few rows is told by a name that ends in `.csv`")
    }
    var isBytes = false
    let found: DataHeader
    do throws(DataError) { found = try header(.character) } catch {
      guard error.kind == .corrupt else { throw error }
      (found, isBytes) = (try header(.byte), true)
    }
    let tokens = found.vocabulary ?? 256
    let isLarge = bytes >= 500_000
    var sketch = ProgramSketch()
    sketch.findings = [
      "`\(Path.name(of: path))`: a text of \(bytes) bytes and \(tokens) different \(isBytes ? "bytes" : "characters"), which are the tokens. At each position the next one is learned.",
      "The end of the text, 10 %, is the test; 5 % before it are for validation.",
    ]
    sketch.data = [
      "source: text(\(Self.quoted(written))\(isBytes ? ", by: byte" : ""), test_share: 10%)", "text: tokens[\(context)]",
      "label: next_token(\(tokens))", "validation: 5%",
    ]
    sketch.blocks = Self.transformer
    sketch.name = "language_model"
    sketch.network = """
      (text: tokens[\(context)], width: int = \(isLarge ? 128 : 64), heads: int = 4) -> tensor[\(context), \(tokens)] {
        return text |> embed: embedding(\(tokens), width, deviation: 0.02) |> positions: positions
          |> blocks: { repeat(\(isLarge ? 4 : 2)) { layer(width, heads: heads) } }
          |> norm: layer_norm |> head: linear(\(tokens), bias: false)
      """
    sketch.examples = found.examples
    sketch.settings = ["clip: 1.0", "select: loss"]
    (sketch.passes, sketch.batch) = (found.examples < 500 ? 20 : 10, 32)
    (sketch.weights, sketch.rank) = ("blocks[*].up, blocks[*].down", isLarge ? 32 : 16)
    return sketch
  }

  private static let transformer = """
    // Attention of a sequence to itself: a position sees itself and those before it.
    block attention(x: tensor, width: int, heads: int) {
      let q = x |> query: linear(width, bias: false)
      let k = x |> key: linear(width, bias: false)
      let v = x |> value: linear(width, bias: false)
      return attend(q, k, v, heads: heads, causal: true) |> output: linear(width, bias: false)
    }

    block layer(x: tensor, width: int, heads: int) {
      let a = x + (x |> norm1: layer_norm |> attention: attention(width, heads: heads))
      return a + (a |> norm2: layer_norm |> up: linear(4 * width) |> gelu |> down: linear(width))
    }


    """

  /// Longer lines are documents, for which the network here is none.
  private static let longestLine = 500

  /// A program for a folder of text files, a class each, whose lines are the examples.
  func lines() throws(DataError) -> ProgramSketch {
    try refuseLabel("the names of its files")
    let survey = try LinesSurvey(path: path)
    guard survey.longest <= Self.longestLine else {
      throw DataError(
        kind: .unsupported, path: survey.place.path,
        message: "has a line of \(survey.longest) characters, and an example is a line of at most \(Self.longestLine) here",
        help: "break long texts into lines, or write `tokens[\(survey.longest)]` and `lines(...)` by hand", line: survey.place.line)
    }
    let length = max(8, survey.longest)
    let found = try LinesReader(path: path, length: length, testShare: 0.2, seed: 0).header()
    let (tokens, classes) = (found.vocabulary ?? 0, found.classes ?? 0)
    var sketch = ProgramSketch()
    sketch.findings = [
      "`\(Path.name(of: path))`: \(classes) text files, each a class, and \(found.examples) lines to train on. A line is an example of at most \(survey.longest) characters, which are the tokens.",
      "A fifth of the lines is held back for the test. \(Self.split(found.examples, hasTest: true).text)",
    ]
    sketch.data = [
      "source: lines(\(Self.quoted(written)), test_share: 20%, lengths: true)", "line: tokens[\(length)]", "label: class(\(classes))",
      "validation: 10%",
    ]
    sketch.examples = found.examples
    sketch.network = """
      (line: tokens[\(length)]) -> tensor[\(classes)] {
        return line |> embed: embedding(\(tokens), 64)
      \(Self.convolutionsAlong)    |> head: linear(\(classes))
      """
    sketch.weights = "conv1, conv2"
    return sketch
  }

  private static let convolutionsAlong = """
        |> conv1: conv1d(64, kernel: 5) |> relu
        |> conv2: conv1d(64, kernel: 5) |> relu
        |> mean_over_time

    """

  /// A program for a folder of recordings whose names say their classes.
  func recordings() throws(DataError) -> ProgramSketch {
    try refuseLabel("the names of its files")
    let survey = try RecordingSurvey(path: path)
    let (window, hop) = (max(1, survey.rate / 40), max(1, survey.rate / 100))
    let longest = survey.samples[survey.samples.count * 19 / 20]
    let frames = min(1000, max(8, longest <= window ? 1 : (longest - window) / hop + 1))
    let classes = survey.labels.count
    var sketch = ProgramSketch()
    sketch.findings = [
      "`\(Path.name(of: path))`: \(survey.samples.count) recordings of \(survey.rate) samples a second. Their names fit `\(survey.pattern)`, with \(classes) labels.",
      "A frame is 25 milliseconds, and one begins every 10. An example has \(frames) frames: longer recordings are cut at the end.",
      "A fifth of the recordings is held back for the test. \(Self.split(0, hasTest: true).text)",
    ]
    sketch.data = [
      "source: audio(\(Self.quoted(written)), name: \(Self.quoted(survey.pattern)), rate: \(survey.rate), lengths: true)",
      "sound: tensor[\(frames), 40]", "label: class(\(classes))", "validation: 10%",
      "prepare: [log_mel(window: \(window), hop: \(hop), bands: 40), standardize(per: channel)]",
    ]
    sketch.examples = survey.samples.count * 4 / 5
    sketch.network = """
      (sound: tensor[\(frames), 40]) -> tensor[\(classes)] {
        return sound
      \(Self.convolutionsAlong)    |> head: linear(\(classes))
      """
    sketch.weights = "conv1, conv2"
    return sketch
  }
}
