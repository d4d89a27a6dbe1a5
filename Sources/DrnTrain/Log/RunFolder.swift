import DrnSystem
import DrnTensorFile

/// The folder of one run: `run.lock`, `run.json`, `source.drn`, `config.txt`, `log.jsonl`, `log.csv`, `timing.csv`, `weights.safetensors`,
/// `deployed.safetensors` where that differs, `model.json`, `summary.json`, and `checkpoints`.
///
/// Every file but the growing logs is written beside its final name and renamed, so none is ever half-written. One process at a time has the
/// folder: it holds a lock on the file `run.lock`, which goes with the process.
public struct RunFolder: Sendable {
  /// The weights in the form they were trained in, and in the form they are deployed in.
  public static let weights = "weights.safetensors"
  /// The weights in the form they are deployed in, where that is another one.
  public static let deployed = "deployed.safetensors"
  package static let source = "source.drn"
  package static let invocation = "run.json"
  static let configuration = "config.txt"
  /// Written last: a folder without it holds no run that came to its end.
  package static let summary = "summary.json"
  static let log = "log.jsonl"
  static let table = "log.csv"
  static let timing = "timing.csv"
  private static let lock = "run.lock"
  /// By any of these a folder is taken for one of a run.
  private static let marks = [lock, log, weights, deployed, summary, CheckpointFolder.name]
  /// Everything that a run writes.
  private static let names = marks + [source, invocation, configuration, table, timing, ModelDescription.file]

  /// The folder, as it was given.
  public let path: String
  private let lock: FileLock

  /// Makes the folder, or takes one in which no file would be replaced: no result is overwritten, nor anything that drnc did not write.
  public init(creating path: String) throws(TrainError) {
    do { try Files.createFolders(path) } catch {
      throw TrainError(.unwritable, "cannot create the folder `\(path)`: \(error.reason)", help: Self.anotherFolder)
    }
    if let taken = Self.names.first(where: { Files.isTaken(Path.join(path, $0)) }) { throw Self.refusal(path, taken: taken) }
    self.path = path
    do throws(FileLock.Failure) { lock = try FileLock(Path.join(path, Self.lock), isNew: true) } catch {
      switch error {
      case .system(let error) where error.isExisting: throw Self.refusal(path, taken: Self.lock)
      case .system, .held: throw Self.failure(error, path)
      }
    }
  }

  /// Makes `runs/<network>-<n>` with the first number that is free, also among processes that look for one at the same time.
  public init(numbering network: String, under parent: String = RunFolder.parent) throws(TrainError) {
    var number = 1
    while true {
      let path = "\(parent)/\(network)-\(number)"
      do throws(SystemError) {
        try Files.createFolders(parent)
        try Files.createFolder(path)
        break
      } catch {
        guard error.isExisting else {
          throw TrainError(.unwritable, "cannot create the folder `\(path)`: \(error.reason)", help: Self.anotherFolder)
        }
        number += 1
      }
    }
    try self.init(creating: "\(parent)/\(network)-\(number)")
  }

  /// Takes the folder of a run to go on with, once no other process has it; what a killed process left half-written goes.
  public init(resuming path: String) throws(TrainError) {
    guard Self.isRun(path) else {
      throw TrainError(
        .checkpointMissing, "the folder `\(path)` holds no run", help: "`--output \(path)` in place of `--resume \(path)` begins one there")
    }
    self.path = path
    do throws(FileLock.Failure) { lock = try FileLock(Path.join(path, Self.lock), isNew: false) } catch { throw Self.failure(error, path) }
    for name in (try? Files.names(in: path)) ?? [] where Files.isTemporary(name) { try? Files.remove(Path.join(path, name)) }
  }

  /// Where runs lie that were given no folder.
  public static let parent = "runs"

  /// Whether a run was begun in a folder.
  package static func isRun(_ path: String) -> Bool { marks.contains { Files.isTaken(Path.join(path, $0)) } }

  /// Whether the run has come to its end once.
  var isFinished: Bool { Files.isTaken(Path.join(path, Self.summary)) }

  /// Lets other processes have the folder.
  func release() { lock.release() }

  /// Writes a whole file.
  public func write(_ name: String, _ text: String) throws(TrainError) { try write(name, Array(text.utf8)) }

  /// Writes a whole file.
  func write(_ name: String, _ bytes: [UInt8]) throws(TrainError) {
    do { try Files.replace(Path.join(path, name), with: [bytes]) } catch {
      throw TrainError(.unwritable, "cannot write `\(path)/\(name)`: \(error.reason)")
    }
  }

  /// Writes a tensor file.
  public func write(_ name: String, _ file: TensorFile) throws(TrainError) {
    do { try file.write(path: Path.join(path, name)) } catch {
      throw TrainError(.unwritable, "cannot write `\(path)/\(name)`: \(error.message)")
    }
  }

  /// Removes a file that may not be there.
  func remove(_ name: String) throws(TrainError) {
    do { try Files.remove(Path.join(path, name)) } catch {
      throw TrainError(.unwritable, "cannot remove `\(path)/\(name)`: \(error.reason)")
    }
  }

  // MARK: Refusals

  private static let anotherFolder = "give a folder you may write to with --output"

  private static func refusal(_ path: String, taken: String) -> TrainError {
    guard isRun(path) else {
      return TrainError(
        .outputExists, "the folder `\(path)` already holds a `\(taken)`, which the run would replace",
        help: "give another folder with --output")
    }
    let lock = FileLock.isHeld(Path.join(path, lock))
    if lock.isHeld { return failure(.held(by: lock.process), path) }
    return TrainError(
      .outputExists, "the folder `\(path)` already holds a run",
      help: "give another folder with --output, go on with --resume \(path), or remove this one")
  }

  private static func failure(_ failure: FileLock.Failure, _ path: String) -> TrainError {
    switch failure {
    case .held(let process):
      let name = process.map { "process \($0)" } ?? "another process"
      return TrainError(
        .inUse, "\(name) is training in the folder `\(path)`", help: "wait until it ends, stop it, or give another folder with --output")
    case .system(let error):
      return TrainError(.unwritable, "cannot write in the folder `\(path)`: \(error.reason)", help: anotherFolder)
    }
  }
}
