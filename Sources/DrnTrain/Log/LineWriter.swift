import Foundation

/// Appends lines to a file and flushes each, so that what is logged survives a crash.
final class LineWriter {
  private let file: UnsafeMutablePointer<FILE>
  private let path: String

  init(path: String) throws(TrainError) {
    guard let file = fopen(path, "we") else {
      throw TrainError(.unwritable, "cannot create `\(path)`: \(String(cString: strerror(errno)))")
    }
    self.file = file
    self.path = path
  }

  func write(_ line: String) throws(TrainError) {
    guard fputs(line + "\n", file) >= 0, fflush(file) == 0 else {
      throw TrainError(
        .unwritable, "cannot write to `\(path)`: \(String(cString: strerror(errno)))", help: "free some space and start again")
    }
  }

  deinit { fclose(file) }
}
