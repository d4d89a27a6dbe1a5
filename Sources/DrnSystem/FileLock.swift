import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An advisory lock on a file: one holder at a time, until it is released or its process ends, however it ends. The file stays, with the
/// number of the process that held it last.
public final class FileLock: Sendable {
  private let descriptor: Mutex<Int32?>

  /// Why a lock was not had.
  public enum Failure: Error {
    /// Another has it: the number of its process, where it has written it.
    case held(by: Int?)
    case system(SystemError)
  }

  /// Takes the lock at once or not at all. The file is made where there is none; `isNew` refuses one that is there, with `isExisting`. A
  /// symbolic link is not followed: the lock is of this file.
  public init(_ path: String, isNew: Bool) throws(Failure) {
    let file: Int32
    let flags = O_RDWR | O_CREAT | O_NOFOLLOW | (isNew ? O_EXCL : 0)
    do { file = try Files.open(path, flags) } catch { throw .system(error) }
    if let failure = Self.take(file) {
      Self.release(file)
      throw failure
    }
    descriptor = Mutex(file)
  }

  /// Whether the file is locked, and by which process; nothing is written.
  public static func isHeld(_ path: String) -> (isHeld: Bool, process: Int?) {
    guard let file = try? Files.open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW) else { return (false, nil) }
    defer { release(file) }
    return flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK ? (true, holder(file)) : (false, nil)
  }

  private static func take(_ file: Int32) -> Failure? {
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      return errno == EWOULDBLOCK ? .held(by: holder(file)) : .system(.last)
    }
    guard ftruncate(file, 0) == 0 else { return .system(.last) }
    let code = Files.append([Array("\(getpid())\n".utf8)], to: file)
    return code == 0 ? nil : .system(SystemError(code: code))
  }

  private static func holder(_ file: Int32) -> Int? {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(file, &bytes, bytes.count, 0)
    return Int(String(decoding: bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
  }

  /// Frees the lock and closes the file; does nothing where that was done before.
  public func release() {
    descriptor.withLock { file in
      if let open = file { Self.release(open) }
      file = nil
    }
  }

  /// A process that is being started from another thread has a copy of the descriptor until its program is loaded: closing is not enough.
  private static func release(_ file: Int32) {
    _ = flock(file, LOCK_UN)
    close(file)
  }

  deinit { release() }
}
