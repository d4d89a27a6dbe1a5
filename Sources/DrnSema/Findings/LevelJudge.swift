import DrnDiagnostics
import DrnSource
import DrnSyntax

/// Decides the severity of every finding: its code's own, or what the levels of the trainings concerned make of it.
struct LevelJudge {
  /// The trainings of the file, and the levels each of them states.
  private let trainings: [TrainItem]
  private let stated: [[LevelEntry]]
  /// Those of the command line hold over those a training states, and alone where there is no training.
  private let given: LintLevels
  private let levels: [LintLevels]
  private let edits: SourceEdits

  init(_ trainings: [TrainItem], stated: [[LevelEntry]], given: LintLevels, edits: SourceEdits) {
    self.trainings = trainings
    self.stated = stated
    self.given = given
    self.edits = edits
    levels = stated.map { $0.levels.overridden(by: given) }
  }

  /// The findings at their levels in the order of the text, those at one place as one at the strictest level.
  func diagnostics(_ findings: [Findings.Entry]) -> [Diagnostic] {
    var places: [Place: Int] = [:]
    var result: [Diagnostic] = []
    for finding in findings {
      guard let leveled = atLevel(finding) else { continue }
      guard let place = leveled.primary.map({ Place(code: leveled.code, span: $0.span) }) else {
        result.append(leveled)
        continue
      }
      if let known = places[place] {
        result[known].severity = max(result[known].severity, leveled.severity)
      } else {
        places[place] = result.count
        result.append(leveled)
      }
    }
    return sorted(result)
  }

  private struct Place: Hashable {
    let code: Code
    let span: Span
  }

  /// A diagnostic at the strictest level it has in the trainings concerned; `nil` where all of them allow it.
  private func atLevel(_ finding: Findings.Entry) -> Diagnostic? {
    let users = trainings.indices.filter { isConcerned($0, by: finding.owner) }
    let concerned = users.isEmpty ? [given] : users.map { levels[$0] }
    return concerned.compactMap { $0.applied(to: [finding.diagnostic]).first }.max { $0.severity < $1.severity }
  }

  private func isConcerned(_ place: Int, by owner: Owner) -> Bool {
    switch owner {
    case .file: true
    case .network(let name): trainings[place].network.text == name
    case .data(let name): trainings[place].data.text == name
    case .training(let own): own == place
    }
  }

  /// What is allowed in vain. A lint that needs the program to be priced is left out: whether it occurs is not known here.
  func unusedAllowances(_ findings: [Findings.Entry]) -> [Findings.Entry] {
    trainings.indices.flatMap { place in
      let fired = Set(findings.filter { isConcerned(place, by: $0.owner) }.map(\.diagnostic.code))
      let unused = stated[place].filter { $0.level == .allow && !$0.code.traits.contains(.needsPrices) && !fired.contains($0.code) }
      return unused.map { entry in
        let diagnostic = Diagnostic(
          .unusedAllow, "`\(entry.code.name)` is allowed but does not occur", at: entry.span, label: "allows nothing",
          help: "remove it, so that it does not hide a later one", fixIts: [removal(of: entry)])
        return Findings.Entry(diagnostic: diagnostic, owner: .training(place))
      }
    }
  }

  private func removal(of entry: LevelEntry) -> FixIt {
    let name = entry.code.name
    if entry.siblings.count == 1 {
      return FixIt("remove `\(entry.level.rawValue)`", edits: [edits.deletion(of: entry.setting)], confidence: .safe)
    }
    return FixIt("remove `\(name)`", edits: [edits.deletion(of: entry.span, among: entry.siblings)], confidence: .safe)
  }

  /// In the order of the text, file by file; what has no place comes first.
  private func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    diagnostics.enumerated().sorted { left, right in
      let (first, second) = (left.element.primary?.span, right.element.primary?.span)
      return (first.map { Int($0.file.index) } ?? -1, first?.start ?? 0, left.offset)
        < (second.map { Int($0.file.index) } ?? -1, second?.start ?? 0, right.offset)
    }.map(\.element)
  }
}
