import DrnSystem
import DrnTrain
import Foundation

/// Runs of a sweep under way: processes of this executable, so that a crash of one leaves the others and each has the machine's limits to itself.
final class SweepPool {
  /// How a pool ended.
  enum Ending {
    /// Every run was; why those failed that did.
    case done([SweepPlan.Job: String])
    /// A signal asked for an end, and every process has ended.
    case interrupted
    /// The program is not what it was when the sweep began; every process has ended.
    case changed
  }

  private let plan: SweepPlan
  private let jobs: Int
  private let threads: [Int]
  private let said: (SweepPlan.Job, String?) -> Void
  private var running: [(job: SweepPlan.Job, process: ChildProcess)] = []
  private var failures: [SweepPlan.Job: String] = [:]
  private var attempts: [SweepPlan.Job: Int] = [:]

  /// `said` is called with each run that ended, and why it failed where it did.
  init(_ plan: SweepPlan, jobs: Int, threads: [Int], said: @escaping (SweepPlan.Job, String?) -> Void) {
    (self.plan, self.jobs, self.threads, self.said) = (plan, jobs, threads, said)
  }

  /// Nobody waits for news of a process more often.
  private static let pause: UInt32 = 5_000
  /// A run whose folder another process has just now is tried again so often.
  private static let mostAttempts = 5

  /// Runs those up to an epoch, or to their end, in order.
  func run(_ asked: [SweepPlan.Job], until epoch: Int?) -> Ending {
    var waiting = Array(asked.reversed())
    while !waiting.isEmpty || !running.isEmpty {
      if StopSignal.number != 0 { return end(.interrupted) }
      while running.count < jobs, let job = waiting.popLast() {
        guard (try? Files.read(plan.request.program.path, atMost: SourceLoader.largestFile)) == plan.text else {
          return end(.changed)
        }
        start(job, until: epoch)
      }
      waiting += collect()
      if !running.isEmpty { usleep(Self.pause) }
    }
    return .done(failures)
  }

  private func start(_ job: SweepPlan.Job, until epoch: Int?) {
    let path = plan.path(job)
    do throws(SystemError) {
      try Files.createFolders(path)
      let process = try ChildProcess(
        Driver.executable, plan.arguments(job, until: epoch, threads: threads[job.setting]),
        environment: ProcessInfo.processInfo.environment, messages: Path.join(path, SweepPlan.messages))
      running.append((job, process))
      attempts[job, default: 0] += 1
    } catch { settle(job, "cannot be started: \(error.reason)") }
  }

  /// Takes out what has ended; what is to be tried again is given back.
  private func collect() -> [SweepPlan.Job] {
    var again: [SweepPlan.Job] = []
    for (job, process) in running {
      guard let ending = process.poll() else { continue }
      running.removeAll { $0.job == job }
      switch ending {
      case .status(0): settle(job, nil)
      case .status(ExitStatus.cannotWrite.rawValue) where attempts[job, default: 0] < Self.mostAttempts && isHeld(job): again.append(job)
      case .status(let status):
        let path = plan.path(job)
        settle(job, SweepReading(path).divergence ?? SweepReading.failure(path) ?? "ended with status \(status)")
      case .signal(let number): settle(job, "ended by signal \(number)")
      }
    }
    return again
  }

  private func settle(_ job: SweepPlan.Job, _ failure: String?) {
    failures[job] = failure
    said(job, failure)
  }

  /// Whether another process had the folder: one that a sweep which was killed had just begun.
  private func isHeld(_ job: SweepPlan.Job) -> Bool {
    guard RunFolder.isRun(plan.path(job)) else { return false }
    usleep(200_000)
    return true
  }

  /// Asks every process to end at a checkpoint, and waits until all have.
  private func end(_ ending: Ending) -> Ending {
    for (_, process) in running { process.stop() }
    while running.contains(where: { $0.process.poll() == nil }) { usleep(Self.pause) }
    running = []
    return ending
  }
}

extension Driver {
  /// This executable.
  static var executable: String { Bundle.main.executablePath ?? CommandLine.arguments[0] }
}
