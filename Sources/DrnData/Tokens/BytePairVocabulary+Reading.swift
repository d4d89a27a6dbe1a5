import DrnJSON

extension BytePairVocabulary {
  /// Reads a `tokenizer.json`. What there is no equal of here is refused by its name.
  public init(path: String) throws(DataError) {
    let bytes = try DataFile.readAll(path)
    try checkMemory(bytes.count * TokenizerFile.memoryPerByte, path: path)
    let json: JSON
    do { json = try JSON(reading: bytes, surrogates: .refused) } catch {
      let before = bytes.prefix(error.offset)
      let line = before.reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
      let column = before.reversed().prefix { $0 != UInt8(ascii: "\n") }.count + 1
      throw DataError(kind: .corrupt, path: path, message: "is no JSON: \(error.message)", line: line, column: column)
    }
    self = try TokenizerFile(path: path, bytes: bytes).read(json)
  }
}

/// Takes a `tokenizer.json` apart.
private struct TokenizerFile {
  /// What values in memory take of a byte of text, about.
  static let memoryPerByte = 32

  let path: String
  let bytes: [UInt8]

  private func damaged(_ message: String) -> DataError { DataError(kind: .corrupt, path: path, message: message) }

  private func refused(_ message: String, help: String? = nil) -> DataError {
    DataError(kind: .unsupported, path: path, message: message, help: help)
  }

  func read(_ json: JSON) throws(DataError) -> BytePairVocabulary {
    let file = try fields(json, "the file")
    guard let model = file["model"] else { throw damaged("has no `model`; it is no `tokenizer.json`") }
    for (name, value) in file where !Self.parts.contains(name) {
      throw refused("has the part `\(shown(name))`, which is not read: \(kind(value))")
    }
    if let version = file["version"], version.text != "1.0" { throw refused("is of version \(kind(version)), not 1.0") }
    for name in ["normalizer", "truncation", "padding"] {
      if let value = file[name], !value.isNull {
        throw refused("has \(name == "normalizer" ? "the normalizer" : name) \(kind(value)); texts are taken as they are")
      }
    }
    let symbols = try symbols(file["pre_tokenizer"])
    try refuseOthers(file, "post_processor", than: symbols == .characters ? [] : ["ByteLevel"])
    try refuseOthers(file, "decoder", than: symbols == .characters ? ["Fuse"] : ["ByteLevel"])
    let settings = try modelFields(model)
    let tokens = try tokens(settings)
    let added = try added(file["added_tokens"], tokens)
    let names = try names(tokens, added.flatMap { $0 })
    return BytePairVocabulary(
      file: bytes, names: names, modelNumbers: tokens.map { Int32(truncatingIfNeeded: $0.value) }, symbols: symbols,
      merging: try merging(settings["merges"], tokens), unknown: try unknown(settings, tokens),
      added: added.map { $0.map { BytePairVocabulary.AddedToken(text: $0.text, number: Int32(truncatingIfNeeded: $0.number)) } })
  }

  private static let parts: Set<String> = [
    "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model",
  ]

  // MARK: Values

  /// The members of an object, each once.
  private func fields(_ json: JSON, _ what: String) throws(DataError) -> [String: JSON] {
    guard case .object(let members) = json else { throw damaged("\(what) is \(kind(json)), not an object") }
    var fields: [String: JSON] = [:]
    for member in members {
      guard fields.updateValue(member.value, forKey: member.name) == nil else { throw damaged("\(what) has `\(shown(member.name))` twice") }
    }
    return fields
  }

  /// What a value is, for messages: the type that it names, or what it is itself.
  private func kind(_ json: JSON) -> String {
    switch json {
    case .null: "null"
    case .boolean(let flag): "\(flag)"
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .string(let text): "\"\(shown(text))\""
    case .array: "a list"
    case .object: json["type"]?.text.map { "`\(shown($0))`" } ?? "an object"
    }
  }

  private func flag(_ fields: [String: JSON], _ name: String, _ what: String, standard: Bool) throws(DataError) -> Bool {
    guard let value = fields[name] else { return standard }
    guard let flag = value.flag else { throw damaged("`\(name)` of \(what) is \(kind(value)), not true or false") }
    return flag
  }

