import DrnData
import DrnTestSupport

extension TemporaryFolder {
  /// A reader of a table with that text.
  func reader(_ text: String, _ options: CSVOptions = CSVOptions(), name: String = "t.csv") throws -> CSVReader {
    CSVReader(path: try write(name, text), options: options)
  }

  /// What is wrong with a table of that text.
  func failure(_ text: String, _ options: CSVOptions = CSVOptions()) throws -> DataError? {
    let reader = try reader(text, options)
    do throws(DataError) {
      _ = try reader.load()
      return nil
    } catch { return error }
  }
}
