import DrnAnalysis
import DrnCompiler
import DrnDiagnostics
import DrnKernels
import DrnMethods
import DrnProgram
import DrnSema
import DrnSource
import DrnTestSupport
import Foundation
import Synchronization
import Testing

@testable import DrnTrain

/// Random programs: what the checker accepts trains, with one thread as with two, in one piece as in two.
///
/// `DRNC_PROGRAMS` is how many are tried, 500 unless given; `DRNC_PROGRAMS_FIRST` the first seed; `DRNC_PROGRAMS_LOG` a file to which progress
/// and findings are written, and from which a later call goes on.
@Suite("Random programs") struct RandomProgramTests {
  @Test("what the checker accepts trains without a defect, to the same bytes with two threads and after a stop") func programs() throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["DRNC_PROGRAMS"].flatMap { Int($0) } ?? 500
    let first = environment["DRNC_PROGRAMS_FIRST"].flatMap { Int($0) } ?? 1
    let log = environment["DRNC_PROGRAMS_LOG"].map(ProgramLog.init)
    let outcomes = Mutex(ProgramTally())
    let portion = 50
    var start = max(first, log?.next ?? first)
    while start < first + count {
      let (seed, size) = (start, min(portion, first + count - start))
      DispatchQueue.concurrentPerform(iterations: size) { place in
        let outcome = ProgramTrial(seed: UInt64(seed + place)).outcome
        outcomes.withLock { $0.add(outcome, seed: seed + place) }
      }
      start += size
      let found = outcomes.withLock { $0.takeFindings() }
      for finding in found { Issue.record("\(finding)") }
      log?.write(next: start, found)
    }
    let tally = outcomes.withLock { $0 }
    print(tally)
    // A generator whose programs are refused, or never reach their end, would test nothing.
    if count >= 500 {
      #expect(tally.accepted * 10 >= tally.tried * 7, "\(tally)")
      #expect(tally.finished * 10 >= tally.accepted * 8, "\(tally)")
    }
  }

  /// Programs that were at fault once, shortened.
  private static let found = [
    // A last update of more parts than the others, under an update that keeps something for each part.
    """
    data d { source: synthetic(29, test_examples: 6)  x: tensor[9]  label: class(3)  last_batch: keep }
    network net(x: tensor[9]) -> tensor[3] { return x |> l1: linear(3) }
    train net on d {
      length: 4 epochs  batch: 2  accumulation: 3  loss: cross_entropy  rate: 0.1
      optimizer: extrapolate(update: sgd, scale: 0.5, by: part)
    }
    """,
    // A run that ends before forms that were still to come, and takes those of the end.
    """
    data d { source: synthetic(19, test_examples: 6, noise: 2)  x: tensor[9]  label: class(3)  validation: 40% }
    network net(x: tensor[9]) -> tensor[3] { return x |> l1: linear(10) |> relu |> l2: linear(3) }
    train net on d {
      length: 9 epochs  batch: 4  loss: cross_entropy  optimizer: adam  rate: 0.5  stop: early(patience: 1 epochs)  state: carry
      weights l1 { from epoch 0: sparse(1/2, of: dense)  from epoch 6: core(bases: frozen, rank: 1) by svd  from epoch 8: dense
        from end: factored(rank: 2) by svd }
    }
    """,
    // A smaller last batch of a text.
    """
    data d { source: text("\(Tokens.corpus)/text", test_share: 20%)  x: tokens[11]  label: next_token(5)  last_batch: keep }
    network net(x: tokens[11]) -> tensor[11, 5] { return x |> e: embedding(5, 6) |> l1: linear(5) }
    train net on d { length: 3 epochs  batch: 4  loss: cross_entropy  optimizer: adam  rate: 0.1 }
    """,
  ]

  @Test("what was at fault once goes right, from any step on", arguments: found) func mended(text: String) {
    for seed in 0..<6 as Range<UInt64> {
      switch ProgramTrial(seed: seed, text: text).outcome {
      case .finished: break
      case .refused(let errors): Issue.record("refused: \(errors.map(\.message))")
      case .stopped: Issue.record("stopped")
      case .fault(let text): Issue.record("\(text)")
      }
    }
  }

  @Test("a seed gives the same program every time") func repeatable() {
    for seed in 1...20 { #expect(RandomProgram(seed: UInt64(seed)).text == RandomProgram(seed: UInt64(seed)).text) }
    #expect(Set((1...20).map { RandomProgram(seed: $0).text }).count == 20)
  }
}

/// What became of one program.
enum ProgramOutcome {
  /// The checker says no, with these errors.
  case refused([Diagnostic])
  /// It trained to its end, or stopped as a program may: diverged, or past the bound of a truncation.
  case finished
  case stopped
  case fault(String)
}

struct ProgramTally: CustomStringConvertible {
  private(set) var tried = 0
  private(set) var accepted = 0
  private(set) var finished = 0
  private var refusals: [String: Int] = [:]
  /// One refusal by each code.
  private var examples: [String: String] = [:]
  private var findings: [String] = []

  mutating func add(_ outcome: ProgramOutcome, seed: Int) {
    tried += 1
    switch outcome {
    case .refused(let errors):
      for code in Set(errors.map(\.code.id)) {
        refusals[code, default: 0] += 1
        examples[code] = examples[code] ?? "seed \(seed): \(errors.first { $0.code.id == code }?.message ?? "")"
      }
    case .finished: (accepted, finished) = (accepted + 1, finished + 1)
    case .stopped: accepted += 1
    case .fault(let text):
      accepted += 1
      findings.append("seed \(seed): \(text)\n\(RandomProgram(seed: UInt64(seed)).text)")
    }
  }

