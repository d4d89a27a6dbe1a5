import DrnSystem

/// Of several processes that train together the first one has the run folder. Each of the others trains the same in a folder of its own, which
/// nobody reads and which goes with it: what is written there depends on nothing, and so all of them decide alike.
extension RunFolder {
  /// Copies what a run needs to be gone on with into a folder that is made.
  public static func copy(_ path: String, to target: String) throws(TrainError) {
    guard isRun(path) else { throw TrainError(.checkpointMissing, "the folder `\(path)` holds no run") }
    do throws(SystemError) {
      for folder in ["", CheckpointFolder.name] {
        let (from, to) = folder.isEmpty ? (path, target) : (Path.join(path, folder), Path.join(target, folder))
        guard Files.kind(from) == .folder else { continue }
        try Files.createFolders(to)
        for name in try Files.names(in: from) where Files.kind(Path.join(from, name)) == .regular && name != lock {
          guard let bytes = try Files.read(Path.join(from, name), atMost: MachineMemory.limit) else { continue }
          try Files.replace(Path.join(to, name), with: [bytes])
        }
      }
    } catch { throw TrainError(.unwritable, "cannot copy the run `\(path)` to `\(target)`: \(error.reason)") }
  }

  /// Removes a folder that holds nothing but a run.
  public static func discard(_ path: String) {
    for folder in [Path.join(path, CheckpointFolder.name), path] {
      for name in (try? Files.names(in: folder)) ?? [] { try? Files.remove(Path.join(folder, name)) }
      try? Files.removeFolder(folder)
    }
  }
}
