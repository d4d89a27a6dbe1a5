import DrnDriver
import DrnMethods
import DrnProgram
import Testing

@Suite("drnc methods") struct MethodsCommandTests {
  private func output(_ name: String? = nil) -> String {
    let transcript = Transcript()
    let status = Driver(console: Console(environment: [:]) { transcript.append($0, to: $1) }).printMethods(name)
    #expect(status == .success && transcript.error.isEmpty)
    return transcript.output
  }

  /// The first words of the lines under each heading.
  private var listed: [(heading: String, words: [String])] {
    var sections: [(heading: String, words: [String])] = []
    for line in output().split(separator: "\n") {
      if !line.hasPrefix(" ") {
        sections.append((String(line), []))
      } else if let word = line.split(separator: " ").first {
        sections[sections.count - 1].words.append(String(word))
      }
    }
    return sections
  }

  @Test("every entry of every list is there, and nothing else") func everything() {
    let families = MethodFamily.allCases.map { ($0.title, $0.specs.map(\.name)) }
    let expected =
      families + [
        ("Settings of train", TrainingSettings.Table.names), ("Settings of data", DataSettings.Table.names),
        ("Settings of weights", TrainingSettings.Table.ofWeights.map(\.name)),
      ]
    #expect(listed.map(\.heading) == expected.map(\.0))
    for (found, expected) in zip(listed, expected) { #expect(found.words == expected.1, "\(found.heading)") }
  }

  @Test("a word is shown with its options") func options() {
    for spec in MethodFamily.allCases.flatMap(\.specs) {
      let text = output(spec.name)
      #expect(text.contains(spec.summary))
      for option in spec.options { #expect(text.contains("\n  \(option.name): "), "\(spec.name)(\(option.name))") }
    }
  }

  @Test("a setting is shown with what it takes and an entry of it") func settings() {
    for setting in TrainingSettings.Table.all + TrainingSettings.Table.ofWeights + DataSettings.Table.all {
      let text = output(setting.name)
      #expect(text.contains("a setting of `") && text.contains("\n  \(setting.example)\n"), "\(setting.name)")
    }
  }
}
