import Foundation

/// The files of this checkout, found from the location of this source file.
enum Repository {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func text(_ path: String) throws -> String { try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8) }

  /// Paths, relative to the root, of files below `folder` with that extension, sorted.
  static func files(_ folder: String, extension suffix: String) -> [String] {
    let base = root.appendingPathComponent(folder)
    guard let walker = FileManager.default.enumerator(atPath: base.path) else { return [] }
    return walker.compactMap { $0 as? String }.filter { $0.hasSuffix("." + suffix) }.map { folder + "/" + $0 }.sorted()
  }

  /// The module a source path belongs to: its second component.
  static func module(of path: String) -> String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
}
