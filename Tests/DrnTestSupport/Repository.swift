import Foundation

/// The files of this checkout, found from the location of this source file.
public enum Repository {
  /// The folder that holds `Package.swift`.
  public static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The place of a path relative to the root.
  public static func url(_ path: String) -> URL { root.appendingPathComponent(path) }

  /// The text of a file.
  public static func text(_ path: String) throws -> String { try String(contentsOf: url(path), encoding: .utf8) }

  /// The names in a folder, sorted; none where there is no such folder.
  public static func names(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: url(folder).path)) ?? []).sorted()
  }

  /// Paths, relative to the root, of files below `folder` with that extension, sorted.
  public static func files(_ folder: String, extension suffix: String) -> [String] {
    guard let walker = FileManager.default.enumerator(atPath: url(folder).path) else { return [] }
    return walker.compactMap { $0 as? String }.filter { $0.hasSuffix("." + suffix) }.map { folder + "/" + $0 }.sorted()
  }

  /// The module a source path belongs to: its second component.
  public static func module(of path: String) -> String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
}
