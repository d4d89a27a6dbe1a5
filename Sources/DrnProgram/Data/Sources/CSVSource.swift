import DrnData
import DrnDiagnostics
import DrnMethods

/// Tables of text.
public struct CSVSource: DataSource {
  /// How a column of words becomes numbers.
  private static let oneHot = MethodSpec(
    "one_hot", summary: "A column of words as a value of 0 or 1 for each word that occurs in the training table.",
    options: [OptionSpec("columns", .columns, required: true, "The column, or a list of columns.")], positional: 1)

  public static let spec = MethodSpec(
    "csv", summary: "Tables of text with one example a line.",
    options: [
      .text("train", required: true, "The training table."), .text("test", "The test table."),
      .text("validation", "A table for validation, in place of a share of the training table."),
      OptionSpec("label", .columns, required: true, "The column to be learned, by name or number; a list for several real values."),
      .text("separator", "What stands between fields, or `tab`; found in the first row unless given."),
      OptionSpec("header", .boolean, "Whether the first row holds names; told by its fields unless given."),
      OptionSpec("columns", .columns, "The columns that are features; all others unless given."),
      OptionSpec("leave_out", .columns, "Columns that are not read."),
      OptionSpec("categories", .method([oneHot]), "Columns of words, as `one_hot(\"colour\")`."),
      OptionSpec(
        "missing", .word(CSVOptions.MissingPolicy.allCases.map(\.rawValue)),
        "What becomes of a missing value: an error unless given, the mean of its column, or its row is dropped."),
    ])
  public let options: Options
  private let train: String
  private let validation: String?
  private let test: String?
  /// As the source states them; task, classes and shape are those of the declaration.
  private let layout: CSVOptions

  public init(options: Options) {
    self.options = options
    train = options.text("train") ?? ""
    validation = options.text("validation")
    test = options.text("test")
    var layout = CSVOptions(targets: options.columns("label") ?? [.last])
    layout.separator = options.text("separator").flatMap(Self.separator)
    if let hasNames = options.boolean("header") { layout.headerRow = hasNames ? .present : .absent }
    layout.columns = options.columns("columns")
    layout.leftOut = options.columns("leave_out") ?? []
    layout.categories = options.call("categories").flatMap { Options($0, spec: Self.oneHot).columns("columns") } ?? []
    layout.missing = options.word("missing").flatMap(CSVOptions.MissingPolicy.init) ?? .error
    self.layout = layout
  }

  public static func fault(in options: Options) -> SourceFault? {
    guard options["columns"] == nil || options["leave_out"] == nil else {
      return SourceFault(
        .duplicateOption, "`csv` is given `columns` and `leave_out`", label: "two answers to one question",
        help: "name the columns to take, or those to leave out")
    }
    guard let text = options.text("separator"), separator(text) == nil else { return nil }
    return SourceFault(
      .optionRange,
      "`separator` of `csv` takes one character other than a quote, a sign, a point or a digit, not \(quoted(text))",
      label: "out of range", help: "write `separator: \";\"`, or `separator: \"tab\"`")
  }

  /// The byte a separator stands for; `nil` where it is none.
  private static func separator(_ text: String) -> UInt8? {
    if text == "tab" || text == "\t" { return UInt8(ascii: "\t") }
    guard text.utf8.count == 1, let byte = text.utf8.first, byte >= 0x20, byte < 0x7F else { return nil }
    let taken = Array("\".+-0123456789".utf8)
    return taken.contains(byte) ? nil : byte
  }

  public func readers(_ request: DataRequest, _ seeds: SourceSeeds) throws(DataError) -> SourceReaders {
    var layout = layout
    (layout.task, layout.classes, layout.collectsClasses, layout.shape) =
      (request.task, request.classes, request.collectsClasses, request.shape)
    func reader(_ name: String) -> CSVReader { CSVReader(path: request.path(name), options: layout) }
    return .tables(TableReader(train: reader(train), validation: validation.map(reader), test: test.map(reader)))
  }

  public var places: SourcePlaces { .files(train, validation, test) }
  public var namesValidation: Bool { validation != nil }
  public var fillsWithMeans: Bool { layout.missing == .mean }

  public var text: String {
    let header: String? =
      switch layout.headerRow {
      case .automatic: nil
      case .present: "true"
      case .absent: "false"
      }
    let separator = layout.separator.map { $0 == UInt8(ascii: "\t") ? "\"tab\"" : quoted(String(decoding: [$0], as: UTF8.self)) }
    let arguments: [(name: String, value: String?)] = [
      ("train", quoted(train)), ("validation", validation.map(quoted)), ("test", test.map(quoted)), ("label", list(layout.targets)),
      ("separator", separator), ("header", header), ("columns", layout.columns.map(list)),
      ("leave_out", layout.leftOut.isEmpty ? nil : list(layout.leftOut)),
      ("categories", layout.categories.isEmpty ? nil : "one_hot(\(list(layout.categories)))"),
      ("missing", layout.missing == .error ? nil : layout.missing.rawValue),
    ]
    return "csv(" + arguments.compactMap { name, value in value.map { "\(name): \($0)" } }.joined(separator: ", ") + ")"
  }

  private func list(_ columns: [CSVOptions.Column]) -> String {
    let texts = columns.map { column in
      switch column {
      case .name(let name): quoted(name)
      case .index(let number): String(number)
      case .last: "last"
      }
    }
    return texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
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
