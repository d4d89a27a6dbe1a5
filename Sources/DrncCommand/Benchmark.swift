import ArgumentParser
import DrnDriver

struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Times training steps of one phase on random data.",
    discussion: """
      Prints the median and the best time of a step, the arithmetic of a step and its share of the measured peak.
      With --kernels and no file: every kernel over a grid of shapes beside what the cost model predicts, and which are off by more than 3 times.
      """)

  @Argument(help: "The .drn file.", completion: .file(extensions: ["drn"]))
  var file: String?
  @Argument(help: "Which training of the file, where it has several: that of the network mlp, or mlp[1] for its second.")
  var training: String?
  @Option(parsing: .unconditional, help: "The phase, from 0.")
  var phase = 0
  @Option(parsing: .unconditional, help: "Steps to time.")
  var steps = 200
  @Option(parsing: .unconditional, help: "Steps before them, to warm up; memory is measured after the last of these.")
  var warmUp = 100
  @OptionGroup var team: ThreadOptions
  @Flag(help: "Also times the kernels of a step one by one, beside what the cost model predicts; without a file, all kernels.")
  var kernels = false
  @Flag(help: "Prints JSON.")
  var json = false
  @Flag(help: "Describes the processor and the libraries instead.")
  var machine = false
  @OptionGroup var output: DiagnosticOptions

  func validate() throws {
    if machine ? file != nil || kernels : file == nil && !kernels {
      throw ValidationError("Give a file, --machine, or --kernels without a file for a grid of shapes.")
    }
    if !(1...1_000_000).contains(steps) { throw ValidationError("--steps takes a number from 1 to 1000000, not \(steps).") }
    if !(1...1_000_000).contains(warmUp) { throw ValidationError("--warm-up takes a number from 1 to 1000000, not \(warmUp).") }
  }

  func run() throws {
    let request = BenchmarkRequest(
      path: file, training: training, phase: phase, steps: steps, warmUp: warmUp, threads: team.count, timesKernels: kernels,
      printsJSON: json)
    try output.finish {
      if machine { return $0.describeMachine(json: json) }
      return file == nil ? $0.benchmarkKernels(threads: team.count, json: json) : $0.benchmark(request)
    }
  }
}
