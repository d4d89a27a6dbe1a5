import DrnDiagnostics
import DrnMethods
import DrnSource

/// What every piece of a check works with.
struct Tools {
  let reporter: Reporter
  let sources: SourceMap
  let options: CheckOptions
}

/// A piece of a check: it reads what it was made for and reports what is wrong with it.
protocol Checking {
  var tools: Tools { get }
}

extension Checking {
  var reporter: Reporter { tools.reporter }
  var sources: SourceMap { tools.sources }
  var vocabulary: Vocabulary { .standard }
  var evaluator: Evaluator { Evaluator(tools: tools) }
  var resolver: OptionResolver { OptionResolver(tools: tools) }
  var reader: SettingReader { SettingReader(tools: tools) }
  var edits: SourceEdits { SourceEdits(sources: tools.sources) }

  func report(
    _ code: Code, _ message: String, at span: Span?, label: String = "", secondary: [Label] = [], notes: [String] = [],
    help: String? = nil, fixIts: [FixIt] = []
  ) {
    reporter.report(Diagnostic(code, message, at: span, label: label, secondary: secondary, notes: notes, help: help, fixIts: fixIts))
  }

  /// Reports an unknown name, with the nearest known one as a fix when one is near.
  func reportUnknown(
    _ code: Code, _ message: String, _ name: String, at span: Span, among candidates: [String], help: String? = nil
  ) {
    guard !reporter.isFull else { return report(code, message, at: span) }
    var seen: Set<String> = []
    let candidates = candidates.filter { seen.insert($0).inserted }
    guard let nearest = ForeignName.nearest(to: name, in: candidates) else {
      let listed = candidates.isEmpty || candidates.count > 30 ? nil : "known here: " + candidates.map { "`\($0)`" }.joined(separator: ", ")
      return report(code, message, at: span, label: "not known here", notes: listed.map { [$0] } ?? [], help: help)
    }
    let fix = FixIt("write `\(nearest)`", edits: [.init(span, nearest)], confidence: .unsafe)
    report(
      code, message, at: span, label: "not known here",
      notes: [
        ForeignName.meaning(of: name, among: candidates) == nil ? "the nearest name is `\(nearest)`" : "here it is called `\(nearest)`"
      ], help: help, fixIts: [fix])
  }
}
