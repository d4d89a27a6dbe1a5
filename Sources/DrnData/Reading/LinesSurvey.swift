import DrnSystem

/// What the text files of a folder hold, one for each class with an example on each line.
public struct LinesSurvey: Sendable {
  /// Characters of the longest line.
  public let longest: Int
  /// The file of that line, and its number from 1.
  public let place: (path: String, line: Int)

  /// Reads every file `*.txt` of the folder.
  public init(path: String) throws(DataError) {
    let names: [String]
    do { names = try Files.names(in: path).filter { $0.hasSuffix(".txt") } } catch { throw DataFile.failure(path, code: error.code) }
    var longest = 0
    var place = (path: path, line: 0)
    for name in names {
      let file = Path.join(path, name)
      let text = try CharacterVocabulary.characters(of: try DataFile.readAll(file), path: file)
      for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        let count = line.last == "\r" ? line.count - 1 : line.count
        if count > longest { (longest, place) = (count, (file, number + 1)) }
      }
    }
    (self.longest, self.place) = (longest, place)
  }
}