  mutating func takeFindings() -> [String] {
    defer { findings = [] }
    return findings
  }

  var description: String {
    let codes = refusals.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "  \($0.key) \($0.value), \(examples[$0.key] ?? "")" }
    return (["\(tried) programs: \(accepted) accepted, \(finished) of them trained to their end; refused:"] + codes).joined(separator: "\n")
  }
}

/// Progress over many processes: lines `next SEED`, and findings between them.
struct ProgramLog {
  let path: String

  /// The seed to go on with.
  var next: Int? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    return text.split(separator: "\n").last { $0.hasPrefix("next ") }.flatMap { Int($0.dropFirst("next ".count)) }
  }

  func write(next: Int, _ findings: [String]) {
    if !FileManager.default.fileExists(atPath: path) { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    guard let file = FileHandle(forWritingAtPath: path) else { return }
    defer { try? file.close() }
    _ = try? file.seekToEnd()
    try? file.write(contentsOf: Data((findings.map { $0 + "\n" }.joined() + "next \(next)\n").utf8))
  }
}

/// One program, checked, priced and trained.
struct ProgramTrial {
  let seed: UInt64

  private static let files = ["weights.safetensors", "log.jsonl", "log.csv", "summary.json", "deployed.safetensors"]

  private struct Fault: Error { let text: String }

  /// The program of the seed, or this one.
  var text: String?

  var outcome: ProgramOutcome {
    let text = text ?? RandomProgram(seed: seed).text
    var sources = SourceMap()
    let file = sources.add(name: "main.drn", text: text)
    let result = check(file: file, sources: &sources, options: CheckOptions(), headers: FileDataHeaders()) { _ in nil }
    let errors = result.diagnostics.filter { $0.severity == .error }
    if let defect = errors.first(where: { $0.code == .defect }) { return .fault("the check: \(defect.message)") }
    guard errors.isEmpty, let program = result.programs.first else { return .refused(errors) }
    do {
      var dice = Dice(seed: seed ^ 0x5EED)
      // One for all runs, so that a phase is compiled once.
      let compiler = PhaseCompiler(program: program)
      if dice.chance(10) { try price(compiler) }
      return try train(compiler, &dice)
    } catch { return .fault((error as? Fault)?.text ?? "\(error)") }
  }

  private func price(_ compiler: PhaseCompiler) throws {
    let program = compiler.program
    _ = try CostReport(compiler, machine: .typical(threads: 2)).text(program)
    _ = try checkSpeed(program, .typical(threads: 2))
    _ = describeSchedule(program) + resolvedConfiguration(program)
  }

  private func train(_ compiler: PhaseCompiler, _ dice: inout Dice) throws -> ProgramOutcome {
    let folder = try TemporaryFolder()
    let whole = try run(compiler, folder("whole"), threads: 1)
    // Both at once; which of them it is shows when something differs.
    let stop = dice.number(1...max(1, whole.steps))
    let part = try run(compiler, folder("parts"), threads: 2, stopAfter: whole.error == nil ? stop : nil)
    guard whole.error == nil else {
      guard whole.error == part.error else { throw Fault(text: "one thread: \(whole.text); two threads: \(part.text)") }
      return .stopped
    }
    guard FileManager.default.fileExists(atPath: folder("parts/checkpoints")) else {
      try compare(folder, "whole", "threads", of: try run(compiler, folder("threads"), threads: 2), "with two threads")
      return .finished
    }
    let resumed = try run(compiler, folder("parts"), threads: 2, resumes: true)
    do { try compare(folder, "whole", "parts", of: resumed, "with two threads, resumed after step \(stop)") } catch {
      try compare(folder, "whole", "threads", of: try run(compiler, folder("threads"), threads: 2), "with two threads alone")
      throw error
    }
    return .finished
  }

  private struct Run {
    var steps = 0
    var error: String?
    var text: String { error ?? "ends after \(steps) steps" }
  }

  private func run(_ compiler: PhaseCompiler, _ path: String, threads: Int, stopAfter: Int? = nil, resumes: Bool = false) throws -> Run {
    let error: TrainError
    do throws(TrainError) {
      let trainer = try Trainer(
        program: compiler.program, source: RunSource(text: [], configuration: resolvedConfiguration(compiler.program), version: "test"),
        options: TrainOptions(
          threads: threads, output: resumes ? nil : path, stopAfter: stopAfter.map { Duration(.step, $0) }, checkpointEvery: .epochs(1),
          resume: resumes ? .folder(path) : nil), observer: nil, compiler: compiler)
      return Run(steps: try trainer.run().steps)
    } catch let thrown { error = thrown }
    switch error.kind {
    case .diverged, .truncation: return Run(error: error.message)
    case _: throw Fault(text: "\(error.kind): \(error.message)")
    }
  }

  private func compare(_ folder: TemporaryFolder, _ first: String, _ second: String, of run: Run, _ note: String) throws {
    if let error = run.error { throw Fault(text: "\(note): \(error)") }
    for file in Self.files {
      let (left, right) = (try? folder.bytes("\(first)/\(file)"), try? folder.bytes("\(second)/\(file)"))
      guard left == right else { throw Fault(text: "\(file) differs: \(note)") }
    }
  }
}
