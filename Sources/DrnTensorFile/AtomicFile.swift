import Foundation

/// Replaces a file as a whole: readers see the old contents or the new, never a part, whatever happens in between.
enum AtomicFile {
  /// Writes `chunks` one after another to a temporary file beside `path`, flushes it to the device and renames it onto `path`.
  /// On failure the temporary file is removed and what stood at `path` is untouched.
  static func replace(_ path: String, with chunks: [[UInt8]]) throws(TensorFileError) {
    let (temporary, descriptor) = try createTemporary(beside: path)
    var code = append(chunks, to: descriptor)
    if code == 0, fsync(descriptor) != 0 { code = errno }
    if close(descriptor) != 0, code == 0 { code = errno }
    if code == 0, rename(temporary, path) != 0 { code = errno }
    guard code == 0 else {
      unlink(temporary)
      throw .writing(path, code: code)
    }
    flushFolder(of: path)
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

  /// A new file in the folder of `path`, hidden, with a name no other process uses.
  private static func createTemporary(beside path: String) throws(TensorFileError) -> (name: String, descriptor: Int32) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    for attempt in 0..<1000 {
      let name = "\(folder)/.drn-\(getpid())-\(attempt).tmp"
      let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      if descriptor >= 0 { return (name, descriptor) }
      if errno != EEXIST { throw .writing(path, code: errno) }
    }
    throw .writing(path, code: EEXIST)
  }

  /// Makes the rename itself durable. Some file systems cannot flush a folder; the contents are on the device all the same.
  private static func flushFolder(of path: String) {
    let folder = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }
}
