import Foundation

/// Appends lines to a file and flushes each, so that what is logged survives a crash.
final class LineWriter {
  private let file: UnsafeMutablePointer<FILE>
  let path: String

  init(path: String) throws(TrainError) {
    guard let file = fopen(path, "we") else {
      throw TrainError(.unwritable, "cannot create `\(path)`: \(String(cString: strerror(errno)))")
    }
    self.file = file
    self.path = path
  }

  /// Goes on with a file after its first `length` bytes; what follows them is dropped.
  init(resuming path: String, at length: Int) throws(TrainError) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) >= length else {
      throw TrainError(
        .checkpointDamaged, "`\(path)` is missing or shorter than when the checkpoint was made", help: "start the run again with --output")
    }
    guard truncate(path, off_t(length)) == 0, let file = fopen(path, "ae") else {
      throw TrainError(.unwritable, "cannot write to `\(path)`: \(String(cString: strerror(errno)))")
    }
    self.file = file
    self.path = path
  }

  /// The length of the file so far, in bytes.
  func length() throws(TrainError) -> Int {
    var status = stat()
    guard fstat(fileno(file), &status) == 0 else {
      throw TrainError(.unwritable, "cannot read the length of `\(path)`: \(String(cString: strerror(errno)))")
    }
    return Int(status.st_size)
  }

  func write(_ line: String) throws(TrainError) {
    guard fputs(line + "\n", file) >= 0, fflush(file) == 0 else {
      throw TrainError(
        .unwritable, "cannot write to `\(path)`: \(String(cString: strerror(errno)))", help: "free some space and start again")
    }
  }

  deinit { fclose(file) }
}
