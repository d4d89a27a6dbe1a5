import Foundation

/// The programs of the folder `models`.
public enum Models {
  /// The path of one, for the driver and the tool.
  public static func path(_ name: String) -> String { Repository.url("models/\(name).drn").path }

  /// The text of one.
  public static func text(_ name: String) throws -> String { try Repository.text("models/\(name).drn") }

  /// The names of all, sorted.
  public static let names = Repository.names("models").filter { $0.hasSuffix(".drn") }.map { String($0.dropLast(4)) }

  /// The texts of all, by their names' order.
  public static func texts() throws -> [String] { try names.map(text) }

  /// What they import, by the path they write.
  public static let shared: [String: String] = Dictionary(
    uniqueKeysWithValues: Repository.names("models/shared").map { ("shared/\($0)", (try? Repository.text("models/shared/\($0)")) ?? "") })

  /// The text of one with a few generated examples, three of them a batch, and layers of a few outputs: every form, update and event of it in
  /// modules that the reference interpreter evaluates at once.
  public static func small(_ name: String) throws -> String {
    try text(name)
      .replacing(/source: .*/, with: "source: synthetic(60, test_examples: 20)")
      .replacing(/examples: [0-9]+/, with: "examples: 60")
      .replacing("1, 28, 28", with: "1, 8, 8").replacing("tensor[32]", with: "tensor[14]")
      .replacing(/batch: [0-9]+/, with: "batch: 3").replacing(/every [0-9]+ steps/, with: "every 5 steps")
      .replacing(/linear\([0-9]{2,}\) \|> relu/, with: "linear(12) |> relu")
      .replacing(/conv2d\([0-9]+/, with: "conv2d(6")
      .replacing(/rank: [0-9]+(?![0-9\/])/, with: "rank: 3")
      .replacing(/at_least: [0-9]+(?<end>[,)])/) { "at_least: 1\($0.output.end)" }
  }
}
