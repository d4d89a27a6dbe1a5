import DrnTensorFile
import Foundation

/// The folder of one run: `source.drn`, `config.txt`, `log.jsonl`, `log.csv`, `timing.csv`, `weights.safetensors`, `deployed.safetensors` where
/// that differs, `model.json`, `summary.json`, and `checkpoints`.
///
/// Every file but the growing logs is written beside its final name and renamed, so none is ever half-written.
public struct RunFolder: Sendable {
  /// The weights in the form they were trained in, and in the form they are deployed in.
  public static let weights = "weights.safetensors"
  public static let deployed = "deployed.safetensors"
  public let path: String

  /// Creates the folder. A folder that already holds a run, or its weights or summary alone, is refused: no result is overwritten.
  public init(creating path: String) throws(TrainError) {
    self.path = path
    let manager = FileManager.default
    if ["log.jsonl", Self.weights, Self.deployed, "summary.json", CheckpointFolder.name].contains(where: {
      manager.fileExists(atPath: path + "/" + $0)
    }) {
      throw TrainError(
        .outputExists, "the folder `\(path)` already holds a run",
        help: "give another folder with --output, go on with --resume \(path), or remove this one")
    }
    do { try manager.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
      throw TrainError(
        .unwritable, "cannot create the folder `\(path)`: \(Self.reason(error))", help: "give a folder you may write to with --output")
    }
    guard manager.isWritableFile(atPath: path) else {
      throw TrainError(.unwritable, "the folder `\(path)` is not writable", help: "give a folder you may write to with --output")
    }
  }

  /// The folder of a run to go on with.
  public init(resuming path: String) throws(TrainError) {
    self.path = path
    guard FileManager.default.isWritableFile(atPath: path) else {
      throw TrainError(.unwritable, "the folder `\(path)` is not writable", help: "--resume goes on in the folder of the run")
    }
  }

  /// Writes a whole file.
  public func write(_ name: String, _ text: String) throws(TrainError) {
    do { try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name), options: .atomic) } catch {
      throw TrainError(.unwritable, "cannot write `\(path)/\(name)`: \(Self.reason(error))")
    }
  }

  /// Writes a tensor file.
  public func write(_ name: String, _ file: TensorFile) throws(TrainError) {
    do { try file.write(path: path + "/" + name) } catch {
      throw TrainError(.unwritable, "cannot write `\(path)/\(name)`: \(error.message)")
    }
  }

  /// Removes a file that may not be there.
  func remove(_ name: String) throws(TrainError) {
    guard unlink(path + "/" + name) != 0, errno != ENOENT else { return }
    throw TrainError(.unwritable, "cannot remove `\(path)/\(name)`: \(String(cString: strerror(errno)))")
  }

  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    if let underlying, underlying.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(underlying.code))) }
    return error.localizedDescription
  }
}
