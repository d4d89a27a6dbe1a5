import DrnData
import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource

extension DataSourceReader {
  /// `csv(...)`, or `nil` when it was reported.
  func readTables(_ options: Options, at span: Span) -> DataSettings.Source? {
    guard options["columns"] == nil || options["leave_out"] == nil else {
      report(
        .duplicateOption, "`csv` is given `columns` and `leave_out`", at: span, label: "two answers to one question",
        help: "name the columns to take, or those to leave out")
      return nil
    }
    var read = CSVOptions(targets: options.columns("label") ?? [.last])
    if let text = options.text("separator") {
      guard let separator = separatorByte(text) else {
        report(
          .optionRange, "`separator` of `csv` takes one character other than a quote, a sign, a point or a digit, not \(quoted(text))",
          at: span,
          label: "out of range", help: "write `separator: \";\"`, or `separator: \"tab\"`")
        return nil
      }
      read.separator = separator
    }
    if let hasNames = options.boolean("header") { read.headerRow = hasNames ? .present : .absent }
    read.columns = options.columns("columns")
    read.leftOut = options.columns("leave_out") ?? []
    read.categories = options.call("categories").flatMap { Options($0, spec: SourceKind.oneHot).columns("columns") } ?? []
    read.missing = options.word("missing").flatMap(CSVOptions.MissingPolicy.init) ?? .error
    return .csv(
      DataSettings.TableFiles(
        train: options.text("train") ?? "", validation: options.text("validation"), test: options.text("test"), options: read))
  }

  private func separatorByte(_ text: String) -> UInt8? {
    if text == "tab" || text == "\t" { return UInt8(ascii: "\t") }
    guard text.utf8.count == 1, let byte = text.utf8.first, byte >= 0x20, byte < 0x7F else { return nil }
    let taken = Array("\".+-0123456789".utf8)
    return taken.contains(byte) ? nil : byte
  }
}

extension Options {
  /// Columns of a table, by name or number; `nil` where the option is absent.
  fileprivate func columns(_ name: String) -> [CSVOptions.Column]? {
    guard let value = self[name] else { return nil }
    let items: [OptionValue]
    if case .list(let listed) = value { items = listed.map(\.value) } else { items = [value] }
    return items.compactMap { item in
      switch item {
      case .text(let name): .name(name)
      case .integer(let number): .index(number)
      case .rational, .decimal, .percent, .boolean, .word, .moment, .duration, .proportion, .list, .call, .pattern: nil
      }
    }
  }
}
