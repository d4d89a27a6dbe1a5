/// Names of files as text, taken apart at slashes; nothing here looks at the disk.
///
/// Works on bytes: to a file system a slash is a slash, also where Unicode joins it with the character after it.
public enum Path {
  private static let slash = UInt8(ascii: "/")

  /// Where a path lies: empty for a bare name, `/` for what lies in the root. Slashes at its end do not count.
  public static func folder(of path: String) -> String {
    let bytes = trimmed(path)
    guard let last = bytes.lastIndex(of: slash) else { return bytes.isEmpty && !path.isEmpty ? "/" : "" }
    let folder = bytes[..<last]
    return folder.contains { $0 != slash } ? text(folder.prefix(through: folder.lastIndex { $0 != slash } ?? folder.startIndex)) : "/"
  }

  /// The last part of a path; empty for the root and for nothing. Slashes at its end do not count.
  public static func name(of path: String) -> String {
    let bytes = trimmed(path)
    return text(bytes.lastIndex(of: slash).map { bytes[bytes.index(after: $0)...] } ?? bytes)
  }

  /// What follows the last dot of the name; empty where there is none, or nothing before it.
  public static func fileExtension(of path: String) -> String {
    let name = name(of: path).utf8
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return "" }
    return text(name[name.index(after: dot)...])
  }

  /// A name within a folder; the name itself for the folder "" or ".", and where it is absolute.
  public static func join(_ folder: String, _ name: String) -> String {
    if isAbsolute(name) || folder.isEmpty || folder == "." { return name }
    return folder.utf8.last == slash ? folder + name : folder + "/" + name
  }

  /// Whether it begins with a slash.
  public static func isAbsolute(_ path: String) -> Bool { path.utf8.first == slash }

  private static func trimmed(_ path: String) -> Substring.UTF8View {
    let bytes = path.utf8
    return bytes.lastIndex { $0 != slash }.map { bytes[...$0] } ?? bytes[bytes.startIndex..<bytes.startIndex]
  }

  private static func text(_ bytes: Substring.UTF8View) -> String { String(decoding: bytes, as: UTF8.self) }
}
