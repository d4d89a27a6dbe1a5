import ArgumentParser
import DrnDriver

struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Continues a text by the network of a run.",
    discussion: "For networks of `tokens[T]` that were trained on `next_token(n)`. The run folder is all that is needed.")

  @Argument(help: "The run folder.", completion: .directory)
  var folder: String
  @Option(help: "The text to go on from.")
  var prompt: String
  @Option(parsing: .unconditional, help: "Tokens to add.")
  var length = 200
  @Option(parsing: .unconditional, help: "Logits are divided by it; 0 takes the likeliest token each time.")
  var temperature = 1.0
  @Option(parsing: .unconditional, help: ArgumentHelp("Draws only among so many of the likeliest tokens.", valueName: "k"))
  var topK: Int?
  @Option(parsing: .unconditional, help: "The seed of the draws; by default that of the run.")
  var seed: UInt64?
  @Option(
    help: ArgumentHelp("Takes the weights of a checkpoint, a file in the folder `checkpoints` of the run.", valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var checkpoint: String?
  @Option(parsing: .unconditional, help: "Threads; by default one, since a step of one position is short.")
  var threads = 1
  @OptionGroup var output: DiagnosticOptions
  @Flag(help: "Prints the text, its tokens and the speed as one line of JSON.")
  var json = false

  func validate() throws {
    guard (0...1_000_000_000).contains(length) else {
      throw ValidationError("--length takes a number from 0 to 1000000000, not \(length).")
    }
    guard temperature >= 0, temperature.isFinite else {
      throw ValidationError("--temperature takes a number of at least 0, not \(temperature).")
    }
    guard (1...1024).contains(threads) else { throw ValidationError("--threads takes a number from 1 to 1024, not \(threads).") }
    if let topK, topK < 1 { throw ValidationError("--top-k takes a number of at least 1, not \(topK).") }
  }

  func run() throws {
    let request = SampleRequest(
      run: folder, checkpoint: checkpoint, prompt: prompt, length: length, temperature: temperature, topK: topK, seed: seed,
      threads: threads, printsJSON: json)
    try output.finish { $0.sample(request) }
  }
}
