#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A call of the operating system that failed.
public struct SystemError: Error, Equatable, Sendable {
  /// Its `errno`.
  public let code: Int32
  public init(code: Int32) { self.code = code }

  /// The error of the call just made.
  static var last: SystemError { SystemError(code: errno) }

  /// There is nothing at the path.
  public var isMissing: Bool { code == ENOENT || code == ENOTDIR }
  /// Something is at the path already.
  public var isExisting: Bool { code == EEXIST }

  /// What the system says about it.
  public var reason: String { String(cString: strerror(code)) }
}
