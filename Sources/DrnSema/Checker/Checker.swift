import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// The check of a file as a whole: what it imports and declares, what the command line changes about it, and what is kept for its next
/// version. Each declaration is checked by a value made for it.
struct Checker: Checking {
  /// The file given to `check`; declarations of other files were imported.
  let file: FileID
  var files: SourceMap
  let options: CheckOptions
  let headers: any DataHeaders
  var declarations = Declarations()
  /// Takes the findings of all parts.
  let collector: Reporter
  var syntaxFaults = SyntaxFaults()
  /// What the last version of the file gave, where that is kept.
  var memory: CheckMemory?
  /// What is kept for editors.
  var facts = CheckFacts()

  init(file: FileID, sources: SourceMap, options: CheckOptions, headers: any DataHeaders) {
    self.file = file
    files = sources
    self.options = options
    self.headers = headers
    collector = Reporter(.file, isOverridden: !options.overrides.isEmpty)
  }

  var tools: Tools { Tools(reporter: collector, sources: files, options: options) }

  /// What the check of one declaration works with: a reporter of its own.
  func tools(for owner: Owner) -> Tools {
    Tools(reporter: Reporter(owner, isOverridden: !options.overrides.isEmpty), sources: files, options: options)
  }
}
