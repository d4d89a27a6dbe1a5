import ArgumentParser

@main
struct Drnc: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "drnc", abstract: "A compiler for training networks whose rank changes.")
}