  // MARK: Parts

  private func symbols(_ json: JSON?) throws(DataError) -> BytePairVocabulary.Symbols {
    guard let json, !json.isNull else { return .characters }
    let what = "the pre-tokenizer"
    let fields = try fields(json, what)
    guard fields["type"] == "ByteLevel" else { throw refused("has \(what) \(kind(json)); `ByteLevel` is read, or none") }
    let known: Set = ["type", "add_prefix_space", "trim_offsets", "use_regex"]
    if let other = fields.keys.filter({ !known.contains($0) }).min() { throw refused("\(what) has the field `\(shown(other))`") }
    guard fields["add_prefix_space"] != nil else { throw damaged("\(what) has no `add_prefix_space`") }
    return .bytes(
      inWords: try flag(fields, "use_regex", what, standard: true), spaceBefore: try flag(fields, "add_prefix_space", what, standard: true))
  }

  private func refuseOthers(_ file: [String: JSON], _ part: String, than known: Set<String>) throws(DataError) {
    guard let json = file[part], !json.isNull else { return }
    guard let type = json["type"]?.text, known.contains(type) else {
      let offered = known.map { "`\($0)`" }.first.map { "; \($0) is read, or none" } ?? "; none is read beside characters"
      throw refused("has the \(part) \(kind(json))\(offered)")
    }
  }

