import Foundation

/// Why a tensor file could not be read or written.
public struct TensorFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The class of failure, for code that reacts to it.
  public enum Kind: Equatable, Sendable {
    /// There is no file at the path.
    case missing
    /// The file exists but cannot be read: permissions, a folder, an input/output error.
    case unreadable
    /// The file ends before the data its header announces.
    case truncated
    /// The contents contradict the format, or a tensor to be written contradicts itself.
    case corrupt(reason: String)
    /// The contents are well formed, but of a kind that is not supported.
    case unsupported
    /// The data would not fit in the memory of this machine.
    case tooLarge
    /// The folder or the file cannot be written.
    case unwritable
    /// The device or the quota is full.
    case diskFull
  }

  /// The class of failure.
  public var kind: Kind
  /// The file concerned; empty for a tensor that is not in a file.
  public var path: String
  /// One plain sentence, without the path.
  public var message: String

  /// An error of a kind, for a path, with its message.
  public init(kind: Kind, path: String, message: String) {
    self.kind = kind
    self.path = path
    self.message = message
  }

  /// The path and the message on one line.
  public var description: String { path.isEmpty ? message : "\(path): \(message)" }

  static func corrupt(_ reason: String, path: String) -> TensorFileError {
    TensorFileError(kind: .corrupt(reason: reason), path: path, message: reason)
  }

  /// The error of a failed system call while reading.
  static func reading(_ path: String, code: Int32) -> TensorFileError {
    let missing = code == ENOENT || code == ENOTDIR
    return TensorFileError(
      kind: missing ? .missing : .unreadable, path: path,
      message: missing ? "there is no such file" : "cannot be read: \(String(cString: strerror(code)))")
  }

  /// The error of a failed system call while writing.
  static func writing(_ path: String, code: Int32) -> TensorFileError {
    let full = code == ENOSPC || code == EDQUOT
    return TensorFileError(
      kind: full ? .diskFull : .unwritable, path: path,
      message: full ? "no space is left to write it" : "cannot be written: \(String(cString: strerror(code)))")
  }
}
