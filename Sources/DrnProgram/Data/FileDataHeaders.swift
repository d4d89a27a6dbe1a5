import DrnData
import DrnDiagnostics
import DrnSystem

/// Reads the headers of the data files on this machine.
public struct FileDataHeaders: DataHeaders {
  public init() {}

  /// Opens the files; what is wrong with one is a finding, with the nearest name where one is absent.
  public func look(_ request: DataRequest) -> DataFinding {
    do throws(DataError) {
      let readers = try request.readers()
      let header = try readers.header(collectsClasses: request.collectsClasses)
      var facts = DataFacts(
        examples: header.examples, shape: header.shape, classes: header.classes, hasExactClasses: header.hasExactClasses,
        targets: header.targets)
      facts.vocabulary = header.vocabulary
      if request.countsClasses {
        let counts = try readers.readLabels().reduce(into: [Int32: Int]()) { $0[$1, default: 0] += 1 }
        facts.classesPresent = counts.count
        let last = request.collectsClasses ? nil : counts.keys.max()
        let labels = last.map { Array(0...max(0, $0)) } ?? counts.keys.sorted()
        facts.classCounts = labels.map { counts[$0] ?? 0 }
      }
      return .found(facts)
    } catch {
      guard error.kind == .missingFile else {
        return .unusable(error.sentence, help: error.help, problem: DataProblem(error.kind), correction: correction(error))
      }
      return .absent(error.sentence, correction: nearest(request))
    }
  }
}

/// The nearest of the names a file has, to the one that was asked for.
private func correction(_ error: DataError) -> DataCorrection? {
  guard let missing = error.missing, let meant = Suggestion.nearest(to: missing.name, in: missing.known) else { return nil }
  return DataCorrection(written: missing.name, meant: meant)
}

/// A path that is there, for the first of a source that is not.
private func nearest(_ request: DataRequest) -> DataCorrection? {
  let places = request.source.places
  return places.paths.lazy.compactMap { nearestPath($0, in: request.folder, isFolder: places.areFolders) }.first
}

/// A path that is there and differs from one that is not in the first part of its name that does not exist.
private func nearestPath(_ written: String, in folder: String, isFolder: Bool) -> DataCorrection? {
  let parts = written.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
  func path(_ count: Int) -> String { resolvedPath(parts.prefix(count).joined(separator: "/"), in: folder) }
  guard !Files.exists(path(parts.count)),
    let first = parts.indices.first(where: { !parts[$0].isEmpty && !Files.exists(path($0 + 1)) })
  else { return nil }
  let parent = first == 0 ? folder : path(first)
  let needsFolder = isFolder || first < parts.count - 1
  let names = ((try? Files.names(in: parent.isEmpty ? "/" : parent)) ?? []).filter { name in
    Files.kind(Path.join(parent, name)).map { ($0 == .folder) == needsFolder } ?? false
  }
  guard let nearest = Suggestion.nearest(to: parts[first], in: names) else { return nil }
  let meant = (parts[..<first] + [nearest] + parts[(first + 1)...]).joined(separator: "/")
  return Files.exists(resolvedPath(meant, in: folder)) ? DataCorrection(written: written, meant: meant) : nil
}

/// The path a name of a source file stands for: itself when it is absolute, else within the folder.
public func resolvedPath(_ name: String, in folder: String) -> String { Path.join(folder, name) }
