#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Files {
  /// Replaces a file as a whole: readers see the old contents or the new, never a part, whatever happens in between.
  ///
  /// Writes `chunks` one after another to a temporary file beside `path`, flushes it to the device and renames it onto `path`. On failure the
  /// temporary file is removed and what stood at `path` is untouched. `permissions` are those of the file; by default what the process gives.
  public static func replace(_ path: String, with chunks: [[UInt8]], permissions: UInt32? = nil) throws(SystemError) {
    guard isPath(path) else { throw missing }
    let (temporary, descriptor) = try createTemporary(beside: path)
    var code = append(chunks, to: descriptor)
    if code == 0, let permissions, fchmod(descriptor, mode_t(permissions)) != 0 { code = errno }
    if code == 0, fsync(descriptor) != 0 { code = errno }
    if close(descriptor) != 0, code == 0 { code = errno }
    if code == 0, rename(temporary, path) != 0 { code = errno }
    guard code == 0 else {
      unlink(temporary)
      throw SystemError(code: code)
    }
    flushFolder(of: path)
  }

  /// Makes a folder with these files, each of one part after another: there is the whole folder at `path` or none. `isExisting` where the name is
  /// taken, unless by an empty folder.
  public static func createFolder(_ path: String, holding files: [(name: String, chunks: [[UInt8]])]) throws(SystemError) {
    guard isPath(path) else { throw missing }
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    let temporary = try createTemporaryFolder(beside: path)
    do throws(SystemError) {
      for file in files { try replace(Path.join(temporary, file.name), with: file.chunks) }
      if rename(temporary, path) != 0 { throw errno == ENOTEMPTY || errno == ENOTDIR ? SystemError(code: EEXIST) : .last }
    } catch {
      for file in files { unlink(Path.join(temporary, file.name)) }
      rmdir(temporary)
      throw error
    }
    flushFolder(of: path)
  }

  /// Writes a file that is not there yet; `isExisting` where the name is taken.
  public static func create(_ path: String, _ bytes: [UInt8]) throws(SystemError) {
    let descriptor = try open(path, O_WRONLY | O_CREAT | O_EXCL)
    var code = append([bytes], to: descriptor)
    if close(descriptor) != 0, code == 0 { code = errno }
    guard code == 0 else {
      unlink(path)
      throw SystemError(code: code)
    }
  }

  /// The permissions of a file, without its kind.
  public static func permissions(_ path: String) throws(SystemError) -> UInt32 {
    guard isPath(path) else { throw missing }
    var status = stat()
    if stat(path, &status) != 0 { throw .last }
    return UInt32(status.st_mode & 0o7777)
  }

  /// Makes sure that what was written to a file is on the device.
  public static func flush(_ path: String) {
    guard let descriptor = try? open(path, O_RDONLY | O_NONBLOCK) else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Writes everything to the descriptor; the error number, or 0.
  static func append(_ chunks: [[UInt8]], to descriptor: Int32) -> Int32 {
    for chunk in chunks {
      let code = chunk.withUnsafeBytes { appendAll($0, to: descriptor) }
      if code != 0 { return code }
    }
    return 0
  }

  private static func appendAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    guard let base = bytes.baseAddress else { return 0 }
    var written = 0
    while written < bytes.count {
      let count = write(descriptor, base + written, bytes.count - written)
      if count < 0 {
        if errno == EINTR { continue }
        return errno
      }
      written += count
    }
    return 0
  }

  /// A new file beside `path`, to be renamed onto it, and its descriptor.
  static func temporary(beside path: String) throws(SystemError) -> (name: String, descriptor: Int32) {
    guard isPath(path) else { throw missing }
    return try createTemporary(beside: path)
  }

  /// Whether a name is one that `replace` gives to a file it has not finished.
  public static func isTemporary(_ name: String) -> Bool { name.hasPrefix(".drn-") && name.hasSuffix(".tmp") }

  /// A new file in the folder of `path`, hidden, with a name no other process uses.
  private static func createTemporary(beside path: String) throws(SystemError) -> (name: String, descriptor: Int32) {
    try withFreeName(beside: path) { name throws(SystemError) in (name, try open(name, O_WRONLY | O_CREAT | O_EXCL)) }
  }

  /// As `createTemporary`, a folder.
  private static func createTemporaryFolder(beside path: String) throws(SystemError) -> String {
    try withFreeName(beside: path) { name throws(SystemError) in
      try createFolder(name)
      return name
    }
  }

  private static func withFreeName<Made>(beside path: String, _ make: (String) throws(SystemError) -> Made) throws(SystemError) -> Made {
    let folder = Path.folder(of: path)
    for attempt in 0..<1000 {
      do throws(SystemError) { return try make(Path.join(folder, ".drn-\(getpid())-\(attempt).tmp")) } catch {
        guard error.isExisting else { throw error }
      }
    }
    throw SystemError(code: EEXIST)
  }

  /// Makes the rename itself durable. Some file systems cannot flush a folder; the contents are on the device all the same.
  private static func flushFolder(of path: String) {
    let folder = Path.folder(of: path)
    flush(folder.isEmpty ? "." : folder)
  }
}
