import DrnData
import DrnSema

/// What the files of a `data` declaration hold.
struct LoadedData {
  let train: DataSet
  /// `nil` where the declaration names no test examples.
  let test: DataSet?

  /// Reads everything.
  init(_ settings: DataSettings, seed: UInt64) throws(DataError) {
    switch try SourceReaders(settings.request, seed: seed, splitSeed: settings.splitSeed) {
    case .separate(let train, let test):
      self.train = try train.load()
      self.test = try test?.load()
    case .images(let folder): (train, test) = try folder.load()
    }
  }
}
