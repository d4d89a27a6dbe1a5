import Foundation
import Synchronization

/// Set by SIGINT and SIGTERM; the loop looks at it between steps. A second signal ends the process at once.
public enum StopSignal {
  private static let received = Atomic<Int32>(0)

  /// The number of the signal received, or 0.
  public static var number: Int32 { received.load(ordering: .relaxed) }

  /// Starts to listen.
  public static func install() {
    for signalNumber in [SIGINT, SIGTERM] { signal(signalNumber, handler) }
  }

  private static let handler: @convention(c) (Int32) -> Void = { number in
    if received.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
  }
}
