import DrnJSON
import Foundation

/// Runs a server over two file descriptors until `exit` or the end of the input; gives the exit code of the process.
///
/// All messages that have arrived are read before the first is answered, so that a cancelled request is not worked on; changed documents are
/// checked once no message is waiting.
public func serve(_ server: LanguageServer, input: Int32, output: Int32) -> Int32 {
  var connection = Connection(server: server, input: input, output: output)
  return connection.run()
}

private struct Connection {
  var server: LanguageServer
  let input: Int32
  let output: Int32
  private var frames = FrameReader()
  private var isOpen = true
  private static let mostReads = 256

  init(server: LanguageServer, input: Int32, output: Int32) {
    self.server = server
    self.input = input
    self.output = output
  }

  mutating func run() -> Int32 {
    while isOpen {
      guard read() else { break }
      var reads = 0
      // Bounded, so that a client that never pauses is answered too.
      while reads < Self.mostReads, isReady(), read() { reads += 1 }
      answer()
      if let code = server.exitCode { return code }
      for message in server.settle() { send(message) }
    }
    return 1
  }

  /// Waits for bytes; `false` at the end of the input.
  private mutating func read() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Foundation.read(input, &buffer, buffer.count)
      if count > 0 {
        frames.append(buffer.prefix(count))
        return true
      }
      if count < 0, errno == EINTR || errno == EAGAIN {
        wait(input, Int16(POLLIN))
        continue
      }
      isOpen = false
      return false
    }
  }

  private func isReady() -> Bool {
    var request = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, 0) > 0 && request.revents & Int16(POLLIN) != 0
  }

  private func wait(_ descriptor: Int32, _ events: Int16) {
    var request = pollfd(fd: descriptor, events: events, revents: 0)
    _ = poll(&request, 1, -1)
  }

  private mutating func answer() {
    var pieces: [FrameReader.Piece] = []
    while let piece = frames.next() { pieces.append(piece) }
    let cancelled = Set(
      pieces.compactMap { piece -> RequestID? in if case .body(let body) = piece { cancelledRequest(body) } else { nil } })
    for piece in pieces where server.exitCode == nil {
      switch piece {
      case .fault(let message): send(server.refuse(message))
      case .body(let body): for message in server.receive(body, isCancelled: { cancelled.contains($0) }) { send(message) }
      }
    }
  }

  private mutating func send(_ message: JSON) {
    var bytes = frame(message)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(output, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
      } else if errno == EAGAIN {
        wait(output, Int16(POLLOUT))
      } else if errno != EINTR {
        isOpen = false
        return
      }
    }
  }
}
