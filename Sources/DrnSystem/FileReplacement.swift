#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that is written bit by bit and appears whole or not at all: what stood at its path is there until `finish`, and stays where that is
/// never called. A device or pipe is written as it is.
public final class FileReplacement {
  private let path: String
  /// `nil` for what is no regular file, which is not replaced.
  private let temporary: String?
  private var descriptor: Int32

  /// Begins a file; a folder at `path` is an error.
  public init(_ path: String) throws(SystemError) {
    self.path = path
    switch Files.kind(path) {
    case .folder: throw SystemError(code: EISDIR)
    case .other: (temporary, descriptor) = (nil, try Files.open(path, O_WRONLY))
    case .regular, nil:
      let made = try Files.temporary(beside: path)
      (temporary, descriptor) = (made.name, made.descriptor)
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if descriptor >= 0, let temporary { unlink(temporary) }
  }

  /// Appends bytes.
  public func write(_ bytes: [UInt8]) throws(SystemError) {
    let code = Files.append([bytes], to: descriptor)
    if code != 0 { throw SystemError(code: code) }
  }

  /// Writes bytes over those the file begins with; an error for what has no beginning, as a pipe.
  public func writeFirst(_ bytes: [UInt8]) throws(SystemError) {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw SystemError(code: errno) }
    try write(bytes)
  }

  /// Puts the file in its place.
  public func finish() throws(SystemError) {
    var code: Int32 = temporary != nil && fsync(descriptor) != 0 ? errno : 0
    if close(descriptor) != 0, code == 0 { code = errno }
    descriptor = -1
    if let temporary {
      if code == 0, rename(temporary, path) != 0 { code = errno }
      if code != 0 { unlink(temporary) }
    }
    if code != 0 { throw SystemError(code: code) }
  }
}
