import DrnSystem
import DrnTensorFile

/// The folder `checkpoints` of a run: files `epoch-000012.safetensors`, numbered by the epochs done, of which the last two are kept.
struct CheckpointFolder: Sendable {
  static let name = "checkpoints"
  private static let kept = 2
  private static let prefix = "epoch-"
  private static let suffix = ".safetensors"
  let path: String

  init(run: String) { path = run + "/" + Self.name }

  /// The numbers of the checkpoints there are, latest first.
  var epochs: [Int] {
    names.compactMap { name in
      guard name.hasPrefix(Self.prefix), name.hasSuffix(Self.suffix) else { return nil }
      return Int(name.dropFirst(Self.prefix.count).dropLast(Self.suffix.count))
    }.sorted(by: >)
  }

  private var names: [String] { (try? Files.names(in: path)) ?? [] }

  func file(_ epoch: Int) -> String {
    let digits = String(max(0, epoch))
    return path + "/" + Self.prefix + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + Self.suffix
  }

  /// Writes the file of an epoch, then removes all but the latest two. `logs` are flushed to the device first: a checkpoint counts on them.
  func write(_ file: TensorFile, epoch: Int, logs: [String]) throws(TrainError) {
    do { try Files.createFolders(path) } catch {
      throw TrainError(
        .unwritable, "cannot create the folder `\(path)`: \(error.reason)", help: "free some space, or use --checkpoint-every 0")
    }
    for log in logs { Files.flush(log) }
    do { try file.write(path: self.file(epoch)) } catch {
      throw TrainError(
        .unwritable, "cannot write `\(self.file(epoch))`: \(error.message)", help: "free some space, or use --checkpoint-every 0")
    }
    for old in epochs.filter({ $0 < epoch }).dropFirst(Self.kept - 1) { try? Files.remove(self.file(old)) }
  }

  /// Removes what a killed process left half-written.
  func clean() {
    for name in names where Files.isTemporary(name) { try? Files.remove(path + "/" + name) }
  }
}
