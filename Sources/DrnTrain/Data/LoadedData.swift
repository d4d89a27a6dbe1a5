import DrnData
import DrnProgram

/// What the files of a `data` declaration hold.
struct LoadedData {
  let train: DataSet
  /// Examples for validation in a file of their own.
  let validation: DataSet?
  /// `nil` where the declaration names no test examples.
  let test: DataSet?
  /// The columns of a table.
  let table: TableDescription?
  /// The names of the classes, by number; `nil` where the files give none.
  let classNames: [String]?
  /// What the tokens of an example stand for; `nil` where examples are made of numbers, or nothing says it.
  let vocabulary: TokenVocabulary?

  /// Reads everything.
  init(_ settings: DataSettings, seed: UInt64) throws(DataError) {
    switch try settings.request.readers(SourceSeeds(examples: seed, split: settings.splitSeed)) {
    case .separate(let train, let test):
      (validation, table, vocabulary) = (nil, nil, nil)
      let (trained, tested) = (try train.load(), try test?.load())
      guard settings.collectsClasses, try !train.header().hasExactClasses else {
        (self.train, self.test, classNames) = (trained, tested, nil)
        return
      }
      let classes = CollectedClasses(trained.labels)
      self.train = try classes.numbering(trained, part: "training examples")
      self.test = try tested.map { tested throws(DataError) in try classes.numbering(tested, part: "test examples") }
      classNames = classes.labels.map(String.init)
    case .tables(let tables):
      let loaded = try tables.load()
      (train, validation, test) = (loaded.train, loaded.validation, loaded.test)
      (table, classNames, vocabulary) = (loaded.description, loaded.description.classes, nil)
    case .images(let folder):
      (train, validation, test) = try folder.load()
      (table, classNames, vocabulary) = (nil, try folder.classNames(), nil)
    case .text(let reader):
      let content = try reader.load()
      (train, validation, test) = (content.train, nil, content.test)
      (table, vocabulary) = (nil, content.vocabulary)
      // Byte pairs are many, and the input names them already.
      if case .bytePairs = content.vocabulary { classNames = nil } else { classNames = content.vocabulary.names }
    case .tokens(let reader):
      let content = try reader.load()
      (train, validation, test) = (content.train, nil, content.test)
      (table, classNames, vocabulary) = (nil, nil, content.vocabulary.map { .bytePairs($0) })
    case .lines(let reader):
      let content = try reader.load()
      (train, validation, test) = (content.train, nil, content.test)
      (table, classNames, vocabulary) = (nil, content.classes, .characters(content.vocabulary))
    case .recordings(let reader):
      let content = try reader.load()
      (train, validation, test) = (content.train, nil, content.test)
      (table, classNames, vocabulary) = (nil, content.classes, nil)
    }
  }
}