  private func modelFields(_ json: JSON) throws(DataError) -> [String: JSON] {
    let what = "the model"
    let fields = try fields(json, what)
    // The first files have no type.
    if let type = fields["type"], type != "BPE" { throw refused("has a model of the type \(kind(type)); `BPE` is read") }
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
      switch name {
      case "type", "vocab", "merges", "unk_token": continue
      case "fuse_unk": _ = try flag(fields, name, what, standard: false)
      case "byte_fallback", "ignore_merges":
        if try flag(fields, name, what, standard: false) { throw refused("has a model with `\(name)`, which is not read") }
      case "continuing_subword_prefix", "end_of_word_suffix":
        guard value.isNull || value == "" else { throw refused("has a model with `\(name)`, which is not read") }
      case "dropout":
        guard value.isNull || value == 0 || value == .number(0) else {
          throw refused("has a model with `dropout` of \(kind(value)): the tokens of a text are to be the same each time")
        }
      case _: throw refused("has a model with the field `\(shown(name))`, which is not read")
      }
    }
    return fields
  }

  /// A text as a key: texts that only look the same are different tokens.
  private typealias Spelling = [UInt8]

  private func tokens(_ model: [String: JSON]) throws(DataError) -> [Spelling: Int] {
    guard let vocabulary = model["vocab"] else { throw damaged("the model has no `vocab`") }
    guard case .object(let members) = vocabulary else { throw damaged("`vocab` of the model is \(kind(vocabulary)), not an object") }
    guard !members.isEmpty else { throw DataError(kind: .empty, path: path, message: "has no token in its `vocab`") }
    var tokens: [Spelling: Int] = [:]
    for member in members {
      guard case .integer(let number) = member.value else {
        throw damaged("the token \"\(shown(member.name))\" has the number \(kind(member.value))")
      }
      guard tokens.updateValue(number, forKey: Array(member.name.utf8)) == nil else {
        throw damaged("the token \"\(shown(member.name))\" is twice in `vocab`")
      }
    }
    return tokens
  }

  private struct Added {
    let text: Spelling
    let number: Int
  }

  /// Those that are looked for first, and the others.
  private func added(_ json: JSON?, _ tokens: [Spelling: Int]) throws(DataError) -> [[Added]] {
    guard let json, !json.isNull else { return [] }
    guard let items = json.items else { throw damaged("`added_tokens` is \(kind(json)), not a list") }
    var found: [[Added]] = [[], []]
    var seen: Set<Spelling> = []
    for (index, item) in items.enumerated() {
      let what = "the added token \(index), counted from 0,"
      let fields = try fields(item, what)
      guard let content = fields["content"]?.text, !content.isEmpty else { throw damaged("\(what) has no `content`") }
      guard case .integer(let number)? = fields["id"] else { throw damaged("\(what) has no whole number as its `id`") }
      let text = Array(content.utf8)
      guard seen.insert(text).inserted else { throw damaged("\(what) is there before: \"\(shown(content))\"") }
      guard tokens[text] ?? number == number else {
        throw damaged("\(what) has the `id` \(number), and \"\(shown(content))\" has the number \(tokens[text] ?? 0) in `vocab`")
      }
      for name in ["single_word", "lstrip", "rstrip"] {
        if try flag(fields, name, what, standard: false) { throw refused("\(what) has `\(name)`, which is not read") }
      }
      found[try flag(fields, "normalized", what, standard: true) ? 1 : 0].append(Added(text: text, number: number))
    }
    return found
  }

  /// The tokens by number, which go from 0 on without a gap.
  private func names(_ tokens: [Spelling: Int], _ added: [Added]) throws(DataError) -> [String] {
    let more = added.filter { tokens[$0.text] == nil }
    let all = tokens.map { (text: $0.key, number: $0.value) } + more.map { (text: $0.text, number: $0.number) }
    var names = [String?](repeating: nil, count: all.count)
    for (text, number) in all.sorted(by: { $0.number == $1.number ? $0.text.lexicographicallyPrecedes($1.text) : $0.number < $1.number }) {
      let name = String(decoding: text, as: UTF8.self)
      guard names.indices.contains(number) else {
        throw damaged("the token \"\(shown(name))\" has the number \(number); \(all.count) tokens have those from 0 to \(all.count - 1)")
      }
      if let other = names[number] { throw damaged("the tokens \"\(shown(other))\" and \"\(shown(name))\" have the number \(number)") }
      names[number] = name
    }
    return names.compactMap { $0 }
  }

  private func merging(_ json: JSON?, _ tokens: [Spelling: Int]) throws(DataError) -> BytePairMerging {
    guard let json else { throw damaged("the model has no `merges`") }
    guard let items = json.items else { throw damaged("`merges` of the model is \(kind(json)), not a list") }
    var merging = BytePairMerging()
    for (index, item) in items.enumerated() {
      let what = "the merge \(index), counted from 0,"
      let pair: [Spelling]
      switch item {
      case .string(let text): pair = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false).map { Array($0) }
      case .array(let texts): pair = texts.compactMap { $0.text.map { Array($0.utf8) } }
      case .null, .boolean, .integer, .number, .object: throw damaged("\(what) is \(kind(item)), not a pair of tokens")
      }
      guard pair.count == 2, item.items?.count ?? 2 == 2, pair.allSatisfy({ !$0.isEmpty }) else {
        throw damaged("\(what) is not a pair of tokens")
      }
      var numbers: [Int32] = []
      for spelling in pair + [pair[0] + pair[1]] {
        guard let number = tokens[spelling] else {
          throw damaged("\(what) names \"\(shown(String(decoding: spelling, as: UTF8.self)))\", which is not in `vocab`")
        }
        numbers.append(Int32(truncatingIfNeeded: number))
      }
      guard !merging.has(numbers[0], numbers[1]) else { throw damaged("\(what) is there before") }
      merging.append(numbers[0], numbers[1], becoming: numbers[2])
    }
    return merging
  }

  private func unknown(_ model: [String: JSON], _ tokens: [Spelling: Int]) throws(DataError) -> BytePairVocabulary.Unknown? {
    guard let json = model["unk_token"], !json.isNull else { return nil }
    guard let text = json.text else { throw damaged("`unk_token` of the model is \(kind(json)), not a text") }
    guard let number = tokens[Array(text.utf8)] else { throw damaged("`unk_token` \"\(shown(text))\" is not in `vocab`") }
    return BytePairVocabulary.Unknown(
      number: Int32(truncatingIfNeeded: number), isFused: try flag(model, "fuse_unk", "the model", standard: false))
  }
}
