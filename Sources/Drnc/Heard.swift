import DrnDriver
import DrnJSON
import Synchronization

/// What the driver reports, kept in place of being printed.
final class Heard: Sendable {
  private let text = Mutex("")

  var console: Console {
    Console(format: .json, environment: [:]) { [self] part, stream in
      if stream == .error { text.withLock { $0 += part } }
    }
  }

  var problems: [Problem] {
    text.withLock { $0 }.split(separator: "\n").compactMap { line in
      (try? JSON(reading: Array(line.utf8))).flatMap { Problem($0) }
    }
  }
}
