import DrnAnalysis
import DrnCPU
import DrnDiagnostics
import DrnIR
import DrnProgram
import DrnSema
import DrnSource
import DrnTrain
import Foundation

extension Driver {
  /// `drnc benchmark FILE`.
  public func benchmark(_ request: BenchmarkRequest) -> ExitStatus {
    let loaded: Loaded
    switch load(ProgramRequest(path: request.path ?? "", training: request.training)) {
    case .failure(let status): return status
    case .success(let value): loaded = value
    }
    guard loaded.program.phases.indices.contains(request.phase) else {
      console.report(
        [
          Diagnostic(
            .noSuchPhase, "there is no phase \(request.phase); the program has phases 0 to \(loaded.program.phases.count - 1)", at: nil)
        ], sources: loaded.sources)
      return .failure
    }
    let threads = request.threads
    do throws(TrainError) {
      let timing = try StepBenchmark(program: loaded.program, phase: request.phase, threads: threads).run(
        steps: request.steps, warmUp: request.warmUp, kernels: request.timesKernels)
      console.output(request.printsJSON ? timing.json(threads: threads) + "\n" : timing.text(threads: threads))
      if let kernels = timing.kernels { console.output(request.printsJSON ? kernels.json : kernels.text) }
      return .success
    } catch {
      console.report([error.diagnostic()], sources: loaded.sources)
      return error.kind.status
    }
  }

  /// `drnc benchmark --kernels`.
  public func benchmarkKernels(threads: Int, json: Bool) -> ExitStatus {
    do {
      let rows = try KernelGridBenchmark(threads: threads).run()
      console.output(json ? rows.map { $0.json + "\n" }.joined() : rows.gridText)
      return .success
    } catch {
      console.report([Diagnostic(.defect, error.message, at: nil, help: error.help)], sources: SourceMap())
      return .defect
    }
  }

  /// `drnc benchmark --machine`.
  public func describeMachine(json: Bool) -> ExitStatus {
    let peaks = [1, Self.processors].map { threads in
      String(format: "%.0f GFLOP/s with %d thread%@", Machine.peak(threads: threads) / 1e9, threads, threads == 1 ? "" : "s")
    }
    let text = Machine.description + "; peak " + peaks.joined(separator: ", ")
    console.output(json ? LogRecord("machine", [.init("description", .text(text))]).json + "\n" : text + "\n")
    return .success
  }
}

extension StepTiming {
  func json(threads: Int) -> String {
    LogRecord(
      "benchmark",
      [
        .init("median", .number(median * 1e3)), .init("best", .number(best * 1e3)), .init("share_of_peak", .number(shareOfPeak(threads))),
        .init("multiply_adds", .integer(multiplyAdds)), .init("memory", .integer(memoryGrowth)), .init("arena", .integer(arenaBytes)),
        .init("threads", .integer(threads)),
      ]
    ).json
  }

  func text(threads: Int) -> String {
    String(
      format:
        "%.3f ms a step in the median, %.3f ms at best, %d threads\n%.1f million multiply-adds a step, %.0f %% of the measured peak\n%.1f MiB arena, resident memory grew by %.1f MiB\n",
      median * 1e3, best * 1e3, threads, Double(multiplyAdds) / 1e6, shareOfPeak(threads) * 100, Double(arenaBytes) / 1_048_576,
      Double(memoryGrowth) / 1_048_576)
  }

  /// Arithmetic of the best step over what the processor does from registers.
  private func shareOfPeak(_ threads: Int) -> Double { 2 * Double(multiplyAdds) / best / max(1, Machine.peak(threads: threads)) }
}
