import Foundation

/// Between `file:` URIs and paths.
public enum DocumentURI {
  /// The path of a `file:` URI; any other URI stands for itself, without what could be taken for a folder.
  static func path(_ uri: String) -> String {
    guard let url = URL(string: uri), url.isFileURL else { return uri.replacing("/", with: "_") }
    return url.path(percentEncoded: false)
  }

  /// The `file:` URI of a path, with everything but unreserved characters escaped.
  public static func uri(_ path: String) -> String {
    var text = "file://"
    for byte in path.utf8 {
      let isPlain = byte < 0x80 && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber)
      if isPlain || "/-._~".utf8.contains(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%" + String(byte >> 4, radix: 16, uppercase: true) + String(byte & 15, radix: 16, uppercase: true)
      }
    }
    return text
  }
}
