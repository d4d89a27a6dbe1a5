import DrnData
import DrnDiagnostics
import DrnProgram
import DrnSema
import DrnSource
import DrnSyntax
import DrnSystem

extension Driver {
  /// `drnc new`.
  public func newModel(_ request: NewRequest) -> ExitStatus {
    guard let data = request.data else { return newModel(request.path ?? "") }
    let path = Self.withExtension(request.path ?? Self.defaultName(data))
    guard !Path.name(of: path).isEmpty, path.utf8.last != UInt8(ascii: "/") else {
      return refuseToWrite(path, "it names no file", help: "for example mine.drn")
    }
    guard !Files.isTaken(path) else { return refuseExisting(path) }
    do throws(DataError) {
      let trimmed = data.count > 1 && data.hasSuffix("/") ? String(data.dropLast()) : data
      let sketcher = DataSketcher(path: trimmed, written: Self.written(trimmed, from: path), label: request.label)
      let sketch = try sketcher.sketch()
      let (text, found, sources) = Self.checked(sketch.text(fixedRank: request.rank), path)
      guard !found.contains(where: { $0.severity == .error }) else { return refuse(found, sources) }
      do throws(SystemError) { try Files.create(path, Array(text.utf8)) } catch {
        return error.isExisting ? refuseExisting(path) : refuseToWrite(path, error.reason)
      }
      console.report(found, sources: sources)
      console.output(sketch.findings.map { $0 + "\n" }.joined())
      console.output("wrote \(path)\n  drnc check \(path) --cost --schedule\n  drnc train \(path)\n")
      return .success
    } catch { return refuse(error) }
  }

  /// The text in the canonical layout, and what the checker says of it.
  private static func checked(_ text: String, _ path: String) -> (String, [Diagnostic], SourceMap) {
    var drafts = SourceMap()
    let draft = drafts.add(name: path, bytes: Array(text.utf8))
    let tree = parse(file: draft, bytes: Array(text.utf8))
    let formatted = drafts[draft].flatMap { DrnSyntax.format(tree, source: $0) } ?? Array(text.utf8)
    var sources = SourceMap()
    let file = sources.add(name: path, bytes: formatted)
    let result = DrnSema.check(
      file: file, sources: &sources, options: CheckOptions(), headers: FileDataHeaders(), read: readImport)
    return (String(decoding: formatted, as: UTF8.self), result.diagnostics, sources)
  }

  private func refuse(_ found: [Diagnostic], _ sources: SourceMap) -> ExitStatus {
    console.report(
      [
        Diagnostic(
          .dataNotUnderstood, "what follows from these data is no program that can be trained", at: nil,
          notes: found.filter { $0.severity == .error }.prefix(3).map(\.message),
          help: "write it by hand: `drnc new FILE` without `--data` gives a program to change")
      ], sources: sources)
    return .badData
  }

  private func refuse(_ error: DataError) -> ExitStatus {
    let byHand = "`drnc new FILE` without `--data` gives a program whose `source:` can be written by hand"
    console.report(
      [
        Diagnostic(
          .dataNotUnderstood, error.sentence, at: nil, notes: error.help == nil ? [] : [byHand], help: error.help ?? byHand)
      ], sources: SourceMap())
    return error.kind == .missingFile ? .noInput : .badData
  }

  func refuseExisting(_ path: String) -> ExitStatus {
    console.report([Diagnostic(.unwritableFile, "`\(path)` exists already", at: nil, help: "give another name")], sources: SourceMap())
    return .cannotWrite
  }

  static func withExtension(_ path: String) -> String { Path.fileExtension(of: path) == "drn" ? path : path + ".drn" }

  /// The name of the data without its endings, in the current folder.
  private static func defaultName(_ data: String) -> String {
    var name = Path.name(of: data == "." ? "data" : data)
    while case let ending = Path.fileExtension(of: name), !ending.isEmpty { name = String(name.dropLast(ending.count + 1)) }
    return name.isEmpty ? "data" : name
  }

  /// How a program at `program` names the data: paths in a program are relative to its folder.
  static func written(_ data: String, from program: String) -> String {
    let folder = Path.folder(of: program)
    guard !Path.isAbsolute(data), !folder.isEmpty, let own = try? Files.resolved(folder), let target = try? Files.resolved(data) else {
      return data
    }
    let (from, to) = (own.split(separator: "/"), target.split(separator: "/"))
    let shared = zip(from, to).prefix { $0 == $1 }.count
    return (from.dropFirst(shared).map { _ in ".." } + to.dropFirst(shared)).joined(separator: "/")
  }
}
