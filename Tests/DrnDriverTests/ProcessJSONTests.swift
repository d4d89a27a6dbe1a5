import DrnJSON
import DrnTestSupport
import Foundation
import Testing

@Suite("--json says what the text says") struct ProcessJSONTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func text(_ arguments: [String]) throws -> String {
    let outcome = try Tool.run(arguments, folder: folder.path)
    #expect(outcome.status == 0, "\(arguments): \(outcome.error)")
    return outcome.output
  }
  private func json(_ arguments: [String]) throws -> JSON { try JSON(reading: Array(try text(arguments + ["--json"]).utf8)) }

  /// The cells of the rows of a table with two or more spaces between its columns.
  private func rows(_ text: String) -> [[String]] {
    text.split(separator: "\n").map { line in line.split(separator: #/ {2,}/#).map { $0.trimmingCharacters(in: .whitespaces) } }
  }

  private func fields(_ json: JSON?) -> [String] { if case .object(let members) = json { members.map(\.name) } else { [] } }

  @Test("check --cost: every number of the table, of every phase and of the dense network")
  func cost() throws {
    let arguments = ["check", Models.path("tiny"), "--cost", "--threads", "1"]
    let table = rows(try text(arguments))
    let cost = try #require(try json(arguments)["trainings"]?.items?.first?["cost"])
    let names = [
      "parameters", "trainable_parameters", "deployed_parameters", "active_parameters", "forward_operations", "training_operations",
    ]
    let phases = try #require(cost["phases"]?.items)
    #expect(phases.count == 3)
    for (title, object) in [("dense network", cost["dense"])] + phases.enumerated().map({ ("phase \($0): ", $1 as JSON?) }) {
      let row = try #require(table.first { $0.first?.hasPrefix(title) == true }, "\(title)")
      #expect(row[1...6].map { Int($0) } == names.map { object?[$0]?.whole }, "\(title)")
      let bytes = try #require(object?["memory"]?.whole)
      #expect(row[7] == String(format: bytes < 1 << 20 ? "%.1f KiB" : "%.1f MiB", Double(bytes) / (bytes < 1 << 20 ? 1024 : 1_048_576)))
    }
    #expect(phases.compactMap { $0["steps"]?.whole }.reduce(0, +) == 8 * 28)
    let dense = try #require(cost["dense"]?["trainable_parameters"]?.whole)
    let average = phases.reduce(0.0) { sum, phase in
      guard case .number(let share)? = phase["share"] else { return .nan }
      return sum + share * Double(phase["trainable_parameters"]?.whole ?? 0) / Double(dense)
    }
    guard case .number(let stated)? = cost["average_of_dense"]?["trainable_parameters"] else {
      throw TestFailure(description: "no average")
    }
    #expect(abs(stated - average) < 1e-12)
  }

  @Test("check --schedule: times, rates, forms and ranks of every phase")
  func schedule() throws {
    let arguments = ["check", Models.path("tiny"), "--schedule"]
    let table = rows(try text(arguments))
    let schedule = try #require(try json(arguments)["trainings"]?.items?.first?["schedule"])
    let phases = try #require(schedule["phases"]?.items)
    #expect(phases.count == 3)
    for (index, phase) in phases.enumerated() {
      let row = try #require(table.first { $0.first == "\(index)" })
      for (cell, name) in [(1, "from"), (2, "to")] {
        let (epoch, step) = (try #require(phase[name]?["epoch"]?.whole), try #require(phase[name]?["step"]?.whole))
        #expect(row[cell] == "epoch \(epoch) (step \(step))")
      }
      for form in phase["forms"]?.items ?? [] {
        #expect(row[4].contains(try #require(form["form"]?.text)))
        if let rank = form["rank"]?.whole { #expect(form["form"]?.text?.hasSuffix(" \(rank)") == true) }
      }
      #expect(row[5] == "all \(phase["trained"]?.items?.count ?? 0) tensors")
    }
    for (rate, wanted) in [(phases[0]["first_rate"], 0.05), (phases[2]["last_rate"], 0.005)] {
      guard case .number(let value)? = rate else { throw TestFailure(description: "no rate") }
      #expect(abs(value - wanted) < 1e-15)
    }
    #expect(schedule["events"]?.items?.count == 1 && schedule["steps_per_epoch"]?.whole == 28)
  }

  @Test("check --selectors: what each selector matches, and every layer with its shape")
  func selectors() throws {
    let arguments = ["check", Models.path("tiny"), "--selectors"]
    let text = try text(arguments)
    let object = try json(arguments)
    let selectors = try #require(object["selectors"]?.items)
    #expect(!selectors.isEmpty)
    for match in selectors {
      let layers = (match["layers"]?.items ?? []).compactMap(\.text)
      #expect(text.contains("\(match["selector"]?.text ?? "?"): \(layers.count) layer"))
      #expect(text.contains(layers.joined(separator: ", ")))
    }
    let layers = try #require(object["trainings"]?.items?.first?["layers"]?.items)
    #expect(layers.count == text.split(separator: "\n").count { $0.hasPrefix("  ") })
    for layer in layers {
      let shape = (layer["shape"]?.items ?? []).compactMap(\.whole)
      #expect(text.contains("  \(layer["path"]?.text ?? "?")  \(layer["layer"]?.text ?? "?") -> \(shape)"))
    }
  }

  @Test("check without a table, and of a program with errors: one object, and none")
  func checkAlone() throws {
    #expect(fields(try json(["check", Models.path("tiny")])) == ["file", "trainings"])
    try folder.write("wrong.drn", "train nothing on nowhere {}\n")
    let outcome = try Tool.run(["check", "wrong.drn", "--json"], folder: folder.path)
    #expect(outcome.status == 1 && outcome.output.isEmpty && outcome.error.contains("DRN0"))
  }

  @Test("methods: every word with its sentence and options; transitions: every cell")
  func methods() throws {
    let text = try text(["methods"])
    let all = try json(["methods"])
    let (methods, settings) = (all["methods"]?.items ?? [], all["settings"]?.items ?? [])
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("  ") }
    #expect(lines.count == methods.count + settings.count && methods.count > 100)
    for (line, method) in zip(lines, methods) {
      #expect(line.dropFirst(2).hasPrefix(method["name"]?.text ?? "?") && line.hasSuffix(method["summary"]?.text ?? "?"))
    }
    let adapter = try #require(try json(["methods", "adapter"])["methods"]?.items?.first)
    let page = try self.text(["methods", "adapter"])
    for option in adapter["options"]?.items ?? [] {
      #expect(page.contains("  \(option["name"]?.text ?? "?"): ") && page.contains(option["summary"]?.text ?? "?"))
    }
    let table = try self.text(["methods", "--transitions"]).split(separator: "\n").map {
      $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let cells = try #require(try json(["methods", "--transitions"])["transitions"]?.items)
    let titles = Array(table[0].dropFirst())
    #expect(cells.count == titles.count * titles.count)
    for (index, cell) in cells.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: titles.count)
      #expect(cell["from"]?.text == titles[row] && cell["to"]?.text == titles[column])
      let words = [cell["weights"], cell["gradient"], cell["squared_gradient"]].compactMap { $0?.text }
      #expect(table[row + 2][column + 1] == "\(words[0]); \(words[1]), \(words[2])")
    }
  }

  @Test("explain: the list and a page")
  func explain() throws {
    let lines = try text(["explain", "--list"]).split(separator: "\n")
    let codes = try #require(try json(["explain", "--list"])["codes"]?.items)
    #expect(lines.count == codes.count)
    for (line, code) in zip(lines, codes) {
      for name in ["code", "name", "severity", "summary"] { #expect(line.contains(code[name]?.text ?? "?")) }
    }
    let (page, object) = (try text(["explain", "DRN0301"]), try json(["explain", "DRN0301"]))
    #expect(object["code"]?.text == "DRN0301" && page.contains(object["meaning"]?.text ?? "?"))
    #expect(object["failing_example"]?.text?.isEmpty == false)
  }

  @Test("train and eval: the summary's test is what the terminal says")
  func test() throws {
    let lines = try text(["train", Models.path("tiny"), "--threads", "1", "--stop-after", "1 epochs", "-o", "run", "--json"])
    let last = try JSON(reading: Array(try #require(lines.split(separator: "\n").last).utf8))
    guard case .number(let accuracy)? = last["test_accuracy"], case .number(let loss)? = last["test_loss"] else {
      throw TestFailure(description: "no test in \(last)")
    }
    let outcome = try Tool.run(
      ["train", Models.path("tiny"), "--threads", "1", "--stop-after", "1 epochs", "-o", "second"], folder: folder.path)
    #expect(outcome.error.contains(String(format: "test: loss %.4f, accuracy %.2f %%", loss, accuracy * 100)), "\(outcome.error)")
    guard case .number(let evaluated)? = try json(["eval", "run", "--threads", "1"])["accuracy"] else {
      throw TestFailure(description: "no accuracy")
    }
    // The summary has seven digits.
    #expect(abs(evaluated - accuracy) < 1e-6)
  }

  @Test("every field that is printed stands on the page of the command line")
  func fieldsAreDocumented() throws {
    let page = try Repository.text("docs/command-line.md") + Repository.text("docs/use.md")
    let words = Set(page.matches(of: #/`([a-z0-9_]+)`/#).map { String($0.1) })
    var found: Set<String> = []
    func collect(_ json: JSON) {
      switch json {
      case .object(let members):
        for member in members {
          // Names of facts, variables and settings are no fields.
          guard !["provenance", "environment", "set"].contains(member.name) else {
            found.insert(member.name)
            continue
          }
          // One figure for each k that is asked for.
          found.insert(member.name.replacing(#/^top\d+_accuracy$/#, with: "top5_accuracy"))
          collect(member.value)
        }
      case .array(let items): items.forEach(collect)
      case .null, .boolean, .integer, .number, .string: break
      }
    }
    _ = try text(["train", Models.path("tiny"), "--threads", "1", "--stop-after", "1 epochs", "-o", "runs/run", "--quiet"])
    let model = Models.path("tiny")
    for arguments in [
      ["check", model, "--cost", "--schedule", "--selectors", "--threads", "1"], ["methods"], ["methods", "--transitions"],
      ["explain", "DRN0301"], ["explain", "--list"], ["eval", "runs/run"], ["inspect", "runs/run"], ["runs"], ["doctor"],
      ["import", "runs/run/weights.safetensors"], ["import", "runs/run/weights.safetensors", model, "-o", "initial.safetensors"],
      ["sweep", model, "--set", "train.batch=64", "--seeds", "1", "--shorten", "1/2", "--quiet", "--output", "swept"],
      ["benchmark", model, "--steps", "2", "--warm-up", "1", "--threads", "1"],
    ] { collect(try json(arguments)) }
    let missing = found.subtracting(words)
    #expect(missing.isEmpty && found.count > 100, "\(missing.sorted()) of \(found.count)")
  }
}
