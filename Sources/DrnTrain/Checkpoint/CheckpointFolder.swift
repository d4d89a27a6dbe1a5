import DrnSystem
import DrnTensorFile

/// The folder `checkpoints` of a run: files named by how far the run was, of which the last two are kept.
struct CheckpointFolder: Sendable {
  static let name = "checkpoints"
  private static let kept = 2
  let path: String

  init(run: String) { path = Path.join(run, Self.name) }

  /// The places of the checkpoints there are, latest first.
  var places: [CheckpointPlace] { names.compactMap { CheckpointPlace(fileName: $0) }.sorted(by: >) }

  private var names: [String] { (try? Files.names(in: path)) ?? [] }

  func file(_ place: CheckpointPlace) -> String { Path.join(path, place.fileName) }

  /// Writes the file of a place, then removes all but the latest two. `logs` are flushed to the device first: a checkpoint counts on them.
  func write(_ file: TensorFile, at place: CheckpointPlace, logs: [String]) throws(TrainError) {
    do { try Files.createFolders(path) } catch {
      throw TrainError(
        .unwritable, "cannot create the folder `\(path)`: \(error.reason)", help: "free some space, or use --checkpoint-every 0")
    }
    for log in logs { Files.flush(log) }
    do { try file.write(path: self.file(place)) } catch {
      throw TrainError(
        .unwritable, "cannot write `\(self.file(place))`: \(error.message)", help: "free some space, or use --checkpoint-every 0")
    }
    for old in places.filter({ $0 < place }).dropFirst(Self.kept - 1) { try? Files.remove(self.file(old)) }
  }

  /// Removes what a killed process left half-written.
  func clean() {
    for name in names where Files.isTemporary(name) { try? Files.remove(path + "/" + name) }
  }
}
