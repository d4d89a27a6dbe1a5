import DrnAnalysis
import DrnCompiler
import DrnDiagnostics
import DrnEngines
import DrnIR
import DrnProgram
import DrnSema
import DrnSource
import DrnSystem
import DrnTrain
import Foundation

extension Driver {
  /// `drnc train`. Of several processes that train together, all but the first write what they write into a folder that goes with them.
  public func train(_ request: TrainRequest) -> ExitStatus {
    let environment = ProcessInfo.processInfo.environment
    let launch = ProcessLaunch(environment: environment)
    if request.engine.name != .cpu, launch.processes > 1, request.resume == Self.latest {
      return refuse(
        Diagnostic(
          .checkpointMissing, "several processes might take several runs for the latest one", at: nil, help: "name the folder: --resume DIR"
        ),
        .usage)
    }
    guard request.engine.name != .cpu, launch.process > 0 else { return trainHere(request) }
    let own = Path.join(NSTemporaryDirectory(), "drnc-\(ProcessInfo.processInfo.processIdentifier).process-\(launch.process)")
    defer { RunFolder.discard(own) }
    do throws(TrainError) {
      if let resume = request.resume { try RunFolder.copy(resume, to: own) }
      return trainHere(request.following(in: own))
    } catch { return refuse(error.diagnostic(), error.kind.status) }
  }

  private func trainHere(_ request: TrainRequest) -> ExitStatus {
    if request.stopsWithInput { Self.stopWithInput() }
    guard let interval = TimeText.interval(request.checkpointEvery) else {
      return refuse(
        Diagnostic(
          .badTime, "--checkpoint-every takes epochs or a duration, not `\(request.checkpointEvery)`", at: nil,
          help: "for example --checkpoint-every 5, or --checkpoint-every \"10 minutes\"; 0 writes none"), .usage)
    }
    let (asked, text): (ProgramRequest, [UInt8]?)
    switch source(of: request) {
    case .failure(let status): return status
    case .success(let found): (asked, text) = found
    }
    let loaded: Loaded
    switch load(asked, text: text, stopAfter: request.stopAfter) {
    case .failure(let status): return status
    case .success(let value): loaded = value
    }
    if !request.isQuiet {
      for time in loaded.result.shortened { console.remark("shortened: \(time.written) is now \(time.new)\n") }
    }
    let compiler = PhaseCompiler(program: loaded.program)
    let priced = price(compiler, loaded.sources, printsCost: false, threads: request.threads)
    guard priced == .success else { return priced }
    listenForSignals()
    let engine: any Engine
    switch self.engine(request.engine, for: loaded.program, loaded.sources) {
    case .failure(let status): return status
    case .success(let found): engine = found
    }
    let progress = ProgressPrinter(console: console, isQuiet: request.isQuiet, printsJSON: request.printsJSON)
    let (view, refused) = live(request, progress)
    if let refused { return refused }
    defer { view?.stop() }
    let options = TrainOptions(
      threads: request.threads, output: request.folder,
      stopAfter: request.stopAfter.flatMap(TimeText.duration), checkpointEvery: interval,
      resume: request.resume.map { $0 == Self.latest ? .latest : .folder($0) }, acceptsEngine: request.engine.acceptsOther)
    let source = runSource(loaded, asked)
    do throws(TrainError) {
      let trainer = try Trainer(
        program: loaded.program, source: source, options: options, observer: view ?? progress, compiler: compiler,
        engine: engine)
      let summary = try trainer.run()
      progress.finished(summary)
      return summary.isInterrupted ? interruption(summary) : .success
    } catch {
      progress.clear()
      return report(error, loaded)
    }
  }

  /// What a run folder keeps of a program.
  func runSource(_ loaded: Loaded, _ asked: ProgramRequest) -> RunSource {
    RunSource(
      text: loaded.sources[loaded.file]?.bytes ?? [], configuration: resolvedConfiguration(loaded.program), version: Self.version,
      invocation: asked.invocation(keeping: loaded))
  }

  /// What stands for the last run in place of a folder.
  private static let latest = "latest"

