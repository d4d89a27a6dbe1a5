#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Answers HTTP requests of this machine: it listens on 127.0.0.1 alone, and to requests that name that or `localhost` as their host, so that no
/// page from elsewhere can reach it by a name of its own. One request after the other, each on a connection of its own.
public final class LoopbackServer: Sendable {
  /// What is sent back.
  public struct Answer: Sendable {
    /// `200`, `404`.
    public let status: Int
    /// HTML.
    public let body: String
    public init(status: Int = 200, body: String) {
      self.status = status
      self.body = body
    }
  }

  /// The port that is listened on.
  public let port: Int
  private let descriptor: Int32

  /// Longer requests are refused.
  private static let longestRequest = 8192
  /// Pieces in which a request may come.
  private static let mostPieces = 32

  /// Takes a port, or with 0 one that is free; the system's error where it is taken or not allowed.
  public init(port: Int) throws(SystemError) {
    #if canImport(Glibc)
      let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    #else
      let type = SOCK_STREAM
    #endif
    let descriptor = socket(AF_INET, type, 0)
    guard descriptor >= 0 else { throw SystemError.last }
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isBound else {
      let error = SystemError.last
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    self.port = Int(in_port_t(bigEndian: address.sin_port))
  }

  /// Answers requests for `/` by what `page` gives, until `stop`.
  public func serve(_ page: () -> Answer) {
    while true {
      let connection = accept(descriptor, nil, nil)
      if connection < 0 {
        if errno == EINTR || errno == ECONNABORTED { continue }
        return
      }
      // Nobody keeps the others waiting for long.
      var limit = timeval(tv_sec: 2, tv_usec: 0)
      for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
        setsockopt(connection, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
      }
      if let request = read(connection) { send(answer(request, page), isHead: request.hasPrefix("HEAD "), to: connection) }
      close(connection)
    }
  }

  /// Lets `serve` return.
  public func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  deinit { close(descriptor) }

  private func read(_ connection: Int32) -> String? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 2048)
    for _ in 0..<Self.mostPieces {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      bytes += buffer[..<count]
      let text = String(decoding: bytes, as: UTF8.self)
      if text.contains("\r\n\r\n") { return text }
      guard bytes.count <= Self.longestRequest else { return nil }
    }
    return nil
  }

  private func answer(_ request: String, _ page: () -> Answer) -> Answer {
    let lines = request.split(separator: "\r\n", omittingEmptySubsequences: false)
    let words = (lines.first ?? "").split(separator: " ")
    let host =
      lines.dropFirst().first { $0.lowercased().hasPrefix("host:") }.map { $0.dropFirst(5).filter { $0 != " " }.lowercased() } ?? ""
    guard ["127.0.0.1", "localhost"].contains(where: { host == $0 || host == "\($0):\(port)" }) else {
      return Answer(status: 403, body: "this server answers to 127.0.0.1 and localhost\n")
    }
    guard words.count == 3, words[0] == "GET" || words[0] == "HEAD" else { return Answer(status: 405, body: "only GET\n") }
    guard words[1] == "/" else { return Answer(status: 404, body: "only /\n") }
    return page()
  }

  private func send(_ answer: Answer, isHead: Bool, to connection: Int32) {
    let head =
      "HTTP/1.1 \(answer.status) \(answer.status == 200 ? "OK" : "Refused")\r\nContent-Type: text/html; charset=utf-8\r\n"
      + "Content-Length: \(answer.body.utf8.count)\r\nConnection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
      + "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'\r\n\r\n"
    let bytes = Array((isHead ? head : head + answer.body).utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { sendQuietly(connection, $0) }
      guard count > 0 else { return }
      sent += count
    }
  }

  /// A reader that is gone is no signal.
  private func sendQuietly(_ connection: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Darwin)
      Darwin.send(connection, bytes.baseAddress, bytes.count, 0)
    #elseif canImport(Musl)
      Musl.send(connection, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    #else
      Glibc.send(connection, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    #endif
  }
}
