import DrnDiagnostics
import DrnSystem

extension Driver {
  /// The view of a training in a browser where one is asked for, or the status of a port that cannot be had.
  func live(_ request: TrainRequest, _ progress: ProgressPrinter) -> (view: LiveView?, refused: ExitStatus?) {
    guard let port = request.livePort else { return (nil, nil) }
    do throws(SystemError) {
      let view = try LiveView(port: port, driver: self, next: progress)
      view.start()
      if !request.isQuiet { console.remark("the page of the run: \(view.address)\n") }
      return (view, nil)
    } catch {
      let problem = "cannot listen on port \(port) of 127.0.0.1: \(error.reason)"
      return (nil, refuse(Diagnostic(.portUnusable, problem, at: nil, help: "`--live` takes a port that is free"), .usage))
    }
  }
}