  /// The program to train, and its text where that is the one kept in the folder of the run to go on with.
  private func source(of request: TrainRequest) -> Result<(ProgramRequest, [UInt8]?), ExitStatus> {
    guard request.program.path.isEmpty, let folder = request.resume, folder != Self.latest else { return .success((request.program, nil)) }
    guard let (invocation, text) = RunInvocation.read(from: folder) else {
      let problem = "the folder `\(folder)` does not hold the program of a run"
      return .failure(
        refuse(
          Diagnostic(.checkpointMissing, problem, at: nil, help: "name the program: drnc train FILE --resume \(folder)"), .noInput))
    }
    return .success((request.program.after(invocation), text))
  }

  /// Sends this process SIGTERM when its standard input ends, on a thread of its own: whoever started it is gone.
  private static func stopWithInput() {
    let thread = Thread {
      var byte: UInt8 = 0
      while true {
        let count = read(STDIN_FILENO, &byte, 1)
        if count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) { break }
        if count < 0, errno == EAGAIN { usleep(100_000) }
      }
      // A second signal would end the process before its checkpoint is written.
      if StopSignal.number == 0 { kill(getpid(), SIGTERM) }
    }
    thread.name = "drnc.input"
    thread.start()
  }

  /// Makes the training stoppable, and by nothing but what asks for it.
  func listenForSignals() {
    StopSignal.install()
    // A reader that ends first, as `tee` does on Ctrl-C, must not end the training before its weights are written.
    signal(SIGPIPE, SIG_IGN)
  }

  private func interruption(_ summary: RunSummary) -> ExitStatus {
    let diagnostic = Diagnostic(
      .interrupted, "interrupted after step \(summary.steps); the weights are in `\(summary.folder)/\(RunFolder.weights)`", at: nil,
      help: summary.hasCheckpoint ? "`drnc train --resume \(summary.folder)` goes on from the last checkpoint" : nil)
    console.report([diagnostic], sources: SourceMap())
    return StopSignal.isTermination ? .terminated : .interrupted
  }

  func report(_ error: TrainError, _ loaded: Loaded) -> ExitStatus {
    // Memory is the run's as a whole, whichever part asks for it.
    let span = error.kind == .memory ? loaded.program.training.span : nil
    console.report([error.diagnostic(at: span)], sources: loaded.sources)
    return error.kind.status
  }
}

extension TrainError {
  /// As it is reported; at `span` where it has no place of its own.
  func diagnostic(at span: Span? = nil) -> Diagnostic { Diagnostic(kind.code, message, at: self.span ?? span, notes: notes, help: help) }
}

extension TrainError.Kind {
  var code: Code {
    switch self {
    case .data: .dataUnusable
    case .files(let problem): problem.code
    case .outputExists: .outputExists
    case .inUse: .runInUse
    case .unwritable: .outputUnwritable
    case .diverged: .diverged
    case .truncation: .truncationError
    case .weights: .weightsUnusable
    case .checkpointMissing: .checkpointMissing
    case .checkpointDamaged: .checkpointDamaged
    case .checkpointDiffers: .checkpointDiffers
    case .runUnusable: .runUnusable
    case .inputMissing: .unreadableFile
    case .inputUnfit: .inputUnfit
    case .tensorFile: .tensorFileUnusable
    case .memory: .planTooLarge
    case .engineMissing: .engineMissing
    case .engineVersion: .engineVersion
    case .engineMemory: .engineMemory
    case .engineFailed: .engineFailed
    case .engineUnable: .engineUnable
    case .precisionUnavailable: .precisionUnavailable
    case .engineDiffers: .engineDiffers
    case .defect: .defect
    }
  }

  var status: ExitStatus {
    switch self {
    case .data, .files, .weights, .checkpointDamaged, .checkpointDiffers, .engineDiffers, .runUnusable, .inputUnfit, .tensorFile: .badData
    case .checkpointMissing, .inputMissing: .noInput
    case .outputExists, .inUse, .unwritable: .cannotWrite
    case .diverged, .truncation: .numeric
    case .memory, .engineMemory, .engineUnable, .precisionUnavailable: .failure
    case .engineMissing, .engineVersion: .unavailable
    case .engineFailed: .tryAgain
    case .defect: .defect
    }
  }
}
