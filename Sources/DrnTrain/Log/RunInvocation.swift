import DrnJSON
import DrnSystem

/// How a run was asked for, kept in its folder: with the source beside it, what `--resume` needs to find its program again.
public struct RunInvocation: Sendable, Equatable {
  /// The source file, absolute or `-` for standard input; paths in the program are relative to its folder.
  public var file: String
  /// Which of its trainings, where it has several.
  public var training: String?
  /// `name=value` of every `--set`, in order.
  public var overrides: [String]
  /// The quotient given to `--shorten`.
  public var shorten: String?
  /// The number given to `--seed`, which takes the place of the program's.
  public var seed: UInt64?
  /// The names given to `--allow`, `--warn` and `--deny`.
  public var levels: [String: [String]]
  /// The texts of the files that the source imports, in the order in which they are read.
  public var imports: [String] = []

  public init(
    file: String, training: String? = nil, overrides: [String] = [], shorten: String? = nil, seed: UInt64? = nil,
    levels: [String: [String]] = [:]
  ) {
    self.file = file
    self.training = training
    self.overrides = overrides
    self.shorten = shorten
    self.seed = seed
    self.levels = levels
  }

  /// What a run folder keeps, with the source as it was; `nil` where the run ended before it was written.
  public static func read(from folder: String) -> (invocation: RunInvocation, source: [UInt8])? {
    guard let text = try? Files.read(Path.join(folder, RunFolder.invocation), atMost: 1 << 24), let json = try? JSON(reading: text),
      let invocation = RunInvocation(json), let source = try? Files.read(Path.join(folder, RunFolder.source), atMost: 1 << 24)
    else { return nil }
    return (invocation, source)
  }

  /// As the file that a run folder keeps.
  var bytes: [UInt8] {
    func list(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
    let json = JSON.make([
      "file": .string(file), "training": training.map { .string($0) }, "set": list(overrides), "shorten": shorten.map { .string($0) },
      "seed": seed.map { .string(String($0)) },
      "imports": imports.isEmpty ? nil : list(imports),
      "allow": list(levels["allow"] ?? []), "warn": list(levels["warn"] ?? []), "deny": list(levels["deny"] ?? []),
    ])
    return json.bytes + [UInt8(ascii: "\n")]
  }

  private init?(_ json: JSON) {
    func list(_ name: String) -> [String]? { json[name]?.items.map { $0.compactMap(\.text) } }
    guard let file = json["file"]?.text, let overrides = list("set") else { return nil }
    var levels: [String: [String]] = [:]
    for name in ["allow", "warn", "deny"] { levels[name] = list(name) ?? [] }
    self.init(
      file: file, training: json["training"]?.text, overrides: overrides, shorten: json["shorten"]?.text,
      seed: json["seed"]?.text.flatMap { UInt64($0) }, levels: levels)
    imports = list("imports") ?? []
  }
}
