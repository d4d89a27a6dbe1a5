#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A process that this one started. Its standard input is a pipe that ends when this process does, however it ends; what it writes to standard
/// error is in a file, and what it writes to standard output is dropped, or passes through a pipe too. It is in a process group of its own: Ctrl-C reaches this process alone.
public final class ChildProcess {
  /// How a process ended.
  public enum Ending: Hashable, Sendable {
    case status(Int32)
    case signal(Int32)
  }
  /// The number of the process.
  public let number: Int32
  private let input: Int32
  /// Where its output is read, -1 where it is dropped.
  private let output: Int32
  private var ending: Ending?

  /// Starts an executable with arguments and an environment; `messages` is the file of its standard error, which is made or emptied. With
  /// `isPiped` its output is there for `receive`.
  public init(
    _ executable: String, _ arguments: [String], environment: [String: String], messages: String, isPiped: Bool = false
  ) throws(SystemError) {
    let variables = environment.map { "\($0.key)=\($0.value)" }
    guard Files.isPath(executable), Files.isPath(messages), !(arguments + variables).contains(where: { $0.utf8.contains(0) }) else {
      throw Files.missing
    }
    let ends = try Self.makePipe()
    var answers = (reading: Int32(-1), writing: Int32(-1))
    if isPiped {
      do throws(SystemError) { answers = try Self.makePipe() } catch {
        close(ends.reading)
        close(ends.writing)
        throw error
      }
    }
    let started = Self.start(executable, arguments, variables, input: ends.reading, output: answers.writing, messages: messages)
    close(ends.reading)
    if isPiped { close(answers.writing) }
    guard started.code == 0 else {
      close(ends.writing)
      if isPiped { close(answers.reading) }
      throw SystemError(code: started.code)
    }
    (number, input, output) = (started.number, ends.writing, answers.reading)
  }

  /// The ends of a pipe, which processes that are started do not inherit.
  private static func makePipe() throws(SystemError) -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .last }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func start(
    _ executable: String, _ arguments: [String], _ variables: [String], input: Int32, output: Int32, messages: String
  ) -> (code: Int32, number: Int32) {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    if output >= 0 {
      posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    } else {
      posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    }
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, messages, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    var (none, stopping) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigemptyset(&stopping)
    for signal in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&stopping, signal) }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &stopping)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
    let words = ([executable] + arguments).map { strdup($0) } + [nil]
    let environment = variables.map { strdup($0) } + [nil]
    defer { for word in words + environment { free(word) } }
    var number: pid_t = 0
    let code = posix_spawn(&number, executable, &actions, &attributes, words, environment)
    return (code, number)
  }

  /// How it ended; `nil` while it has not.
  public func poll() -> Ending? {
    if ending == nil {
      var status: Int32 = 0
      let found = waitpid(number, &status, WNOHANG)
      if found == number { note(status) }
    }
    return ending
  }

  /// Waits until it has ended.
  public func wait() -> Ending {
    if let ending { return ending }
    var status: Int32 = 0
    while waitpid(number, &status, 0) < 0, errno == EINTR {}
    return note(status)
  }

  @discardableResult
  private func note(_ status: Int32) -> Ending {
    let found: Ending = status & 0x7F == 0 ? .status(status >> 8 & 0xFF) : .signal(status & 0x7F)
    ending = found
    close(input)
    return found
  }

  /// Writes to its standard input, one part after another, and waits until it has taken them; false where it reads no more. SIGPIPE must be ignored.
  public func send(_ parts: [[UInt8]]) -> Bool { ending == nil && Files.append(parts, to: input) == 0 }

  /// The next bytes of its output, for which it waits; `nil` where its output ends before.
  public func receive(_ count: Int) -> [UInt8]? {
    guard output >= 0 else { return nil }
    var isWhole = true
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
      written = 0
      while written < count, let base = buffer.baseAddress {
        let taken = read(output, base + written, count - written)
        if taken < 0, errno == EINTR { continue }
        guard taken > 0 else {
          isWhole = false
          return
        }
        written += taken
      }
    }
    return isWhole ? bytes : nil
  }

  /// Asks it to end: SIGTERM. One that has ended is left alone, as its number may be another's.
  public func stop() { if poll() == nil { kill(number, SIGTERM) } }

  deinit {
    if ending == nil { close(input) }
    if output >= 0 { close(output) }
  }
}
