import DrnSyntax

/// What a file and those it imports declare.
struct Declarations {
  var blocks: [String: BlockItem] = [:]
  var networks: [String: NetworkItem] = [:]
  var dataSets: [String: DataItem] = [:]
  /// In the order of the text.
  var blockNames: [String] = []
  var networkNames: [String] = []
  var dataNames: [String] = []
  /// Those of the file that is checked.
  var trainings: [TrainItem] = []
  /// Whether an imported file could not be read, so that a name no file declares may be its.
  var lacksImport = false
}
