import Foundation
import Synchronization

/// Set by SIGINT, SIGTERM and SIGHUP; the loop looks at it between steps. A second signal ends the process at once.
public enum StopSignal {
  private static let received = Atomic<Int32>(0)

  /// The number of the signal received, or 0.
  public static var number: Int32 { received.load(ordering: .relaxed) }

  private static let stopping = [SIGINT, SIGTERM, SIGHUP]

  /// Whether the process ends as SIGTERM has it end: by whatever signal but SIGINT.
  public static var isTermination: Bool { number != 0 && number != SIGINT }

  /// Starts to listen.
  public static func install() {
    for signalNumber in stopping where signalNumber != SIGHUP || !ignoresHangup { signal(signalNumber, handler) }
    listener
  }

  /// Whether the process was started to outlive its terminal, as `nohup` starts it.
  private static var ignoresHangup: Bool {
    func address(_ handler: sighandler_t?) -> Int { unsafeBitCast(handler, to: Int.self) }
    return address(signal(SIGHUP, SIG_IGN)) == address(SIG_IGN)
  }

  /// A thread that lets the signals through at all times: those that run kernels hold them, and a kernel may take long. What a parent blocked does
  /// not hold here.
  private static let listener: Void = {
    let thread = Thread {
      var set = sigset_t()
      sigemptyset(&set)
      for number in stopping { sigaddset(&set, number) }
      pthread_sigmask(SIG_UNBLOCK, &set, nil)
      while true { pause() }
    }
    thread.name = "drnc.signals"
    thread.start()
  }()

  private static let handler: @convention(c) (Int32) -> Void = { number in
    if received.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
  }
}
