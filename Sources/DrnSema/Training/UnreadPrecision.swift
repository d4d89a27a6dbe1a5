import DrnDiagnostics
import DrnProgram
import DrnSyntax

extension Checking {
  /// Reports a `precision` that no product of those weights takes.
  func reportUnreadPrecision(_ entry: SettingEntry, _ whose: String, _ tools: Tools) {
    report(
      .unreadEntry, "`precision` has no effect: no product of \(whose) takes another", at: entry.span, label: "nothing reads this",
      notes: ["convolutions multiply single precision, and an embedding multiplies nothing"],
      fixIts: [edits.removing("`precision`", entry.span, .safe)])
  }
}
