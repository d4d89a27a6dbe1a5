import DrnCompiler
import DrnMethods
import DrnProgram
import DrnTrain

/// What the library of drnc is a thin layer over.
extension Driver {
  /// A program that was accepted, with how it was asked for.
  package struct CheckedRequest: Sendable {
    package let program: CheckedProgram
    let request: ProgramRequest
    let loaded: Loaded
  }

  /// Reads and checks a program; `text` stands for what is in the file.
  package func checked(_ request: ProgramRequest, text: [UInt8]?) -> Result<CheckedRequest, ExitStatus> {
    load(request, text: text).map { CheckedRequest(program: $0.program, request: request, loaded: $0) }
  }

  /// Trains as `drnc train` does, but leaves signals to the process.
  package func train(
    _ checked: CheckedRequest, folder: String?, epochs: Int?, threads: Int, observer: any TrainingObserver
  ) -> Result<RunSummary, ExitStatus> {
    let loaded = checked.loaded
    let compiler = PhaseCompiler(program: checked.program)
    let priced = price(compiler, loaded.sources, printsCost: false, threads: threads)
    guard priced == .success else { return .failure(priced) }
    let options = TrainOptions(
      threads: threads, output: folder, stopAfter: epochs.map { Duration(.epoch, $0) }, checkpointEvery: .epochs(1))
    do throws(TrainError) {
      let source = runSource(loaded, checked.request)
      let trainer = try Trainer(program: checked.program, source: source, options: options, observer: observer, compiler: compiler)
      return .success(try trainer.run())
    } catch { return .failure(report(error, loaded)) }
  }
}
