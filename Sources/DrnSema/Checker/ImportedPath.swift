/// The path an import names, relative to the folder of the importing file, without `.` and inner `..`.
public func importedPath(_ path: String, beside importer: String) -> String {
  let folder = importer.split(separator: "/", omittingEmptySubsequences: false).dropLast().map(String.init)
  let isAbsolute = path.hasPrefix("/")
  var parts: [String] = isAbsolute ? [] : folder
  for part in path.split(separator: "/") where part != "." {
    if part == "..", let last = parts.last, last != "..", !last.isEmpty { parts.removeLast() } else { parts.append(String(part)) }
  }
  return (isAbsolute ? "/" : "") + parts.joined(separator: "/")
}
