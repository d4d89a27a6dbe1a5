import DrnReport
import DrnSystem
import DrnTrain
import Foundation
import Synchronization

/// Shows a training in a browser while it goes on; the training does no more for it than count its records.
final class LiveView: TrainingObserver {
  private let page: LivePage
  private let next: ProgressPrinter

  /// Listens on the port, or with 0 on one that is free.
  init(port: Int, driver: Driver, next: ProgressPrinter) throws(SystemError) {
    page = try LivePage(port: port, driver: driver)
    self.next = next
  }

  /// Where the page is.
  var address: String { page.address }
  func start() { page.start() }
  func stop() { page.stop() }

  func started(_ description: RunDescription) {
    page.show(description.folder)
    next.started(description)
  }

  func stepped(_ progress: StepProgress) { next.stepped(progress) }

  func logged(_ record: LogRecord) {
    page.count()
    next.logged(record)
  }
}

/// The page of a run under way, made when one is asked for and something was logged since the last, on a thread of its own.
private final class LivePage: Sendable {
  /// Where the run lies, how much of it was logged, the page that was made last, and what the checker says of the program.
  private struct State {
    var folder: String?
    var records = 0
    var shown: (records: Int, page: String)?
    var program: ReportedRun?
  }
  private let state = Mutex(State())
  private let server: LoopbackServer
  private let driver: Driver

  init(port: Int, driver: Driver) throws(SystemError) {
    server = try LoopbackServer(port: port)
    self.driver = driver
  }

  var address: String { "http://127.0.0.1:\(server.port)/" }

  func start() {
    let thread = Thread { [self] in server.serve { LoopbackServer.Answer(body: page()) } }
    thread.name = "drnc.live"
    thread.start()
  }

  func stop() { server.stop() }
  func show(_ folder: String) { state.withLock { $0.folder = folder } }
  func count() { state.withLock { $0.records += 1 } }

  private func page() -> String {
    let (folder, records, shown, known) = state.withLock { ($0.folder, $0.records, $0.shown, $0.program) }
    if let shown, shown.records == records { return shown.page }
    guard let folder, case .success(let run) = RunReader.read(folder) else { return Report.waiting }
    let program = known ?? driver.checked(run, in: folder)
    let page = Report([program.with(run)], version: Driver.version).live
    state.withLock {
      $0.shown = (records, page)
      $0.program = program
    }
    return page
  }
}
